package io.adjoint.autograd.equations;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Packing;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Values that an equation defines, as differentiable functions of all tensors that the equation's function captured.
 *
 * <p>The solver isn't recorded. With θ the captured tensors and {@code r(x, θ) = 0} the equation at its solution,
 * {@code dx/dθ = −(∂r/∂x)⁻¹·∂r/∂θ} by the implicit function theorem: a backward pass solves one linear system with the transposed Jacobian
 * and runs the function twice, however many iterations the solver took. A recorded pass can be differentiated again, so derivatives of
 * every order and {@link Transforms#jvp} work. The start has no gradient.
 *
 * <p>x is a tensor or a structure of tensors of one dtype; see {@link io.adjoint.autograd.transforms.Trees}. Another solver's solution may
 * be the start: a few iterations check and refine it.
 *
 * <pre>{@code
 * Tensor price = Tensor.of(10.45, 3.2).requiresGrad(true);
 * Tensor volatility = Implicit.root(v -> blackScholes(v).sub(price), Tensor.of(0.2, 0.2),
 *         new ImplicitOptions().linearSolver(LinearSolver.ROWS));
 * volatility.sum().backward();                                    // price.grad() is 1/vega of each option
 * }</pre>
 */
public final class Implicit {
    private Implicit() {}

    /** A root with default settings; see {@link #root(Function, Object, ImplicitOptions)}. */
    public static <P> P root(Function<? super P, ? extends P> f, P start) {
        return root(f, start, new ImplicitOptions());
    }

    /**
     * An x with {@code f(x) = 0}, by Newton's method with a line search on |f|.
     *
     * @param f takes x and returns as many numbers: a value of x's structure, shapes and dtype. It has to be differentiable where the
     *     iterations lead, twice with {@link LinearSolver#GMRES}
     * @param start the first x
     * @throws SolverException if the iterations do not converge, with the residual; if the Jacobian is singular; if a value is not finite
     * @throws ShapeException if f returns other shapes
     */
    public static <P> P root(Function<? super P, ? extends P> f, P start, ImplicitOptions options) {
        Packing<P> packing = packing("Implicit.root", start, options);
        Equation equation = new Equation(
                "Implicit.root",
                x -> packing.pack("the function's value", f.apply(packing.unpack(x))),
                false,
                options.linearSolver);
        Tensor from = packing.start().detach();
        NdArray root = Autograd.noGrad(() -> new NewtonRoots(equation, options, from).solve());
        return packing.unpack(equation.differentiable(root));
    }

    /** A fixed point with default settings; see {@link #fixedPoint(Function, Object, ImplicitOptions)}. */
    public static <P> P fixedPoint(Function<? super P, ? extends P> f, P start) {
        return fixedPoint(f, start, new ImplicitOptions());
    }

    /**
     * An x with {@code f(x) = x}, by the iteration {@code x ← f(x)}. Where the iteration doesn't converge, {@link #root} of
     * {@code f(x) − x} may find the point.
     *
     * @param f takes x and returns a value of x's structure, shapes and dtype
     * @param start the first x
     * @throws SolverException if the iteration does not converge, with the residual; in the backward pass, if the Jacobian of
     *     {@code f(x) − x} is singular
     * @throws ShapeException if f returns other shapes
     */
    public static <P> P fixedPoint(Function<? super P, ? extends P> f, P start, ImplicitOptions options) {
        Packing<P> packing = packing("Implicit.fixedPoint", start, options);
        UnaryOperator<Tensor> map = x -> packing.pack("the function's value", f.apply(packing.unpack(x)));
        Equation equation =
                new Equation("Implicit.fixedPoint", x -> map.apply(x).sub(x), false, options.linearSolver);
        Tensor from = packing.start().detach();
        NdArray point = Autograd.noGrad(() -> iterate(equation.op(), map, from, options));
        return packing.unpack(equation.differentiable(point));
    }

    private static NdArray iterate(String op, UnaryOperator<Tensor> map, Tensor start, ImplicitOptions options) {
        Tensor x = start;
        ImplicitOptions.Accuracy rounded =
                options.accuracy(start.dtype(), DenseVectors.of(start), LinearSystems.tolerance(start));
        ImplicitOptions.Accuracy exact = rounded.exact();
        double change = Double.POSITIVE_INFINITY;
        double halfway = change;
        int most = options.iterations(1000);
        for (int iteration = 0; iteration < most; iteration++) {
            Tensor next = map.apply(x).detach();
            double before = change;
            double[] changes = DenseVectors.of(next.sub(x));
            change = DenseVectors.largest(changes);
            if (!(change < Double.POSITIVE_INFINITY)) {
                throw new SolverException(
                        op + ": the function's value "
                                + (iteration == 0 ? "at the start" : "in iteration " + iteration)
                                + " is not finite, at x = " + NewtonRoots.brief(x)
                                + "; if x grows without bound, f is no contraction: Implicit.root of f(x) - x may find the point");
            }
            x = next;
            halfway = iteration == most / 2 ? change : halfway;
            if ((change < before ? exact : rounded).isReached(changes, DenseVectors.of(x))) {
                return x.data();
            }
        }
        throw new SolverException(
                op + ": the iteration did not converge in " + most + " steps: the largest element of f(x) - x is "
                        + change + " at x = " + NewtonRoots.brief(x) + ", and was " + halfway + " half-way"
                        + "; if it falls, raise maxIterations; else the iteration moves away from the point, or circles it:"
                        + " Implicit.root of f(x) - x may find the point, in fewer steps, too");
    }

    /** A minimum with default settings; see {@link #argmin(Function, Object, ImplicitOptions)}. */
    public static <P> P argmin(Function<? super P, Tensor> f, P start) {
        return argmin(f, start, new ImplicitOptions());
    }

    /**
     * A local minimum x of f, by Newton's method within a trust region, by products with the matrix of second derivatives. It is
     * differentiated as the solution of {@code ∇f(x) = 0}; {@link ImplicitOptions#linearSolver} is for this system alone. {@link
     * LinearSolver#DENSE} and {@link LinearSolver#ROWS} compute the matrix at the end, too, and refuse a saddle. Entries of {@link
     * LinearSolver#ROWS} share their steps.
     *
     * @param f takes x and returns a scalar; it has to be differentiable twice. With {@link LinearSolver#ROWS} it is a sum over entries
     *     that don't interact
     * @param start the first x
     * @throws SolverException if the iterations do not converge, with the norm of the gradient; if they end at a saddle; in the backward
     *     pass, if the matrix of second derivatives is singular
     * @throws ShapeException if f doesn't return a scalar
     */
    public static <P> P argmin(Function<? super P, Tensor> f, P start, ImplicitOptions options) {
        Packing<P> packing = packing("Implicit.argmin", start, options);
        UnaryOperator<Tensor> function =
                x -> Callbacks.scalar("Implicit.argmin", f.apply(packing.unpack(x)), Callbacks.REDUCE);
        Equation equation = new Equation("Implicit.argmin", Transforms.grad(function), true, options.linearSolver);
        Tensor from = packing.start().detach();
        Tensor minimum = Autograd.noGrad(() -> new NewtonMinimum(equation, function, options, from).solve());
        return packing.unpack(equation.differentiable(minimum.data()));
    }

    private static <P> Packing<P> packing(String op, P start, ImplicitOptions options) {
        Callbacks.given(op, "the argument 'options'", options);
        return new Packing<>(op, Callbacks.given(op, "the start", start), options.linearSolver == LinearSolver.ROWS);
    }
}
