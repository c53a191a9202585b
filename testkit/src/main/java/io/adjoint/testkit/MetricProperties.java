package io.adjoint.testkit;

import java.util.Arrays;

/**
 * Tests metrics by the checks of {@link MetricCheck}.
 *
 * <pre>{@code
 * @Test
 * void hits() {
 *     MetricProperties.check(MetricSpec.of("hits", Hits::new)
 *             .shapes("(n,3),(n)").within(Values.between(0, 1), Values.integers(0, 2)));
 * }
 * }</pre>
 */
public final class MetricProperties {
    private MetricProperties() {}

    /**
     * Runs everything in {@link MetricCheck} that applies, with the system property {@code adjoint.tries} (100)
     * cases each.
     *
     * @throws AssertionError that names each check that fails, with the smallest case
     */
    public static void check(MetricSpec metric) {
        Failures.throwAll(
                metric.name(),
                Arrays.stream(MetricCheck.values())
                        .filter(check -> check.appliesTo(metric))
                        .<Runnable>map(check -> () -> Search.run(
                                metric.name() + ": " + check,
                                metric.cases(),
                                Search.defaultTries(),
                                metric.name().hashCode(),
                                drawn -> check.check(metric, drawn)))
                        .toList());
    }
}
