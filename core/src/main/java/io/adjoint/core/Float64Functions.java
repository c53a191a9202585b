package io.adjoint.core;

import io.adjoint.core.math.ActivationTerms;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.Logarithms;
import io.adjoint.core.math.VectorMath;
import java.util.function.DoubleUnaryOperator;

/** The {@link FunctionLoops} of FLOAT64. */
final class Float64Functions implements FunctionLoops<double[]> {
    @Override
    public void apply(UnaryFunction f, double[] x, int i, double[] y, int j, int n) {
        switch (f) {
            case ELU -> each(ElementaryFunctions::elu, x, i, y, j, n);
            case ERF -> each(ErrorFunctions::erf, x, i, y, j, n);
            case EXP -> VectorMath.exp(x, i, y, j, n);
            case EXPM1 -> each(ElementaryFunctions::expm1, x, i, y, j, n);
            case GELU -> each(ErrorFunctions::gelu, x, i, y, j, n);
            case GELU_TANH -> each(ErrorFunctions::geluTanh, x, i, y, j, n);
            case LOG -> each(Logarithms::log, x, i, y, j, n);
            case LOG1P -> each(Logarithms::log1p, x, i, y, j, n);
            case LOG_SIGMOID -> each(ElementaryFunctions::logSigmoid, x, i, y, j, n);
            case MISH -> each(ElementaryFunctions::mish, x, i, y, j, n);
            case NEG -> VectorMath.neg(x, i, y, j, n);
            case RECIPROCAL -> VectorMath.reciprocal(x, i, y, j, n);
            case RELU -> VectorMath.relu(x, i, y, j, n);
            case SELU -> each(ElementaryFunctions::selu, x, i, y, j, n);
            case SIGMOID -> VectorMath.sigmoid(x, i, y, j, n);
            case SILU -> VectorMath.silu(x, i, y, j, n);
            case SOFTPLUS -> each(v -> ElementaryFunctions.softplus(v, 1, 20), x, i, y, j, n);
            case SQUARE -> VectorMath.square(x, i, y, j, n);
            case TANH -> VectorMath.tanh(x, i, y, j, n);
        }
    }

    @Override
    public void apply(BinaryFunction f, double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        switch (f) {
            case GELU_GRADIENT -> each(ActivationTerms::geluSlope, x, i, y, j, z, k, n);
            case GELU_TANH_GRADIENT -> each(ActivationTerms::geluTanhSlope, x, i, y, j, z, k, n);
            case MISH_GRADIENT -> each(ActivationTerms::mishSlope, x, i, y, j, z, k, n);
            case PRELU -> VectorMath.prelu(x, i, y, j, z, k, n);
            case PRELU_SLOPE -> VectorMath.preluSlope(x, i, y, j, z, k, n);
            case RELU_GRADIENT -> VectorMath.reluGradient(x, i, y, j, z, k, n);
            case SIGMOID_GRADIENT -> VectorMath.sigmoidGradient(x, i, y, j, z, k, n);
            case SILU_GRADIENT -> VectorMath.siluGradient(x, i, y, j, z, k, n);
            case TANH_GRADIENT -> VectorMath.tanhGradient(x, i, y, j, z, k, n);
        }
    }

    private static void each(DoubleUnaryOperator f, double[] x, int i, double[] y, int j, int n) {
        Kernel.each(f).apply(x, i, y, j, n);
    }

    /**
     * Computes the gradient of a function with respect to its input x: {@code z = g·slope(x)}, where {@code slope} is the function's
     * derivative, and g the upstream gradient.
     */
    private static void each(
            DoubleUnaryOperator slope, double[] g, int i, double[] x, int j, double[] z, int k, int n) {
        BinaryKernel gradient = BinaryKernel.each((upstream, v) -> upstream * slope.applyAsDouble(v));
        gradient.apply(g, i, x, j, z, k, n);
    }
}
