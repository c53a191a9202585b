package io.adjoint.core;

import io.adjoint.core.FunctionLoops.UnaryLoop;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.ErrorFunctions;
import io.adjoint.core.math.FloatMath;
import io.adjoint.core.math.Logarithms;
import io.adjoint.core.math.VectorMath;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/**
 * The functions of one number that have loops of their own for each floating type. A constant holds the default loops; {@link Backend}
 * chooses the loops that run.
 *
 * @hidden
 */
@Internal
public enum UnaryFunction implements Kernel {
    /** The exponential linear unit with α = 1. */
    ELU((x, i, y, j, n) -> each(ElementaryFunctions::elu, x, i, y, j, n), stored(FloatMath::elu)),
    ERF((x, i, y, j, n) -> each(ErrorFunctions::erf, x, i, y, j, n), stored(FloatMath::erf)),
    EXP(VectorMath::exp, blocks(FloatMath::exp)),
    EXPM1((x, i, y, j, n) -> each(ElementaryFunctions::expm1, x, i, y, j, n), stored(FloatMath::expm1)),
    GELU((x, i, y, j, n) -> each(ErrorFunctions::gelu, x, i, y, j, n), stored(FloatMath::gelu)),
    GELU_TANH((x, i, y, j, n) -> each(ErrorFunctions::geluTanh, x, i, y, j, n), stored(FloatMath::geluTanh)),
    LOG((x, i, y, j, n) -> each(Logarithms::log, x, i, y, j, n), stored(FloatMath::log)),
    LOG1P((x, i, y, j, n) -> each(Logarithms::log1p, x, i, y, j, n), stored(FloatMath::log1p)),
    LOG_SIGMOID((x, i, y, j, n) -> each(ElementaryFunctions::logSigmoid, x, i, y, j, n), stored(FloatMath::logSigmoid)),
    MISH((x, i, y, j, n) -> each(ElementaryFunctions::mish, x, i, y, j, n), stored(FloatMath::mish)),
    NEG(DoubleSimpleLoops::neg, FloatSimpleLoops::neg),
    RECIPROCAL(DoubleSimpleLoops::reciprocal, FloatSimpleLoops::reciprocal),
    RELU(DoubleSimpleLoops::relu, FloatSimpleLoops::relu),
    SELU((x, i, y, j, n) -> each(ElementaryFunctions::selu, x, i, y, j, n), stored(FloatMath::selu)),
    SIGMOID(VectorMath::sigmoid, stored(FloatMath::sigmoid)),
    SILU(VectorMath::silu, stored(FloatMath::silu)),
    /** Softplus with β = 1 and threshold 20. */
    SOFTPLUS(
            (x, i, y, j, n) -> each(v -> ElementaryFunctions.softplus(v, 1, 20), x, i, y, j, n),
            stored(FloatMath::softplus)),
    SQUARE(DoubleSimpleLoops::square, FloatSimpleLoops::square),
    TANH(VectorMath::tanh, stored(FloatMath::tanh));

    final UnaryLoop<double[]> float64;
    final UnaryLoop<float[]> float32;

    UnaryFunction(UnaryLoop<double[]> float64, UnaryLoop<float[]> float32) {
        this.float64 = float64;
        this.float32 = float32;
    }

    @Override
    public void apply(double[] x, int i, double[] y, int j, int n) {
        Backend.float64().functions().of(this).apply(x, i, y, j, n);
    }

    @Override
    public void apply(float[] x, int i, float[] y, int j, int n) {
        Backend.float32().functions().of(this).apply(x, i, y, j, n);
    }

    // Each function calls this method in a lambda of its own, in which the JIT knows the function, and so inlines it
    // into the loop.
    private static void each(DoubleUnaryOperator f, double[] x, int i, double[] y, int j, int n) {
        Kernel.each(f).apply(x, i, y, j, n);
    }

    private interface Block {
        void run(FloatMath math, float[] to, int at);
    }

    private static UnaryLoop<float[]> blocks(Block function) {
        return (x, i, y, j, n) -> {
            FloatMath math = new FloatMath();
            for (int done = 0; done < n; ) {
                int m = math.load(x, i + done, n - done);
                function.run(math, y, j + done);
                done += m;
            }
        };
    }

    private static UnaryLoop<float[]> stored(Consumer<FloatMath> function) {
        return blocks((math, to, at) -> {
            function.accept(math);
            math.store(to, at);
        });
    }
}
