package io.adjoint.fit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Options;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds parameters that minimise a scalar function, within bounds, by Newton's method: its steps need products with the Hessian, which take
 * about as long as a gradient, and no Hessian. Sums of squares are for {@link LeastSquares}.
 *
 * <p>The parameters are a tree of FLOAT64 tensors, as in {@link LeastSquares}. All operations of the function must be differentiable twice.
 * A minimum is a local one. At a saddle or a maximum the search goes on, if 100 products with the Hessian or fewer find a direction along
 * which the function falls.
 *
 * <pre>{@code
 * Minimum<Tensor> minimum = Minimize.of((Tensor x) -> x.square().sum().sub(x.sum()))
 *         .bounds(Tensor.of(1, 0), Tensor.of(2, 2))
 *         .from(Tensor.of(1.5, 1.5));
 * minimum.parameters();    // [1, 0.5]
 * }</pre>
 *
 * <p>A setting returns a changed copy.
 */
@CheckReturnValue
public final class Minimize<P> extends Options<Minimize<P>> {
    static final String OP = "Minimize";

    final Function<? super P, Tensor> function;
    double tolerance = 1e-12;
    int maxEvaluations = 1000;
    Consumer<? super Iterate<P>> progress = iterate -> {};
    private Box.@Nullable Bounds<P> bounds;

    private Minimize(Function<? super P, Tensor> function) {
        this.function = Callbacks.given(OP, "the function", function);
    }

    /** The minimisation of a function of the parameters, which returns a FLOAT64 scalar. */
    public static <P> Minimize<P> of(Function<? super P, Tensor> function) {
        return new Minimize<>(function);
    }

    /** Bounds of the parameters; see {@link LeastSquares#bounds}. */
    public Minimize<P> bounds(P lower, P upper) {
        Box.Bounds<P> given = new Box.Bounds<>(lower, upper);
        return with(copy -> copy.bounds = given);
    }

    /**
     * The tolerance of convergence, 1e-12 unless set: of the change of the value, relative to the value; of the trust region, relative to
     * the parameters; of the gradient, relative to the value and to the parameters: {@code |gⱼ|·max(|xⱼ|, 1)/max(|f|, 1)}. A function whose
     * values are far below 1 needs a factor that makes them larger, or its gradient counts as 0.
     */
    public Minimize<P> tolerance(double tolerance) {
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new IllegalArgumentException(OP + ": the tolerance is " + tolerance + "; it must be in (0, 1)");
        }
        return with(copy -> copy.tolerance = tolerance);
    }

    /** The largest number of evaluations of the function, 1,000 unless set. */
    public Minimize<P> maxEvaluations(int evaluations) {
        if (evaluations < 1) {
            throw new IllegalArgumentException(OP + ": maxEvaluations is " + evaluations + "; it must be positive");
        }
        return with(copy -> copy.maxEvaluations = evaluations);
    }

    /** A function that is told of the start and of each iteration; an exception that it throws ends the search. */
    public Minimize<P> progress(Consumer<? super Iterate<P>> progress) {
        Callbacks.given(OP, "the function of the progress", progress);
        return with(copy -> copy.progress = progress);
    }

    /**
     * Searches from a start. Steps are tried shorter as in {@link LeastSquares#from}.
     *
     * @throws IllegalArgumentException if the start is not finite or outside the bounds; if the value or the gradient is not finite there.
     *     The message names the parameter.
     */
    public Minimum<P> from(P start) {
        ParameterVector<P> parameters = new ParameterVector<>(OP, Callbacks.given(OP, "the start", start));
        Box box = Box.of(OP, parameters, bounds);
        return new NewtonSearch<>(this, parameters, box).run();
    }
}
