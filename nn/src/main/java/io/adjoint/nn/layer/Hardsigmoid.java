package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The piecewise linear sigmoid of each element, {@code (x + 3)/6 between 0 and 1}: {@link Tensor#hardsigmoid()}. */
public final class Hardsigmoid extends Activation {
    /** The layer. */
    public Hardsigmoid() {
        super(Tensor::hardsigmoid);
    }
}
