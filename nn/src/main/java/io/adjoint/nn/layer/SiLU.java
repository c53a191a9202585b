package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The sigmoid linear unit of each element, also known as swish, {@code x·σ(x)}: {@link Tensor#silu()}. */
public final class SiLU extends Activation {
    /** The layer. */
    public SiLU() {
        super(Tensor::silu);
    }
}
