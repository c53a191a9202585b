package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The rectifier with the upper bound 6, of each element, {@code min(max(x, 0), 6)}: {@link Tensor#relu6()}. */
public final class ReLU6 extends Activation {
    /** The layer. */
    public ReLU6() {
        super(Tensor::relu6);
    }
}
