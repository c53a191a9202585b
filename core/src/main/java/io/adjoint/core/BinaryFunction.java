package io.adjoint.core;

/**
 * The functions of two numbers that have loops of their own; {@link Backend} chooses the loops. A gradient function takes the upstream
 * gradient as its first operand.
 *
 * @hidden
 */
@Internal
public enum BinaryFunction implements BinaryKernel {
    GELU_GRADIENT,
    GELU_TANH_GRADIENT,
    MISH_GRADIENT,
    PRELU,
    PRELU_SLOPE,
    RELU_GRADIENT,
    SIGMOID_GRADIENT,
    SILU_GRADIENT,
    TANH_GRADIENT;

    @Override
    public void apply(double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        Backend.float64().functions().apply(this, x, i, y, j, z, k, n);
    }

    @Override
    public void apply(float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        Backend.float32().functions().apply(this, x, i, y, j, z, k, n);
    }
}
