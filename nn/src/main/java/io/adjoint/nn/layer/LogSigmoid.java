package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The logarithm of the sigmoid of each element, {@code −log(1 + e⁻ˣ)}: {@link Tensor#logSigmoid()}. */
public final class LogSigmoid extends Activation {
    /** The layer. */
    public LogSigmoid() {
        super(Tensor::logSigmoid);
    }
}
