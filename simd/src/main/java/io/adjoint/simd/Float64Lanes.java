package io.adjoint.simd;

import static io.adjoint.core.math.ElementaryFunctions.SELU_SCALE;
import static io.adjoint.core.math.ElementaryFunctions.SELU_SCALE_ALPHA;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.Loops;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.math.Buffers;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@link FunctionLoops} for FLOAT64, computed in vectors by the operations of the default loops in the same order, and so
 * with the same bits. The default loops compute arguments far outside the range that networks use. Each loop is short enough for the JIT to
 * keep its vectors in registers.
 */
final class Float64Lanes {
    static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    static final VectorSpecies<Long> BITS = VectorSpecies.of(long.class, Vectors.SHAPE);
    static final int LANES = SPECIES.length();

    private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private static final Domain NORMAL_POWERS = new Domain(-700, 700);
    private static final Domain NORMAL_SQUARES = new Domain(-300, 300);
    private static final Domain NORMAL_NUMBERS = new Domain(Double.MIN_NORMAL, Double.MAX_VALUE);
    private static final Domain ABOVE_MINUS_1 = new Domain(Math.nextUp(-1.0), 0x1p54);
    private static final Domain CUBES = new Domain(-20, 20);

    private Float64Lanes() {}

    /** All functions; those with a loop of vectors by vectors. */
    static FunctionLoops<double[]> functions() {
        return new FunctionTable<>(Loops.FLOAT64.functions(), DoubleArithmetic.FEW, LANES)
                .with(UnaryFunction.ELU, NORMAL_POWERS, (x, i, y, j, n) -> exponentialBelow0(1, 1, x, i, y, j, n))
                .with(UnaryFunction.EXP, NORMAL_POWERS, (x, i, y, j, n) -> exp(x, i, y, j, n, Buffers.get()[2]))
                .with(UnaryFunction.EXPM1, NORMAL_POWERS, Float64Lanes::expm1)
                .with(UnaryFunction.GELU_TANH, CUBES, Float64Lanes::geluTanh)
                .with(UnaryFunction.LOG, NORMAL_NUMBERS, Float64Log::log)
                .with(UnaryFunction.LOG1P, ABOVE_MINUS_1, Float64Lanes::log1p)
                .with(
                        UnaryFunction.LOG_SIGMOID,
                        NORMAL_POWERS,
                        (x, i, y, j, n) -> Float64Log.logSigmoid(x, i, logOfOnePlusPower(x, i, n), y, j, n))
                .with(UnaryFunction.NEG, DoubleArithmetic::neg)
                .with(UnaryFunction.RELU, DoubleArithmetic::relu)
                .with(
                        UnaryFunction.SELU,
                        NORMAL_POWERS,
                        (x, i, y, j, n) -> exponentialBelow0(SELU_SCALE, SELU_SCALE_ALPHA, x, i, y, j, n))
                .with(UnaryFunction.SIGMOID, NORMAL_POWERS, Float64Lanes::sigmoid)
                .with(UnaryFunction.SILU, NORMAL_POWERS, Float64Lanes::silu)
                .with(
                        UnaryFunction.SOFTPLUS,
                        NORMAL_POWERS,
                        (x, i, y, j, n) -> Float64Log.softplus(x, i, logOfOnePlusPower(x, i, n), y, j, n))
                .with(UnaryFunction.TANH, NORMAL_SQUARES, Float64Lanes::tanh)
                .with(BinaryFunction.RELU_GRADIENT, DoubleArithmetic::reluGradient)
                .with(BinaryFunction.SIGMOID_GRADIENT, DoubleArithmetic::sigmoidGradient)
                .with(BinaryFunction.TANH_GRADIENT, DoubleArithmetic::tanhGradient)
                .loops();
    }

    /** The interval of arguments for which the vector loops of a function give right results. */
    private record Domain(double min, double max) implements FunctionTable.Domain<double[]> {
        @Override
        public double @Nullable [] copyIfOutside(double[] x, int i, int n) {
            return contains(x, i, n) ? null : Arrays.copyOfRange(x, i, i + n);
        }

        @Override
        public void repair(FunctionLoops.Unary<double[]> plain, double[] copy, double[] y, int j, int n) {
            for (int e = 0; e < n; e++) {
                if (!(copy[e] >= min && copy[e] <= max)) {
                    plain.apply(copy, e, y, j + e, 1);
                }
            }
        }

        private boolean contains(double[] x, int i, int n) {
            // For every x outside of the domain at least one of three differences is negative: x − min, max − x, or, if
            // x is NaN, the bits of infinity minus the bits of max − x. So the sign bits of these differences are
            // combined by OR.
            LongVector signs = LongVector.zero(BITS);
            for (int e = 0; e < n; e += LANES) {
                DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
                LongVector below = DoubleVector.broadcast(SPECIES, max).sub(v).reinterpretAsLongs();
                LongVector infinity = LongVector.broadcast(BITS, INFINITY);
                signs = signs.or(v.sub(min).reinterpretAsLongs()).or(below).or(infinity.sub(below));
            }
            return signs.reduceLanes(VectorOperators.OR) >= 0;
        }
    }

    private static void exp(double[] x, int i, double[] y, int j, int n, double[] rest) {
        Float64Exp.rest(x, i, rest, n);
        Float64Exp.exp(x, i, rest, y, j, n);
    }

    private static void sigmoid(double[] x, int i, double[] y, int j, int n) {
        exp(x, i, y, j, n, Buffers.get()[2]);
        Float64Exp.logistic(y, j, n);
    }

    private static void silu(double[] x, int i, double[] y, int j, int n) {
        double[][] buffers = Buffers.get();
        exp(x, i, buffers[0], 0, n, buffers[2]);
        Float64Exp.timesLogistic(x, i, buffers[0], y, j, n);
    }

    private static void tanh(double[] x, int i, double[] y, int j, int n) {
        double[][] buffers = Buffers.get();
        Float64Exp.twice(x, i, buffers[0], n);
        Float64Exp.rest(buffers[0], 0, buffers[2], n);
        Float64Exp.tanh(buffers[0], buffers[2], n);
        Float64Log.signed(x, i, buffers[0], y, j, n);
    }

    private static void geluTanh(double[] x, int i, double[] y, int j, int n) {
        double[][] buffers = Buffers.get();
        double[] power = buffers[0];
        Float64Gelu.argument(x, i, power, buffers[1], n);
        Float64Exp.rest(power, buffers[1], buffers[2], n);
        Float64Exp.exp(power, buffers[1], buffers[2], power, n);
        Float64Exp.timesLogistic(x, i, power, y, j, n);
    }

    private static void expm1(double[] x, int i, double[] y, int j, int n) {
        double[][] buffers = Buffers.get();
        double[] magnitude = buffers[0];
        Float64Exp.rest(x, i, buffers[2], n);
        Float64Exp.fractionLess(x, i, buffers[2], magnitude, n);
        Float64Exp.expm1(x, i, magnitude, n);
        Float64Log.signed(x, i, magnitude, y, j, n);
    }

    private static void exponentialBelow0(double above, double below, double[] x, int i, double[] y, int j, int n) {
        double[] exponential = Buffers.get()[1];
        expm1(x, i, exponential, 0, n);
        Float64Exp.below0(above, below, x, i, exponential, y, j, n);
    }

    private static void log1p(double[] x, int i, double[] y, int j, int n) {
        double[][] buffers = Buffers.get();
        Float64Log.lost(x, i, buffers[1], n);
        Float64Log.log1p(x, i, buffers[1], buffers[0], n);
        Float64Log.signed(x, i, buffers[0], y, j, n);
    }

    /** Computes {@code log(1 + e^(−|x|))}. */
    private static double[] logOfOnePlusPower(double[] x, int i, int n) {
        double[][] buffers = Buffers.get();
        double[] log = buffers[0];
        Float64Exp.negativeMagnitude(x, i, log, n);
        exp(log, 0, log, 0, n, buffers[2]);
        Float64Log.lost(log, 0, buffers[1], n);
        Float64Log.log1p(log, 0, buffers[1], log, n);
        return log;
    }
}
