package io.adjoint.core;

import io.adjoint.core.math.VectorMath;

/** The functions of FLOAT64. */
final class Float64Functions implements FunctionLoops<double[]> {
    @Override
    public void apply(UnaryFunction f, double[] x, int i, double[] y, int j, int n) {
        switch (f) {
            case EXP -> VectorMath.exp(x, i, y, j, n);
            case NEG -> VectorMath.neg(x, i, y, j, n);
            case RECIPROCAL -> VectorMath.reciprocal(x, i, y, j, n);
            case RELU -> VectorMath.relu(x, i, y, j, n);
            case SIGMOID -> VectorMath.sigmoid(x, i, y, j, n);
            case SILU -> VectorMath.silu(x, i, y, j, n);
            case SQUARE -> VectorMath.square(x, i, y, j, n);
            case TANH -> VectorMath.tanh(x, i, y, j, n);
        }
    }

    @Override
    public void apply(BinaryFunction f, double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        switch (f) {
            case PRELU -> VectorMath.prelu(x, i, y, j, z, k, n);
            case PRELU_SLOPE -> VectorMath.preluSlope(x, i, y, j, z, k, n);
            case RELU_GRADIENT -> VectorMath.reluGradient(x, i, y, j, z, k, n);
            case SIGMOID_GRADIENT -> VectorMath.sigmoidGradient(x, i, y, j, z, k, n);
            case SILU_GRADIENT -> VectorMath.siluGradient(x, i, y, j, z, k, n);
            case TANH_GRADIENT -> VectorMath.tanhGradient(x, i, y, j, z, k, n);
        }
    }
}
