package io.adjoint.simd;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.math.Buffers;
import io.adjoint.core.math.ElementaryFunctions;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@link FunctionLoops} for FLOAT64, computed in vectors by the operations of the default loops in the same order, and so
 * with the same bits. The default loops compute functions that have no loop here, elements that do not fill a vector, and arguments far
 * outside the range that networks use.
 *
 * <p>Arguments are processed in chunks, which stay in the first-level cache from loop to loop. Each loop is short enough for the JIT to
 * keep its vectors in registers.
 */
final class Float64Lanes implements FunctionLoops<double[]> {
    static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    static final VectorSpecies<Long> BITS = VectorSpecies.of(long.class, Vectors.SHAPE);
    static final int LANES = SPECIES.length();

    private static final int CHUNK = Buffers.RUN;
    private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final FunctionLoops<double[]> plain;

    Float64Lanes(FunctionLoops<double[]> plain) {
        this.plain = plain;
    }

    /** The interval of arguments for which the vector loops of a function give right results. */
    private record Domain(double min, double max) {
        static final Domain NORMAL_POWERS = new Domain(-700, 700);
        static final Domain NORMAL_SQUARES = new Domain(-300, 300);
        static final Domain NORMAL_NUMBERS = new Domain(Double.MIN_NORMAL, Double.MAX_VALUE);
        static final Domain ABOVE_MINUS_1 = new Domain(Math.nextUp(-1.0), 0x1p54);
        static final Domain CUBES = new Domain(-20, 20);

        boolean contains(double x) {
            return x >= min && x <= max;
        }

        boolean contains(double[] x, int i, int n) {
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

    private static @Nullable Domain domain(UnaryFunction f) {
        return switch (f) {
            case ELU, EXP, EXPM1, LOG_SIGMOID, SELU, SIGMOID, SILU, SOFTPLUS -> Domain.NORMAL_POWERS;
            case TANH -> Domain.NORMAL_SQUARES;
            case LOG -> Domain.NORMAL_NUMBERS;
            case LOG1P -> Domain.ABOVE_MINUS_1;
            case GELU_TANH -> Domain.CUBES;
            default -> null;
        };
    }

    @Override
    public void apply(UnaryFunction f, double[] x, int i, double[] y, int j, int n) {
        int whole = DoubleArithmetic.whole(n);
        Domain domain = domain(f);
        if (f == UnaryFunction.NEG) {
            DoubleArithmetic.neg(x, i, y, j, whole);
        } else if (f == UnaryFunction.RELU) {
            DoubleArithmetic.relu(x, i, y, j, whole);
        } else if (domain == null) {
            whole = 0;
        } else if (whole > 0) {
            apply(f, domain, x, i, y, j, whole);
        }
        if (whole < n) {
            plain.apply(f, x, i + whole, y, j + whole, n - whole);
        }
    }

    /** Applies f to n elements that fill whole vectors; the default loops compute the elements outside the domain. */
    private void apply(UnaryFunction f, Domain domain, double[] x, int i, double[] y, int j, int n) {
        double[][] buffers = Buffers.get();
        for (int done = 0; done < n; done += CHUNK) {
            int m = Math.min(CHUNK, n - done);
            int from = i + done;
            int to = j + done;
            double[] kept = domain.contains(x, from, m) ? null : Arrays.copyOfRange(x, from, from + m);
            run(f, x, from, y, to, m, buffers[0], buffers[1], buffers[2]);
            if (kept != null) {
                for (int e = 0; e < m; e++) {
                    if (!domain.contains(kept[e])) {
                        plain.apply(f, kept, e, y, to + e, 1);
                    }
                }
            }
        }
    }

    private static void run(
            UnaryFunction f, double[] x, int i, double[] y, int j, int n, double[] part, double[] low, double[] rest) {
        switch (f) {
            case EXP -> exp(x, i, y, j, n, rest);
            case EXPM1 -> {
                expm1(x, i, part, n, rest);
                Float64Log.signed(x, i, part, y, j, n);
            }
            case ELU -> exponentialBelow0(1, 1, x, i, y, j, n, part, rest);
            case SELU ->
                exponentialBelow0(
                        ElementaryFunctions.SELU_SCALE,
                        ElementaryFunctions.SELU_SCALE_ALPHA,
                        x,
                        i,
                        y,
                        j,
                        n,
                        part,
                        rest);
            case GELU_TANH -> {
                Float64Gelu.argument(x, i, part, low, n);
                Float64Exp.rest(part, low, rest, n);
                Float64Exp.exp(part, low, rest, part, n);
                Float64Exp.timesLogistic(x, i, part, y, j, n);
            }
            case LOG -> Float64Log.log(x, i, y, j, n);
            case LOG1P -> {
                Float64Log.lost(x, i, low, n);
                Float64Log.log1p(x, i, low, part, n);
                Float64Log.signed(x, i, part, y, j, n);
            }
            case LOG_SIGMOID -> {
                logOfOnePlusPower(x, i, n, part, low, rest);
                Float64Log.logSigmoid(x, i, part, y, j, n);
            }
            case SOFTPLUS -> {
                logOfOnePlusPower(x, i, n, part, low, rest);
                Float64Log.softplus(x, i, part, y, j, n);
            }
            case SIGMOID -> {
                exp(x, i, y, j, n, rest);
                Float64Exp.logistic(y, j, n);
            }
            case SILU -> {
                exp(x, i, part, 0, n, rest);
                Float64Exp.timesLogistic(x, i, part, y, j, n);
            }
            case TANH -> {
                Float64Exp.twice(x, i, part, n);
                Float64Exp.rest(part, 0, rest, n);
                Float64Exp.tanh(part, rest, n);
                Float64Log.signed(x, i, part, y, j, n);
            }
            default -> throw new AssertionError(f);
        }
    }

    private static void exp(double[] x, int i, double[] y, int j, int n, double[] rest) {
        Float64Exp.rest(x, i, rest, n);
        Float64Exp.exp(x, i, rest, y, j, n);
    }

    private static void expm1(double[] x, int i, double[] part, int n, double[] rest) {
        Float64Exp.rest(x, i, rest, n);
        Float64Exp.fractionLess(x, i, rest, part, n);
        Float64Exp.expm1(x, i, part, n);
    }

    private static void exponentialBelow0(
            double above, double below, double[] x, int i, double[] y, int j, int n, double[] part, double[] rest) {
        expm1(x, i, part, n, rest);
        Float64Log.signed(x, i, part, part, 0, n);
        Float64Exp.below0(above, below, x, i, part, y, j, n);
    }

    /** Computes {@code log(1 + e^(−|x|))} in the array {@code part}; {@code low} and {@code rest} hold intermediate results. */
    private static void logOfOnePlusPower(double[] x, int i, int n, double[] part, double[] low, double[] rest) {
        Float64Exp.negativeMagnitude(x, i, part, n);
        exp(part, 0, part, 0, n, rest);
        Float64Log.lost(part, 0, low, n);
        Float64Log.log1p(part, 0, low, part, n);
    }

    @Override
    public void apply(BinaryFunction f, double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        int whole = DoubleArithmetic.whole(n);
        switch (f) {
            case RELU_GRADIENT -> DoubleArithmetic.reluGradient(x, i, y, j, z, k, whole);
            case SIGMOID_GRADIENT -> sigmoidGradient(x, i, y, j, z, k, whole);
            case TANH_GRADIENT -> tanhGradient(x, i, y, j, z, k, whole);
            default -> whole = 0;
        }
        if (whole < n) {
            plain.apply(f, x, i + whole, y, j + whole, z, k + whole, n - whole);
        }
    }

    /** Computes the gradient {@code g·(y·(1 − y))} of the sigmoid from its value y and its upstream gradient g. */
    private static void sigmoidGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, j + e);
            DoubleVector slope = v.mul(DoubleVector.broadcast(SPECIES, 1).sub(v));
            DoubleVector.fromArray(SPECIES, g, i + e).mul(slope).intoArray(z, k + e);
        }
    }

    /** Computes the gradient {@code g·(1 − y²)} of tanh from its value y and its upstream gradient g. */
    private static void tanhGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, j + e);
            DoubleVector slope = DoubleVector.broadcast(SPECIES, 1).sub(v.mul(v));
            DoubleVector.fromArray(SPECIES, g, i + e).mul(slope).intoArray(z, k + e);
        }
    }
}
