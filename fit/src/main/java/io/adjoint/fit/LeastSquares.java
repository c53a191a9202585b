package io.adjoint.fit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Trees;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parameters p that minimise {@code ½·Σ ρ(wᵢ·rᵢ(p)²)}: w are weights, 1 unless given; ρ is a {@linkplain RobustLoss loss}, the
 * identity unless given.
 *
 * <p>The parameters are a tree of FLOAT64 tensors, as {@link Trees} describes it, such as a record. The residuals are a tensor of any
 * shape, with at least as many elements as the parameters have. The Jacobian is exact. The method is Levenberg's and Marquardt's with a
 * trust region; a minimum is a local one, so the start matters.
 *
 * <pre>{@code
 * record Decay(Tensor amplitude, Tensor rate) {}
 *
 * Fit<Decay> fit = LeastSquares.of((Decay p) -> p.amplitude().mul(t.mul(p.rate()).neg().exp()).sub(y))
 *         .loss(RobustLoss.SOFT_L1, 0.1)
 *         .bounds(new Decay(Tensor.scalar(0), Tensor.scalar(0)), new Decay(Tensor.scalar(10), Tensor.scalar(5)))
 *         .from(new Decay(Tensor.scalar(1), Tensor.scalar(1)));
 * }</pre>
 *
 * <p>A setting returns a changed copy. Objects are immutable and can be used by several threads, if the function can.
 */
@CheckReturnValue
public final class LeastSquares<P> {
    private static final String OP = "LeastSquares";

    private final Function<? super P, Tensor> residuals;
    private final @Nullable Tensor weights;
    private final RobustLoss loss;
    private final double scale;
    private final Box.@Nullable Bounds<P> bounds;
    private final JacobianMode mode;
    private final double tolerance;
    private final int maxEvaluations;
    private final Consumer<? super Iterate<P>> progress;

    private LeastSquares(
            Function<? super P, Tensor> residuals,
            @Nullable Tensor weights,
            RobustLoss loss,
            double scale,
            Box.@Nullable Bounds<P> bounds,
            JacobianMode mode,
            double tolerance,
            int maxEvaluations,
            Consumer<? super Iterate<P>> progress) {
        this.residuals = Objects.requireNonNull(residuals, "residuals");
        this.weights = weights;
        this.loss = Objects.requireNonNull(loss, "loss");
        this.scale = scale;
        this.bounds = bounds;
        this.mode = Objects.requireNonNull(mode, "mode");
        this.tolerance = tolerance;
        this.maxEvaluations = maxEvaluations;
        this.progress = Objects.requireNonNull(progress, "progress");
    }

    /** Least squares of a function of the parameters, such as a model's values less the data. */
    public static <P> LeastSquares<P> of(Function<? super P, Tensor> residuals) {
        return new LeastSquares<>(
                residuals, null, RobustLoss.LINEAR, 1, null, JacobianMode.AUTO, 1e-14, 2000, iterate -> {});
    }

    /** Weights of the residuals, to whose shape they broadcast: 1/σ² of a residual with the standard deviation σ, 0 to leave it out. */
    public LeastSquares<P> weights(Tensor weights) {
        Objects.requireNonNull(weights, "weights");
        return new LeastSquares<>(residuals, weights, loss, scale, bounds, mode, tolerance, maxEvaluations, progress);
    }

    /**
     * The cost {@code ½·Σ s²·ρ(wᵢ·rᵢ²/s²)} in place of {@code ½·Σ wᵢ·rᵢ²}.
     *
     * @param scale s: the size above which a residual, times the root of its weight, counts as an outlier
     */
    public LeastSquares<P> loss(RobustLoss loss, double scale) {
        if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    OP + ": the loss has the scale " + scale + "; it must be positive and finite");
        }
        return new LeastSquares<>(residuals, weights, loss, scale, bounds, mode, tolerance, maxEvaluations, progress);
    }

    /**
     * Bounds of the parameters, ends included: trees of the parameters' structure, whose tensors broadcast to the parameters; infinite
     * elements are no bounds.
     */
    public LeastSquares<P> bounds(P lower, P upper) {
        return new LeastSquares<>(
                residuals,
                weights,
                loss,
                scale,
                new Box.Bounds<>(lower, upper),
                mode,
                tolerance,
                maxEvaluations,
                progress);
    }

    /** The passes by which the Jacobian is computed: {@link JacobianMode#AUTO} unless set. */
    public LeastSquares<P> jacobian(JacobianMode mode) {
        return new LeastSquares<>(residuals, weights, loss, scale, bounds, mode, tolerance, maxEvaluations, progress);
    }

    /**
     * The tolerance of convergence, 1e-14 unless set: relative for the cost and for the parameters, absolute for the largest cosine of the
     * angle between the residuals and a column of the Jacobian. The first that is met ends the fit; SciPy has 1e-8 for all three.
     */
    public LeastSquares<P> tolerance(double tolerance) {
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new IllegalArgumentException(OP + ": the tolerance is " + tolerance + "; it must be in (0, 1)");
        }
        return new LeastSquares<>(residuals, weights, loss, scale, bounds, mode, tolerance, maxEvaluations, progress);
    }

    /** The largest number of evaluations of the residuals, 2,000 unless set. */
    public LeastSquares<P> maxEvaluations(int evaluations) {
        if (evaluations < 1) {
            throw new IllegalArgumentException(OP + ": maxEvaluations is " + evaluations + "; it must be positive");
        }
        return new LeastSquares<>(residuals, weights, loss, scale, bounds, mode, tolerance, evaluations, progress);
    }

    /** A function that is told of the start and of each iteration; an exception that it throws ends the fit. */
    public LeastSquares<P> progress(Consumer<? super Iterate<P>> progress) {
        return new LeastSquares<>(residuals, weights, loss, scale, bounds, mode, tolerance, maxEvaluations, progress);
    }

    /**
     * Fits from a start.
     *
     * @throws IllegalArgumentException if the start is not finite or outside the bounds; if there are fewer residuals than parameter
     *     elements; if a residual or a derivative is not finite at the start, or no residual depends on a parameter; if weights or bounds
     *     don't match. The message names the parameter.
     */
    public Fit<P> from(P start) {
        ParameterVector<P> parameters = new ParameterVector<>(OP, Objects.requireNonNull(start, "start"));
        Box box = Box.of(OP, parameters, bounds);
        Residuals<P> problem = new Residuals<>(OP, residuals, parameters, mode, loss, scale, weights);
        LevenbergMarquardt<P> method =
                new LevenbergMarquardt<>(problem, parameters, box, tolerance, maxEvaluations, progress);
        checkDerivatives(parameters, problem, method);
        Ending ending = method.run();
        List<String> notes = box.notes(parameters, method.point(), method.held());
        if (ending == Ending.NOT_FINITE) {
            notes.add(derivative(parameters, problem, method));
        }
        double[] x = method.point();
        return new Fit<>(
                parameters,
                x,
                method.cost(),
                Autograd.noGrad(() -> residuals.apply(parameters.tree(x))).detach(),
                problem.counted(),
                ending,
                method.evaluations(),
                method.history(),
                new Covariance(method.linear().jacobian(), method.linear().residuals().length, method.held()),
                notes);
    }

    private static void checkDerivatives(
            ParameterVector<?> parameters, Residuals<?> problem, LevenbergMarquardt<?> method) {
        if (method.notFinite().length > 0) {
            throw new IllegalArgumentException(OP + ": " + derivative(parameters, problem, method) + " at the start, "
                    + parameters.describe(parameters.values()) + "; start elsewhere");
        }
        double[] jacobian = method.linear().jacobian();
        if (Arrays.stream(jacobian).allMatch(element -> element == 0)) {
            throw new IllegalArgumentException(OP + ": no residual depends on a parameter at the start, "
                    + parameters.describe(parameters.values())
                    + "; compute the residuals from the tensors that the function is given, or start elsewhere");
        }
    }

    private static String derivative(
            ParameterVector<?> parameters, Residuals<?> problem, LevenbergMarquardt<?> method) {
        int[] at = method.notFinite();
        return "the derivative of residual " + Arrays.toString(problem.shape().unravelIndex(at[0]))
                + " with respect to "
                + parameters.name(at[1]) + " is "
                + method.linear().jacobian()[at[0] * parameters.size() + at[1]];
    }
}
