package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The self-gated unit mish of each element (Misra, 2019), {@code x·tanh(log(1 + eˣ))}: {@link Tensor#mish()}. */
public final class Mish extends Activation {
    /** The layer. */
    public Mish() {
        super(Tensor::mish);
    }
}
