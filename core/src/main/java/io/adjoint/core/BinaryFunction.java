package io.adjoint.core;

import io.adjoint.core.loops.BinaryKernel;
import io.adjoint.core.math.ActivationTerms;
import io.adjoint.core.math.DoubleSimpleFunctions;
import io.adjoint.core.math.FloatMath;
import io.adjoint.core.math.FloatSimpleFunctions;
import io.adjoint.core.math.VectorMath;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/**
 * The functions of two numbers that have loops of their own: the loops here, unless {@link Backend} has chosen vectors. A gradient function
 * takes the upstream gradient as its first operand.
 *
 * @hidden
 */
@Internal
public enum BinaryFunction implements BinaryKernel {
    GELU_GRADIENT(times(ActivationTerms::geluSlope), timesIn(FloatMath::geluSlope)),
    GELU_TANH_GRADIENT(times(ActivationTerms::geluTanhSlope), timesIn(FloatMath::geluTanhSlope)),
    MISH_GRADIENT(times(ActivationTerms::mishSlope), timesIn(FloatMath::mishSlope)),
    PRELU(DoubleSimpleFunctions::prelu, FloatSimpleFunctions::prelu),
    PRELU_SLOPE(DoubleSimpleFunctions::preluSlope, FloatSimpleFunctions::preluSlope),
    RELU_GRADIENT(DoubleSimpleFunctions::reluGradient, FloatSimpleFunctions::reluGradient),
    SIGMOID_GRADIENT(DoubleSimpleFunctions::sigmoidGradient, FloatSimpleFunctions::sigmoidGradient),
    SILU_GRADIENT(VectorMath::siluGradient, timesIn(FloatMath::siluSlope)),
    TANH_GRADIENT(DoubleSimpleFunctions::tanhGradient, FloatSimpleFunctions::tanhGradient);

    final FunctionLoops.Binary<double[]> float64;
    final FunctionLoops.Binary<float[]> float32;

    BinaryFunction(FunctionLoops.Binary<double[]> float64, FunctionLoops.Binary<float[]> float32) {
        this.float64 = float64;
        this.float32 = float32;
    }

    /** The upstream gradient times the derivative, which is a function of the input. */
    private static FunctionLoops.Binary<double[]> times(DoubleUnaryOperator slope) {
        return BinaryKernel.each((g, x) -> g * slope.applyAsDouble(x))::apply;
    }

    /** The upstream gradient times the derivative, which {@link FloatMath} computes in double. */
    private static FunctionLoops.Binary<float[]> timesIn(Consumer<FloatMath> slope) {
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

    @Override
    public void apply(double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        Backend.float64().functions().get(this).apply(x, i, y, j, z, k, n);
    }

    @Override
    public void apply(float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        Backend.float32().functions().get(this).apply(x, i, y, j, z, k, n);
    }
}
