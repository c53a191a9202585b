package io.adjoint.core;

import io.adjoint.core.loops.Kernel;
import io.adjoint.core.math.DoubleSimpleFunctions;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.FloatMath;
import io.adjoint.core.math.FloatSimpleFunctions;
import io.adjoint.core.math.Logarithms;
import io.adjoint.core.math.VectorMath;
import java.util.function.Consumer;

/**
 * The functions of one number that have loops of their own for each floating type: the loops here, unless {@link Backend} has chosen
 * vectors.
 *
 * @hidden
 */
@Internal
public enum UnaryFunction implements Kernel {
    /** The exponential linear unit with α = 1. */
    ELU(Kernel.each(ElementaryFunctions::elu)::apply, in(FloatMath::elu)),
    ERF(Kernel.each(ErrorFunctions::erf)::apply, in(FloatMath::erf)),
    EXP(VectorMath::exp, FloatMath::exp),
    EXPM1(Kernel.each(ElementaryFunctions::expm1)::apply, in(FloatMath::expm1)),
    GELU(Kernel.each(ErrorFunctions::gelu)::apply, in(FloatMath::gelu)),
    GELU_TANH(Kernel.each(ErrorFunctions::geluTanh)::apply, in(FloatMath::geluTanh)),
    LOG(Kernel.each(Logarithms::log)::apply, in(FloatMath::log)),
    LOG1P(Kernel.each(Logarithms::log1p)::apply, in(FloatMath::log1p)),
    LOG_SIGMOID(Kernel.each(ElementaryFunctions::logSigmoid)::apply, in(FloatMath::logSigmoid)),
    MISH(Kernel.each(ElementaryFunctions::mish)::apply, in(FloatMath::mish)),
    NEG(DoubleSimpleFunctions::neg, FloatSimpleFunctions::neg),
    RECIPROCAL(DoubleSimpleFunctions::reciprocal, FloatSimpleFunctions::reciprocal),
    RELU(DoubleSimpleFunctions::relu, FloatSimpleFunctions::relu),
    SELU(Kernel.each(ElementaryFunctions::selu)::apply, in(FloatMath::selu)),
    SIGMOID(VectorMath::sigmoid, in(FloatMath::sigmoid)),
    SILU(VectorMath::silu, in(FloatMath::silu)),
    /** Softplus with β = 1 and threshold 20. */
    SOFTPLUS(Kernel.each(x -> ElementaryFunctions.softplus(x, 1, 20))::apply, in(FloatMath::softplus)),
    SQRT(DoubleSimpleFunctions::sqrt, FloatSimpleFunctions::sqrt),
    SQUARE(DoubleSimpleFunctions::square, FloatSimpleFunctions::square),
    TANH(VectorMath::tanh, in(FloatMath::tanh));

    final FunctionLoops.Unary<double[]> float64;
    final FunctionLoops.Unary<float[]> float32;

    UnaryFunction(FunctionLoops.Unary<double[]> float64, FunctionLoops.Unary<float[]> float32) {
        this.float64 = float64;
        this.float32 = float32;
    }

    /** The loop of a function that {@link FloatMath} computes in double. */
    private static FunctionLoops.Unary<float[]> in(Consumer<FloatMath> function) {
        return (x, i, y, j, n) -> {
            FloatMath math = new FloatMath();
            for (int done = 0; done < n; ) {
                int m = math.load(x, i + done, n - done);
                function.accept(math);
                math.store(y, j + done);
                done += m;
            }
        };
    }

    @Override
    public void apply(double[] x, int i, double[] y, int j, int n) {
        Backend.float64().functions().get(this).apply(x, i, y, j, n);
    }

    @Override
    public void apply(float[] x, int i, float[] y, int j, int n) {
        Backend.float32().functions().get(this).apply(x, i, y, j, n);
    }
}
