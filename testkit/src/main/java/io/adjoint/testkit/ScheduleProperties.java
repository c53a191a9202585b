package io.adjoint.testkit;

import java.util.Arrays;

/**
 * Tests schedules by the checks of {@link ScheduleCheck}.
 *
 * <pre>{@code
 * @Test
 * void halving() {
 *     ScheduleProperties.check(ScheduleSpec.of("halving", () -> step -> 0.1 * Math.pow(0.5, step / 100)).at(250, 0.025));
 * }
 * }</pre>
 */
public final class ScheduleProperties {
    private ScheduleProperties() {}

    /**
     * Runs everything in {@link ScheduleCheck} that applies.
     *
     * @throws AssertionError that names each check that fails, with a seed that fails it
     */
    public static void check(ScheduleSpec schedule) {
        Failures.throwAll(
                schedule.name(),
                Arrays.stream(ScheduleCheck.values())
                        .filter(check -> check.appliesTo(schedule))
                        .<Runnable>map(check ->
                                () -> Seeds.run(schedule.name() + ": " + check, seed -> check.check(schedule, seed)))
                        .toList());
    }
}
