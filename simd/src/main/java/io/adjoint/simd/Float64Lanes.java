package io.adjoint.simd;

import static io.adjoint.core.BinaryFunction.*;
import static io.adjoint.core.UnaryFunction.*;
import static io.adjoint.core.math.ElementaryFunctions.SELU_SCALE;
import static io.adjoint.core.math.ElementaryFunctions.SELU_SCALE_ALPHA;

import io.adjoint.core.FunctionLoops;
import io.adjoint.core.FunctionLoops.BinaryLoop;
import io.adjoint.core.FunctionLoops.UnaryLoop;
import io.adjoint.core.math.Buffers;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of FLOAT64 in vectors, by the operations of the default loops in the same order, so the results have the same bits. The
 * default loops compute functions that have no loop here, elements that do not fill a vector, and arguments far outside the range that
 * networks use.
 *
 * <p>Arguments are processed in chunks, which stay in the first-level cache from loop to loop. Each loop is short enough for the JIT to
 * keep its vectors in registers.
 */
final class Float64Lanes {
    static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    static final VectorSpecies<Long> BITS = VectorSpecies.of(long.class, Vectors.SHAPE);
    static final int LANES = SPECIES.length();

    private static final int CHUNK = Buffers.RUN;
    private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private Float64Lanes() {}

    /** The interval of arguments for which the vector loops are right. */
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
            // One of three differences is negative for every x outside of the domain: x − min, max − x, or, for NaN,
            // the bits of infinity minus the bits of max − x.
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

    /** A function of at most a chunk of elements that fill whole vectors; {@code part}, {@code low} and {@code rest} are workspace. */
    private interface Chunk {
        void run(double[] x, int i, double[] y, int j, int n, double[] part, double[] low, double[] rest);
    }

    /** Returns a copy of the table in which the vector loops of this class replace default loops. */
    static FunctionLoops<double[]> in(FunctionLoops<double[]> loops) {
        return loops.with(ELU, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    exponentialBelow0(1, 1, x, i, y, j, n, part, rest);
                }))
                .with(EXP, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    exp(x, i, y, j, n, rest);
                }))
                .with(EXPM1, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    expm1(x, i, part, n, rest);
                    Float64Log.signed(x, i, part, y, j, n);
                }))
                .with(GELU_TANH, within(Domain.CUBES, (x, i, y, j, n, part, low, rest) -> {
                    Float64Gelu.argument(x, i, part, low, n);
                    Float64Exp.rest(part, low, rest, n);
                    Float64Exp.exp(part, low, rest, part, n);
                    Float64Exp.timesLogistic(x, i, part, y, j, n);
                }))
                .with(LOG, within(Domain.NORMAL_NUMBERS, (x, i, y, j, n, part, low, rest) -> {
                    Float64Log.log(x, i, y, j, n);
                }))
                .with(LOG1P, within(Domain.ABOVE_MINUS_1, (x, i, y, j, n, part, low, rest) -> {
                    Float64Log.lost(x, i, low, n);
                    Float64Log.log1p(x, i, low, part, n);
                    Float64Log.signed(x, i, part, y, j, n);
                }))
                .with(LOG_SIGMOID, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    logOfOnePlusPower(x, i, n, part, low, rest);
                    Float64Log.logSigmoid(x, i, part, y, j, n);
                }))
                .with(NEG, whole(DoubleArithmetic::neg))
                .with(RELU, whole(DoubleArithmetic::relu))
                .with(SELU, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    exponentialBelow0(SELU_SCALE, SELU_SCALE_ALPHA, x, i, y, j, n, part, rest);
                }))
                .with(SIGMOID, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    exp(x, i, y, j, n, rest);
                    Float64Exp.logistic(y, j, n);
                }))
                .with(SILU, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    exp(x, i, part, 0, n, rest);
                    Float64Exp.timesLogistic(x, i, part, y, j, n);
                }))
                .with(SOFTPLUS, within(Domain.NORMAL_POWERS, (x, i, y, j, n, part, low, rest) -> {
                    logOfOnePlusPower(x, i, n, part, low, rest);
                    Float64Log.softplus(x, i, part, y, j, n);
                }))
                .with(TANH, within(Domain.NORMAL_SQUARES, (x, i, y, j, n, part, low, rest) -> {
                    Float64Exp.twice(x, i, part, n);
                    Float64Exp.rest(part, 0, rest, n);
                    Float64Exp.tanh(part, rest, n);
                    Float64Log.signed(x, i, part, y, j, n);
                }))
                .with(RELU_GRADIENT, whole(DoubleArithmetic::reluGradient))
                .with(SIGMOID_GRADIENT, whole(Float64Lanes::sigmoidGradient))
                .with(TANH_GRADIENT, whole(Float64Lanes::tanhGradient));
    }

    /** Computes whole vectors, and the other elements by the default loop. */
    private static UnaryOperator<UnaryLoop<double[]>> whole(UnaryLoop<double[]> vectors) {
        return plain -> (x, i, y, j, n) -> {
            int whole = DoubleArithmetic.whole(n);
            if (whole > 0) {
                vectors.apply(x, i, y, j, whole);
            }
            if (whole < n) {
                plain.apply(x, i + whole, y, j + whole, n - whole);
            }
        };
    }

    private static UnaryOperator<BinaryLoop<double[]>> whole(BinaryLoop<double[]> vectors) {
        return plain -> (x, i, y, j, z, k, n) -> {
            int whole = DoubleArithmetic.whole(n);
            if (whole > 0) {
                vectors.apply(x, i, y, j, z, k, whole);
            }
            if (whole < n) {
                plain.apply(x, i + whole, y, j + whole, z, k + whole, n - whole);
            }
        };
    }

    /** Computes chunk by chunk, and the elements outside the domain by the default loop. */
    private static UnaryOperator<UnaryLoop<double[]>> within(Domain domain, Chunk vectors) {
        return plain -> whole((x, i, y, j, n) -> {
                    double[][] buffers = Buffers.get();
                    for (int done = 0; done < n; done += CHUNK) {
                        int m = Math.min(CHUNK, n - done);
                        int from = i + done;
                        int to = j + done;
                        double[] kept = domain.contains(x, from, m) ? null : Arrays.copyOfRange(x, from, from + m);
                        vectors.run(x, from, y, to, m, buffers[0], buffers[1], buffers[2]);
                        if (kept != null) {
                            for (int e = 0; e < m; e++) {
                                if (!domain.contains(kept[e])) {
                                    plain.apply(kept, e, y, to + e, 1);
                                }
                            }
                        }
                    }
                })
                .apply(plain);
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

    /** Computes {@code log(1 + e^(−|x|))}. */
    private static void logOfOnePlusPower(double[] x, int i, int n, double[] part, double[] low, double[] rest) {
        Float64Exp.negativeMagnitude(x, i, part, n);
        exp(part, 0, part, 0, n, rest);
        Float64Log.lost(part, 0, low, n);
        Float64Log.log1p(part, 0, low, part, n);
    }

    /** Computes {@code g·(y·(1 − y))}. */
    private static void sigmoidGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, j + e);
            DoubleVector slope = v.mul(DoubleVector.broadcast(SPECIES, 1).sub(v));
            DoubleVector.fromArray(SPECIES, g, i + e).mul(slope).intoArray(z, k + e);
        }
    }

    /** Computes {@code g·(1 − y²)}. */
    private static void tanhGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, j + e);
            DoubleVector slope = DoubleVector.broadcast(SPECIES, 1).sub(v.mul(v));
            DoubleVector.fromArray(SPECIES, g, i + e).mul(slope).intoArray(z, k + e);
        }
    }
}
