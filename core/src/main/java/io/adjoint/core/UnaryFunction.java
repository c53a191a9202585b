package io.adjoint.core;

/**
 * The functions of one number that have loops of their own for each floating type; {@link Backend} chooses the loops.
 *
 * @hidden
 */
@Internal
public enum UnaryFunction implements Kernel {
    /** The exponential linear unit with α = 1. */
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
    /** Softplus with β = 1 and threshold 20. */
    SOFTPLUS,
    SQUARE,
    TANH;

    @Override
    public void apply(double[] x, int i, double[] y, int j, int n) {
        Backend.float64().functions().apply(this, x, i, y, j, n);
    }

    @Override
    public void apply(float[] x, int i, float[] y, int j, int n) {
        Backend.float32().functions().apply(this, x, i, y, j, n);
    }
}
