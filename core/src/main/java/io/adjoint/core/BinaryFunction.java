package io.adjoint.core;

import io.adjoint.core.FunctionLoops.BinaryLoop;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.FloatMath;
import io.adjoint.core.math.VectorMath;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/**
 * The functions of two numbers that have loops of their own for each floating type. A constant holds the default loops; {@link Backend}
 * chooses the loops that run. A gradient function takes the upstream gradient as its first operand.
 *
 * @hidden
 */
@Internal
public enum BinaryFunction implements BinaryKernel {
    GELU_GRADIENT(
            (g, i, x, j, z, k, n) -> times(ErrorFunctions::geluSlope, g, i, x, j, z, k, n),
            times(FloatMath::geluSlope)),
    GELU_TANH_GRADIENT(
            (g, i, x, j, z, k, n) -> times(ErrorFunctions::geluTanhSlope, g, i, x, j, z, k, n),
            times(FloatMath::geluTanhSlope)),
    MISH_GRADIENT(
            (g, i, x, j, z, k, n) -> times(ElementaryFunctions::mishSlope, g, i, x, j, z, k, n),
            times(FloatMath::mishSlope)),
    PRELU(DoubleSimpleLoops::prelu, FloatSimpleLoops::prelu),
    PRELU_SLOPE(DoubleSimpleLoops::preluSlope, FloatSimpleLoops::preluSlope),
    RELU_GRADIENT(VectorMath::reluGradient, FloatMath::reluGradient),
    SIGMOID_GRADIENT(VectorMath::sigmoidGradient, times(FloatMath::sigmoidSlope)),
    SILU_GRADIENT(VectorMath::siluGradient, times(FloatMath::siluSlope)),
    TANH_GRADIENT(VectorMath::tanhGradient, times(FloatMath::tanhSlope));

    final BinaryLoop<double[]> float64;
    final BinaryLoop<float[]> float32;

    BinaryFunction(BinaryLoop<double[]> float64, BinaryLoop<float[]> float32) {
        this.float64 = float64;
        this.float32 = float32;
    }

    @Override
    public void apply(double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        Backend.float64().functions().of(this).apply(x, i, y, j, z, k, n);
    }

    @Override
    public void apply(float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        Backend.float32().functions().of(this).apply(x, i, y, j, z, k, n);
    }

    /** Computes {@code z = g·slope(x)}: the gradient of a function with this derivative. */
    private static void times(
            DoubleUnaryOperator slope, double[] g, int i, double[] x, int j, double[] z, int k, int n) {
        BinaryKernel gradient = BinaryKernel.each((upstream, v) -> upstream * slope.applyAsDouble(v));
        gradient.apply(g, i, x, j, z, k, n);
    }

    private static BinaryLoop<float[]> times(Consumer<FloatMath> slope) {
        return (g, i, x, j, z, k, n) -> {
            FloatMath math = new FloatMath();
            for (int done = 0; done < n; ) {
                int m = math.load(x, j + done, n - done);
                slope.accept(math);
                math.store(g, i + done, z, k + done);
                done += m;
            }
        };
    }
}
