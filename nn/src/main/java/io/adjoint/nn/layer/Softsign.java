package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The softsign of each element, {@code x / (1 + |x|)}: {@link Tensor#softsign()}. */
public final class Softsign extends Activation {
    /** The layer. */
    public Softsign() {
        super(Tensor::softsign);
    }
}
