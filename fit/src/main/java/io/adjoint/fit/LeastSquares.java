package io.adjoint.fit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.Options;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parameters p that minimise {@code ½·Σ s²·ρ(wᵢ·rᵢ(p)²/s²)}: w are weights, 1 unless given; ρ is a {@linkplain RobustLoss loss}
 * with the scale s, the identity unless given.
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
public final class LeastSquares<P> extends Options<LeastSquares<P>> {
    private static final String OP = "LeastSquares";

    final Function<? super P, Tensor> residuals;

    @Nullable
    Tensor weights;

    RobustLoss loss = RobustLoss.LINEAR;
    double scale = 1;
    JacobianMode mode = JacobianMode.AUTO;
    double tolerance = 1e-14;
    int maxEvaluations = 2000;
    Consumer<? super Iterate<P>> progress = iterate -> {};
    private Box.@Nullable Bounds<P> bounds;

    private LeastSquares(Function<? super P, Tensor> residuals) {
        this.residuals = Callbacks.given(OP, "the function", residuals);
    }

    /** Least squares of a function of the parameters, such as a model's values less the data. */
    public static <P> LeastSquares<P> of(Function<? super P, Tensor> residuals) {
        return new LeastSquares<>(residuals);
    }

    /**
     * Weights of the residuals, to whose shape they broadcast: 1/σ² of a residual with the standard deviation σ, 0 to leave it out, even if
     * it is NaN.
     */
    public LeastSquares<P> weights(Tensor weights) {
        Callbacks.given(OP, "the weights", weights);
        return with(copy -> copy.weights = weights);
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
        Callbacks.given(OP, "the loss", loss);
        return with(copy -> {
            copy.loss = loss;
            copy.scale = scale;
        });
    }

    /**
     * Bounds of the parameters, ends included: trees of the parameters' structure, whose tensors broadcast to the parameters. Give an
     * infinite element where there is no bound; equal bounds fix a parameter.
     */
    public LeastSquares<P> bounds(P lower, P upper) {
        Box.Bounds<P> given = new Box.Bounds<>(lower, upper);
        return with(copy -> copy.bounds = given);
    }

    /**
     * The passes by which the Jacobian is computed: {@link JacobianMode#AUTO} unless set. With more residuals than parameters AUTO computes
     * columns, for which all operations must be differentiable twice; {@link JacobianMode#ROWS} needs first derivatives only.
     */
    public LeastSquares<P> jacobian(JacobianMode mode) {
        Callbacks.given(OP, "the mode", mode);
        return with(copy -> copy.mode = mode);
    }

    /**
     * The tolerance of convergence, 1e-14 unless set: relative for the cost and for the parameters, absolute for the largest cosine of the
     * angle between the residuals and a column of the Jacobian. The first that is met ends the fit; SciPy has 1e-8 for all three.
     */
    public LeastSquares<P> tolerance(double tolerance) {
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new IllegalArgumentException(OP + ": the tolerance is " + tolerance + "; it must be in (0, 1)");
        }
        return with(copy -> copy.tolerance = tolerance);
    }

    /** The largest number of evaluations of the residuals at the start and at trials, 2,000 unless set; a Jacobian has others. */
    public LeastSquares<P> maxEvaluations(int evaluations) {
        if (evaluations < 1) {
            throw new IllegalArgumentException(OP + ": maxEvaluations is " + evaluations + "; it must be positive");
        }
        return with(copy -> copy.maxEvaluations = evaluations);
    }

    /** A function that is told of the start and of each iteration; an exception that it throws ends the fit. */
    public LeastSquares<P> progress(Consumer<? super Iterate<P>> progress) {
        Callbacks.given(OP, "the progress", progress);
        return with(copy -> copy.progress = progress);
    }

    /**
     * Fits from a start. A step to parameters for which the function returns NaN or throws an {@link IllegalArgumentException}, not one
     * of a subclass, or a {@link io.adjoint.autograd.equations.SolverException} is tried shorter.
     *
     * @throws IllegalArgumentException if the start is not finite or outside the bounds; if there are fewer residuals than parameter
     *     elements; if a residual or a derivative is not finite at the start, or no residual depends on a parameter; if weights or bounds
     *     don't match. The message names the parameter.
     */
    public Fit<P> from(P start) {
        ParameterVector<P> parameters = new ParameterVector<>(OP, Callbacks.given(OP, "the start", start));
        Box box = Box.of(OP, parameters, bounds);
        Residuals<P> problem = new Residuals<>(OP, this, parameters, box.fixed());
        LevenbergMarquardt<P> method = new LevenbergMarquardt<>(this, problem, parameters, box);
        checkDerivatives(parameters, problem, method);
        Ending ending = method.run();
        List<String> notes = box.notes(parameters, method.x, method.held);
        if (ending == Ending.NOT_FINITE) {
            notes.add(derivative(parameters, problem, method));
        }
        if (ending == Ending.STUCK && method.values.shape().size() == 1) {
            notes.add("there is one residual: " + Residuals.RETURN_RESIDUALS);
        }
        double[] jacobian = problem.jacobianOfErrors(method.values, method.linear);
        Covariance covariance = new Covariance(jacobian, method.values.shape().size(), method.held);
        return new Fit<>(parameters, method, ending, problem.counted(), covariance, notes);
    }

    private static void checkDerivatives(
            ParameterVector<?> parameters, Residuals<?> problem, LevenbergMarquardt<?> method) {
        if (method.notFinite().length > 0) {
            throw new IllegalArgumentException(OP + ": " + derivative(parameters, problem, method) + " at the start, "
                    + parameters.describe(parameters.values()) + "; start elsewhere");
        }
        double[] jacobian = method.linear.jacobian();
        if (Arrays.stream(jacobian).allMatch(element -> element == 0)) {
            throw new IllegalArgumentException(OP + ": no residual depends on a parameter at the start, "
                    + parameters.describe(parameters.values())
                    + "; start elsewhere, or compute the residuals from the tensors that the function is given");
        }
    }

    private static String derivative(
            ParameterVector<?> parameters, Residuals<?> problem, LevenbergMarquardt<?> method) {
        int[] at = method.notFinite();
        return "the derivative of " + problem.name(at[0]) + " with respect to "
                + parameters.name(at[1]) + " is "
                + method.linear.jacobian()[at[0] * parameters.size() + at[1]];
    }
}
