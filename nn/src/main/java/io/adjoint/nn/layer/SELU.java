package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The scaled exponential linear unit of each element (Klambauer et al., 2017): {@link Tensor#selu()}. */
public final class SELU extends Activation {
    /** The layer. */
    public SELU() {
        super(Tensor::selu);
    }
}
