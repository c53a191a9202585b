package io.adjoint.core;

/**
 * The functions of one number whose loops are chosen by {@link Kernels}, in each floating type's own arithmetic.
 *
 * @hidden
 */
@Internal
public enum UnaryFunction implements Kernel {
    /** With α = 1. */
    ELU,
    ERF,
    EXP,
    EXPM1,
    GELU,
    GELU_TANH,
    LOG,
    LOG1P,
    LOG_SIGMOID,
    MISH,
    NEG,
    RECIPROCAL,
    RELU,
    SELU,
    SIGMOID,
    SILU,
    /** With β = 1 and the threshold 20. */
    SOFTPLUS,
    SQUARE,
    TANH;

    @Override
    public void apply(double[] x, int i, double[] y, int j, int n) {
        Kernels.float64().functions().apply(this, x, i, y, j, n);
    }

    @Override
    public void apply(float[] x, int i, float[] y, int j, int n) {
        Kernels.float32().functions().apply(this, x, i, y, j, n);
    }
}
