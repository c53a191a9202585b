package io.adjoint.autograd.equations;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The value at a point x of a function that keeps the shape, and products with its Jacobian J there, which keep it, too. */
final class Derivative {
    private final Transforms.Vjp<Tensor, Tensor> backward;
    private final boolean symmetric;
    /** The derivative of {@code v ↦ Jᵀ·v}; null until it is needed. */
    private Transforms.@Nullable Vjp<Tensor, Tensor> forward;

    /** Runs the function once; its graph is kept as long as this object. */
    Derivative(Equation equation, Tensor at) {
        UnaryOperator<Tensor> function = equation.function();
        backward = Transforms.vjp(function, at);
        symmetric = equation.symmetric();
    }

    Tensor value() {
        return backward.value();
    }

    /** {@code Jᵀ·v}, or {@code J·v}. */
    Tensor times(boolean transposed, Tensor v) {
        if (transposed || symmetric) {
            return backward.pull(v);
        }
        // Jᵀ·v is linear in v, so the gradient of its product with u is J·u, at any v.
        Transforms.Vjp<Tensor, Tensor> present = forward;
        if (present == null) {
            present = Transforms.vjp(backward.pullback(), Tensor.zerosLike(backward.value()));
            forward = present;
        }
        return present.pull(v);
    }
}
