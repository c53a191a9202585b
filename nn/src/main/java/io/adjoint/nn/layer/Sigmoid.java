package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The logistic function of each element, {@code 1 / (1 + exp(−x))}: {@link Tensor#sigmoid()}. */
public final class Sigmoid extends Activation {
    /** The layer. */
    public Sigmoid() {
        super(Tensor::sigmoid);
    }
}
