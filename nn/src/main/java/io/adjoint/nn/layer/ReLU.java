package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The rectifier of each element, {@code max(x, 0)}: {@link Tensor#relu()}. */
public final class ReLU extends Activation {
    /** The layer. */
    public ReLU() {
        super(Tensor::relu);
    }
}
