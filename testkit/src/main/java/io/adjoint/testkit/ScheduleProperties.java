package io.adjoint.testkit;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The properties of a schedule, for a jqwik test class to implement; each shows in the report by its name.
 *
 * <pre>{@code
 * class HalvingProperties implements ScheduleProperties {
 *     public ScheduleSpec schedule() {
 *         return ScheduleSpec.of("halving", () -> step -> 0.1 * Math.pow(0.5, step / 100)).at(250, 0.025);
 *     }
 * }
 * }</pre>
 */
public interface ScheduleProperties {
    /** The schedule to test. */
    ScheduleSpec schedule();

    /**
     * Everything in {@link ScheduleCheck} that applies, for a catalogue of schedules.
     *
     * @throws AssertionError that names each check that fails, with a seed that fails it
     */
    static void check(ScheduleSpec schedule) {
        Failures.throwAll(
                schedule.name(),
                Arrays.stream(ScheduleCheck.values())
                        .filter(check -> check.appliesTo(schedule))
                        .<Runnable>map(check ->
                                () -> Seeds.run(schedule.name() + ": " + check, seed -> check.check(schedule, seed)))
                        .toList());
    }

    /** {@link ScheduleCheck#VALUES}. */
    @Property(tries = Seeds.TRIES)
    default void values(@ForAll long seed) {
        run(ScheduleCheck.VALUES, seed);
    }

    /** {@link ScheduleCheck#BOUNDS}. */
    @Property(tries = Seeds.TRIES)
    default void bounds(@ForAll long seed) {
        run(ScheduleCheck.BOUNDS, seed);
    }

    /** {@link ScheduleCheck#PURE}. */
    @Property(tries = Seeds.TRIES)
    default void pure(@ForAll long seed) {
        run(ScheduleCheck.PURE, seed);
    }

    private void run(ScheduleCheck check, long seed) {
        ScheduleSpec schedule = schedule();
        if (check.appliesTo(schedule)) {
            check.check(schedule, seed);
        }
    }
}
