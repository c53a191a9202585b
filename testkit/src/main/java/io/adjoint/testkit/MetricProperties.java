package io.adjoint.testkit;

import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The properties of a metric, for a jqwik test class to implement; each shows in the report by its name.
 *
 * <pre>{@code
 * class HitsProperties implements MetricProperties {
 *     public MetricSpec metric() {
 *         return MetricSpec.of("hits", Hits::new).shapes("(n,3),(n)").within(Values.between(0, 1), Values.integers(0, 2));
 *     }
 * }
 * }</pre>
 */
public interface MetricProperties {
    /** The metric to test. */
    MetricSpec metric();

    /**
     * Everything in {@link MetricCheck} that applies, for a catalogue of metrics, with the system property {@code adjoint.tries} (100)
     * cases each.
     *
     * @throws AssertionError that names each check that fails, with the smallest case
     */
    static void check(MetricSpec metric) {
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

    /** {@link MetricCheck#REFERENCE}. */
    @Property
    default void reference(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.REFERENCE, drawn);
    }

    /** {@link MetricCheck#BATCHES}. */
    @Property
    default void batches(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.BATCHES, drawn);
    }

    /** {@link MetricCheck#VALUE}. */
    @Property
    default void value(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.VALUE, drawn);
    }

    /** {@link MetricCheck#RESET}. */
    @Property
    default void reset(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.RESET, drawn);
    }

    /** {@link MetricCheck#UPDATE}. */
    @Property
    default void update(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.UPDATE, drawn);
    }

    /** {@link MetricCheck#FLOATS}. */
    @Property
    default void floats(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.FLOATS, drawn);
    }

    /** {@link MetricCheck#WORKSPACE}. */
    @Property
    default void workspace(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.WORKSPACE, drawn);
    }

    /** {@link MetricCheck#STATE}. */
    @Property
    default void state(@ForAll("metricCases") Case drawn) {
        run(MetricCheck.STATE, drawn);
    }

    private void run(MetricCheck check, Case drawn) {
        MetricSpec metric = metric();
        if (check.appliesTo(metric)) {
            check.check(metric, drawn.copy());
        }
    }

    /** Cases of {@link #metric()}: a prediction and a target. */
    @Provide
    default Arbitrary<Case> metricCases() {
        return metric().cases();
    }
}
