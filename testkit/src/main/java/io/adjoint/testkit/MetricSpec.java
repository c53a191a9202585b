package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.metric.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;

/**
 * A metric as it is to be tested: how to create it, the shapes and elements of predictions and targets, and its expected figure.
 * {@link #check()} tests it.
 *
 * <pre>{@code
 * MetricSpec.of("hits", Hits::new)
 *         .shapes("(n,3),(n)")
 *         .within(Values.between(0, 1).distinct(), Values.integers(0, 2))
 *         .reference((prediction, target) -> …)
 * }</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 *
 * @param name the name in messages
 * @param factory creates the metric
 * @param shapes of prediction and target, whose first axes are the batch, as in {@link Shapes#fitting(String)}
 * @param values the elements of prediction and target
 * @param reference the expected figure
 * @param rtol the tolerance between figures, relative to each or to 1
 * @param floatRtol the tolerance of FLOAT32 predictions against FLOAT64, relative to the figure or to 1
 * @param except the checks to leave out
 */
@CheckReturnValue
public record MetricSpec(
        String name,
        Supplier<? extends Metric> factory,
        String shapes,
        List<Values> values,
        Optional<MetricReference> reference,
        double rtol,
        double floatRtol,
        Set<MetricCheck> except) {
    private static final int MOST = 8;

    /** Copies the arguments. */
    public MetricSpec {
        values = List.copyOf(values);
        except = Set.copyOf(except);
    }

    /** A metric of numbers from −2 to 2, predictions and targets of equal shape. */
    public static MetricSpec of(String name, Supplier<? extends Metric> factory) {
        return new MetricSpec(
                name,
                factory,
                "(n,d?),(n,d?)",
                List.of(Values.between(-2, 2)),
                Optional.empty(),
                1e-12,
                1e-5,
                Set.of());
    }

    /** The spec with predictions and targets of these shapes, whose first axes are the batch: {@code (n,3),(n)}. */
    public MetricSpec shapes(String fitting) {
        return new MetricSpec(name, factory, fitting, values, reference, rtol, floatRtol, except);
    }

    /** The spec with these elements, the same for prediction and target, or for each its own. */
    public MetricSpec within(Values... allowed) {
        return new MetricSpec(name, factory, shapes, List.of(allowed), reference, rtol, floatRtol, except);
    }

    /** The spec with this figure. */
    public MetricSpec reference(MetricReference expected) {
        return new MetricSpec(name, factory, shapes, values, Optional.of(expected), rtol, floatRtol, except);
    }

    /** The tolerance between figures, relative to each or to 1, instead of 1e-12. */
    public MetricSpec rtol(double rtol) {
        return new MetricSpec(name, factory, shapes, values, reference, rtol, floatRtol, except);
    }

    /** The tolerance of FLOAT32 predictions against FLOAT64, relative to the figure or to 1, instead of 1e-5. */
    public MetricSpec floatRtol(double floatRtol) {
        return new MetricSpec(name, factory, shapes, values, reference, rtol, floatRtol, except);
    }

    /** Checks to leave out, for a metric that is different on purpose: {@link MetricCheck#BATCHES} for an average over batches. */
    public MetricSpec except(MetricCheck... checks) {
        return new MetricSpec(
                name, factory, shapes, values, reference, rtol, floatRtol, LayerSpec.union(except, checks));
    }

    /** Draws predictions and targets of one to eight samples. */
    Arbitrary<Case> cases() {
        return Operation.of(name, inputs -> inputs[0])
                .shapes(shapes)
                .within(values.toArray(new Values[0]))
                .dims(1, MOST)
                .cases();
    }

    /**
     * Runs everything in {@link MetricCheck} that applies, with the system property {@code adjoint.tries} (100) cases each.
     *
     * @throws AssertionError that names each check that fails, with the smallest case
     */
    public void check() {
        Failures.throwAll(
                name,
                Arrays.stream(MetricCheck.values())
                        .filter(check -> check.appliesTo(this))
                        .<Runnable>map(check -> () -> Search.run(
                                name + ": " + check,
                                cases(),
                                Search.defaultTries(),
                                name.hashCode(),
                                drawn -> check.check(this, drawn)))
                        .toList());
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
