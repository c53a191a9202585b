package io.adjoint.autograd.equations;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.NdArray;
import java.util.function.UnaryOperator;

/**
 * An equation {@code f(x) = 0} in a tensor x, and the way to solve its linear systems.
 *
 * @param op the name of the public method, for messages
 * @param function f, which keeps the shape and the dtype
 * @param symmetric whether the Jacobian of f is symmetric, as a Hessian is
 */
record Equation(String op, UnaryOperator<Tensor> function, boolean symmetric, LinearSolver solver) {
    /** The name of the matrix of derivatives, for messages. */
    String matrix() {
        return symmetric ? "matrix of second derivatives" : "Jacobian";
    }

    /** The value of f at x, and products with its Jacobian J there. */
    Transforms.Linear<Tensor, Tensor> linearize(Tensor x) {
        return Transforms.linearize(function, x);
    }

    /** {@code Jᵀ·v}, or {@code J·v}. */
    Tensor times(Transforms.Linear<Tensor, Tensor> at, boolean transposed, Tensor v) {
        return transposed || symmetric ? at.pull(v) : at.push(v);
    }

    /** A solution that was found, as a differentiable function of all tensors that f captured. */
    Tensor differentiable(NdArray solution) {
        return Internals.implicit(op, solution, function, (g, x) -> solve(x, true, g.neg()));
    }

    /**
     * The solution w of {@code J·w = right} or {@code Jᵀ·w = right}, J being the Jacobian of f at x. While operations are recorded, w is a
     * differentiable function of x, of the right-hand side, and of all tensors that f captured: it is the solution of an equation itself,
     * and its multipliers are the solution of a system with the transposed matrix.
     */
    Tensor solve(Tensor x, boolean transposed, Tensor right) {
        Tensor w =
                Autograd.noGrad(() -> LinearSystems.solve(this, linearize(x), transposed, right, 0, "at the solution"));
        return Internals.implicit(
                op,
                w.data(),
                v -> times(linearize(x), transposed, v).sub(right),
                (g, v) -> solve(x, !transposed, g.neg()));
    }
}
