package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The hyperbolic tangent of each element: {@link Tensor#tanh()}. */
public final class Tanh extends Activation {
    /** The layer. */
    public Tanh() {
        super(Tensor::tanh);
    }
}
