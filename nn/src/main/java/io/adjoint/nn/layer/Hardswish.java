package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The SiLU with a piecewise linear sigmoid, of each element (Howard et al., 2019), {@code x·hardsigmoid(x)}: {@link Tensor#hardswish()}.
 */
public final class Hardswish extends Activation {
    /** The layer. */
    public Hardswish() {
        super(Tensor::hardswish);
    }
}
