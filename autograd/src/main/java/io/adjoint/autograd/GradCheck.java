package io.adjoint.autograd;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Options;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Compares the gradient that the recorded backward rules give with a gradient that is computed from function values alone.
 *
 * <p>The numeric derivative is the five-point difference {@code (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h}, whose error is of order h⁴
 * (Abramowitz and Stegun, 25.3.6), in FLOAT64: a relative tolerance of 1e-7 is normal. With one width h, a kink within 2h of the inputs
 * would count as a disagreement. So where the difference disagrees, two smaller widths are tried, and only a disagreement with all three
 * counts. Derivatives that still change from width to width are followed to their limit, and to a width of 1e-8. The rounding of the values
 * of f, such as 1e-8 in {@code x² + 1e8}, is measured, and six times that rounding over h is allowed; a function whose rounding exceeds the
 * derivative, as {@code x + 1e16}, cannot be checked, which is an error. Order 2 checks the gradient of the gradient, as the gradient of
 * the function that maps the inputs and the upstream gradient to the first gradient, and so on.
 *
 * <p>The check uses the given inputs: one shape, one layout and one direction. A fault in one element among thousands may remain unnoticed
 * ({@link #fullJacobian} takes the elements one by one). All inputs require a gradient, and all are different tensors. If the gradients
 * agree with differences, the gradients of a recorded pass are compared with the gradients of a plain pass, and the function runs again.
 * The value must be the same without recording. The gradients must be the same again, also where the gradients of two runs are added, or
 * where the gradient of one of up to eight inputs is computed alone. Inputs and upstream gradient must be unchanged. The test kit finds
 * more faults: it draws shapes, layouts and numbers.
 *
 * <pre>{@code GradCheck.check(2, x -> x[0].mul(x[1]).tanh(), a, b);}</pre>
 *
 * <p>Immutable: each setting returns a changed copy.
 */
@CheckReturnValue
public final class GradCheck extends Options<GradCheck> {
    /**
     * The highest order that can be checked. Each order takes up to five times as long as the order below, 0.1 s for order 6 and 2 s for
     * order 10. Each order also has ten times the tolerance of the order below, so order 8 would find no mistakes.
     */
    public static final int MAX_ORDER = 6;

    private int order = 1;
    private double rtol = 1e-7;
    private double atol = 1e-9;
    private boolean everyEntry;
    private RandomGenerator random = new Generator(0);
    private Optional<Function<Tensor[], Tensor>> surrogate = Optional.empty();

    /** Order 1, rtol 1e-7, atol 1e-9, along one random direction drawn from a fixed seed. */
    public GradCheck() {}

    /**
     * Checks all orders up to {@code highest}.
     *
     * @throws IllegalArgumentException unless the order is 1 to {@value #MAX_ORDER}
     */
    public GradCheck order(int highest) {
        if (highest < 1 || highest > MAX_ORDER) {
            throw new IllegalArgumentException("GradCheck: the order must be 1 to " + MAX_ORDER + ", got " + highest);
        }
        return with(copy -> copy.order = highest);
    }

    /**
     * The tolerance relative to the sum of the absolute terms of the derivative; 10 times as much at each further order.
     *
     * @throws IllegalArgumentException if it is negative or NaN
     */
    public GradCheck rtol(double rtol) {
        requireTolerance("rtol", rtol);
        return with(copy -> copy.rtol = rtol);
    }

    /**
     * The absolute tolerance.
     *
     * @throws IllegalArgumentException if it is negative or NaN
     */
    public GradCheck atol(double atol) {
        requireTolerance("atol", atol);
        return with(copy -> copy.atol = atol);
    }

    private static void requireTolerance(String name, double tolerance) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("GradCheck: " + name + " must be a number from 0 on, got " + tolerance);
        }
    }

    /** Checks each entry of the Jacobian, by one backward pass for each output element and four function values for each input element. */
    public GradCheck fullJacobian() {
        return with(copy -> copy.everyEntry = true);
    }

    /** The generator that the direction and the upstream gradient are drawn from. */
    public GradCheck random(RandomGenerator generator) {
        return with(copy -> copy.random = generator);
    }

    /**
     * Compares the backward rules with the derivatives of another function: for an operation whose gradient is meant to be the gradient of
     * a surrogate. A straight-through rounding has the gradient of the identity, {@code surrogate(x -> x[0])}; a gradient reversal has the
     * gradient of {@code surrogate(x -> x[0].mul(-lambda))}. Order 2 needs right second derivatives of the surrogate, and so on.
     *
     * @param other takes the inputs, and has a value of the same shape as the function
     */
    public GradCheck surrogate(Function<Tensor[], Tensor> other) {
        return with(copy -> copy.surrogate = Optional.of(other));
    }

    /**
     * Checks the gradients of a function up to an order.
     *
     * @throws AssertionError with the {@link Report} if the gradients disagree
     * @throws IllegalArgumentException if the gradients cannot be checked, see {@link #report}
     */
    public static void check(int order, Function<Tensor[], Tensor> function, Tensor... inputs) {
        new GradCheck().order(order).report(function, inputs).assertOk();
    }

    /**
     * The result of the check, without an exception when gradients disagree. Where they agree, the function runs again.
     *
     * @param inputs FLOAT64; each is differentiated
     * @throws AssertionError if a second run, an unrecorded run or a recorded backward pass gives another result, or if the function
     *     changes an input or the upstream gradient
     * @throws DTypeException if an input is not FLOAT64, in which differences are not exact enough
     * @throws IllegalArgumentException if there is no input, if the surrogate's value has another shape, or if the function's values
     *     are so large that their rounding hides the derivative
     */
    public Report report(Function<Tensor[], Tensor> function, Tensor... inputs) {
        if (inputs.length == 0) {
            throw new IllegalArgumentException(
                    "GradCheck: expected at least one input to differentiate with respect to");
        }
        Tensor[] leaves = new Tensor[inputs.length];
        for (int k = 0; k < inputs.length; k++) {
            if (inputs[k].dtype() != DType.FLOAT64) {
                throw new DTypeException("GradCheck: input " + k + " is " + inputs[k].dtype()
                        + "; differences need FLOAT64: "
                        + (inputs[k].dtype().isFloating()
                                ? "convert with to(FLOAT64)"
                                : "let the function capture what is not differentiated"));
            }
            leaves[k] = inputs[k].detach().requiresGrad(true);
        }
        requireShapeOf(function, leaves);
        Level first = new Level(function, surrogate.orElse(function), leaves, leaves.length, 1);
        Report report = report(first);
        if (report.ok()) {
            RepeatedRuns.requireSame(
                    function, leaves, normal(function.apply(leaves).shape()));
        }
        return report;
    }

    private void requireShapeOf(Function<Tensor[], Tensor> function, Tensor... leaves) {
        surrogate.ifPresent(other -> {
            Shape shape = other.apply(leaves).shape();
            Shape expected = function.apply(leaves).shape();
            if (!shape.equals(expected)) {
                throw new IllegalArgumentException("GradCheck: the surrogate's value has shape " + shape
                        + ", but the function's " + expected + "; both must be equal");
            }
        });
    }

    /**
     * A function whose gradient is compared.
     *
     * @param rules the function that is differentiated by its backward rules
     * @param values the function that is differentiated by differences; the same function as {@code rules} unless there is a surrogate
     * @param leaves the inputs, then the upstream gradients of the lower orders
     * @param inputs the number of inputs
     * @param order the order of the gradients that are compared
     */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of levels
    record Level(
            Function<Tensor[], Tensor> rules,
            Function<Tensor[], Tensor> values,
            Tensor[] leaves,
            int inputs,
            int order) {
        Level withLeaves(Tensor... others) {
            return new Level(rules, values, others, inputs, order);
        }

        Level next(Tensor upstream) {
            Tensor[] extended = Arrays.copyOf(leaves, leaves.length + 1);
            extended[leaves.length] = upstream.requiresGrad(true);
            return new Level(gradientOf(rules), gradientOf(values), extended, inputs, order + 1);
        }

        Differences along(Tensor[] direction, Tensor upstream) {
            return new Differences(values, leaves, direction, upstream);
        }
    }

    private Report report(Level level) {
        Tensor output = level.rules().apply(level.leaves());
        Tensor upstream = normal(output.shape());
        Tensor[] exact = gradients(output, upstream, GraphMode.FREE, level.leaves());
        Report report = everyEntry ? jacobian(level, output.shape()) : direction(level, output, upstream, exact);
        if (!report.ok()) {
            return report;
        }
        requireSameRecorded(level, upstream, exact);
        return level.order() == order ? report : report(level.next(upstream));
    }

    /**
     * Compares the gradients of a recorded pass, which the next order differentiates, with the gradients of a pass without recording, since
     * a backward rule may have a separate form for each kind of pass.
     */
    private void requireSameRecorded(Level level, Tensor upstream, Tensor... plain) {
        Tensor[] leaves = level.leaves();
        Tensor[] recorded = gradients(level.rules().apply(leaves), upstream, GraphMode.CREATE, leaves);
        for (int k = 0; k < leaves.length; k++) {
            double[] expected = plain[k].detach().data().toDoubleArray();
            double[] actual = recorded[k].detach().data().toDoubleArray();
            double allowed =
                    allowed(Arrays.stream(expected).map(Math::abs).max().orElse(0), level.order());
            for (int e = 0; e < expected.length; e++) {
                if (Double.compare(actual[e], expected[e]) != 0 && !(Math.abs(actual[e] - expected[e]) <= allowed)) {
                    throw new AssertionError("GradCheck: the gradient of order " + level.order() + " "
                            + Partials.entry(level, k, e) + " is " + actual[e] + " in a recorded pass, but "
                            + expected[e]
                            + " in a plain one; a backward rule that asks isRecording must compute the same"
                            + " in both cases");
                }
            }
        }
    }

    /** The function that maps inputs and the upstream gradient to the gradients of the inputs, concatenated to one vector. */
    private static Function<Tensor[], Tensor> gradientOf(Function<Tensor[], Tensor> function) {
        return inputs -> Autograd.enableGrad(() -> {
            Tensor[] own = Arrays.copyOf(inputs, inputs.length - 1);
            // A caller that wants only values, as finite differences do, passes constants, so fresh leaves replace the
            // constants.
            for (int k = 0; k < own.length; k++) {
                own[k] = own[k].requiresGrad() ? own[k] : own[k].requiresGrad(true);
            }
            Tensor[] gradients = gradients(function.apply(own), inputs[inputs.length - 1], GraphMode.CREATE, own);
            for (int k = 0; k < gradients.length; k++) {
                gradients[k] = gradients[k].reshape(-1);
            }
            return Tensor.concat(0, gradients);
        });
    }

    /** The gradients of the inputs; zeros for an input that the output does not depend on. */
    static Tensor[] gradients(Tensor output, Tensor upstream, GraphMode graph, Tensor... inputs) {
        Tensor[] gradients = new Tensor[inputs.length];
        Optional<Gradients> found = output.requiresGrad()
                ? Optional.of(Autograd.gradients(List.of(output), List.of(upstream), List.of(inputs), graph))
                : Optional.empty();
        Arrays.setAll(
                gradients, k -> found.flatMap(all -> all.find(inputs[k])).orElseGet(() -> Tensor.zerosLike(inputs[k])));
        return gradients;
    }

    private Report direction(Level level, Tensor output, Tensor upstream, Tensor... exact) {
        Tensor[] leaves = level.leaves();
        Tensor[] direction = new Tensor[leaves.length];
        double derivative = 0;
        double scale = 0;
        for (int k = 0; k < leaves.length; k++) {
            direction[k] = normal(leaves[k].shape());
            double[] terms = exact[k].detach().mul(direction[k]).data().toDoubleArray();
            for (double term : terms) {
                derivative += term;
                scale += Math.abs(term);
            }
        }
        Differences.requireVisible(output, upstream, scale);
        Differences along = level.along(direction, upstream);
        Differences.Estimate numeric = along.compareWith(derivative, scale, allowed(scale, level.order()));
        if (numeric.agrees()) {
            return new Report(level.order(), true, derivative, numeric.derivative(), "along a random direction", "");
        }
        Report worst = worst(level, exact, upstream).along(direction);
        return worst.ok()
                ? new Report(
                        level.order(),
                        false,
                        derivative,
                        numeric.derivative(),
                        "along a random direction, of the outputs' sum with random weights,",
                        along.cause(derivative, numeric.derivative(), derivative))
                : worst;
    }

    private Report jacobian(Level level, Shape outputs) {
        for (int row = 0; row < outputs.size(); row++) {
            Tensor upstream = Partials.unit(outputs, row);
            Tensor values = level.rules().apply(level.leaves());
            Tensor[] exact = gradients(values, upstream, GraphMode.FREE, level.leaves());
            Differences.requireVisible(values, upstream, magnitude(exact));
            Report worst = worst(level, exact, upstream).ofAll();
            if (!worst.ok()) {
                return worst;
            }
        }
        return new Report(level.order(), true, 0, 0, "at every entry", "");
    }

    private static double magnitude(Tensor... tensors) {
        double sum = 0;
        for (Tensor tensor : tensors) {
            sum += tensor.detach().abs().sum().item();
        }
        return sum;
    }

    private WorstEntry worst(Level level, Tensor[] exact, Tensor upstream) {
        return new WorstEntry(level, exact, upstream, scale -> allowed(scale, level.order()));
    }

    private double allowed(double scale, int current) {
        return atol + rtol * StrictMath.pow(10, current - 1) * scale;
    }

    private Tensor normal(Shape shape) {
        double[] values = new double[shape.size()];
        Arrays.setAll(values, e -> Distributions.normal(random));
        return Tensor.of(NdArray.of(shape, values));
    }

    /**
     * The result of a check.
     *
     * <p>Where one entry disagrees, {@code exact} and {@code numeric} are a partial derivative of one element of the output, which can be
     * computed by hand; for order 2, a partial derivative of a first partial derivative. If no single partial derivative disagrees, because
     * the backward rule depends on the upstream gradient, both numbers are derivatives of a weighted sum of output elements, and {@code
     * where} lists the weights.
     *
     * @param order the order of the gradient that disagreed, or the highest checked
     * @param ok whether everything agreed
     * @param exact the derivative by the backward rules
     * @param numeric the derivative by differences
     * @param where which derivative it is: of the worst entry if one entry alone disagrees
     * @param cause the likely cause and the way out, as far as the numbers show them; else empty
     */
    public record Report(int order, boolean ok, double exact, double numeric, String where, String cause) {
        /** Throws an {@link AssertionError} with this report if something disagreed. */
        public void assertOk() {
            if (!ok) {
                throw new AssertionError(this);
            }
        }

        /** One line: order, position, both numbers, their difference, and the cause if it is known. */
        @Override
        public String toString() {
            return ok
                    ? "gradients agree up to order " + order
                    : "gradient of order " + order + " " + where + " is " + exact + " by the backward rules, but "
                            + numeric + " by differences"
                            + (Double.isNaN(exact - numeric) ? "" : " (off by " + (exact - numeric) + ")")
                            + (cause.isEmpty() ? "" : "; " + cause);
        }
    }
}
