package io.adjoint.simd;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.UnaryFunction;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of FLOAT64 in vectors, by the operations of the default loops in their order, so their bits are the same. What has no
 * loop here, what is left over by the vectors, and arguments beyond those of networks' numbers are left to the default loops.
 *
 * <p>Arguments go through in chunks, which stay in the first-level cache from loop to loop. No loop is longer than what the JIT compiles
 * without giving up on keeping vectors in registers.
 */
final class Float64Lanes implements FunctionLoops<double[]> {
    static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    static final VectorSpecies<Long> BITS = VectorSpecies.of(long.class, Vectors.SHAPE);
    static final int LANES = SPECIES.length();

    /** Fewer arguments are left to the default loops, since a JVM that has few runs the vectors' code before it is compiled. */
    private static final int MIN = Math.min(256, Integer.getInteger("adjoint.simd.minWork", 256));

    private static final int CHUNK = 512;

    private final FunctionLoops<double[]> plain;

    Float64Lanes(FunctionLoops<double[]> plain) {
        this.plain = plain;
    }

    /** The largest magnitude that the vectors compute; 0 of functions that they don't. */
    private static double limit(UnaryFunction f) {
        return switch (f) {
            case EXP, SIGMOID, SILU -> 700;
            case TANH -> 300;
            default -> 0;
        };
    }

    @Override
    public void apply(UnaryFunction f, double[] x, int i, double[] y, int j, int n) {
        double limit = limit(f);
        int whole = n < MIN || limit == 0 ? 0 : n - n % LANES;
        double[] part = new double[Math.min(whole, CHUNK)];
        for (int done = 0; done < whole; done += CHUNK) {
            int m = Math.min(CHUNK, whole - done);
            int from = i + done;
            int to = j + done;
            double[] kept = isWithin(limit, x, from, m) ? null : Arrays.copyOfRange(x, from, from + m);
            run(f, x, from, y, to, m, part);
            if (kept != null) {
                for (int e = 0; e < m; e++) {
                    if (!(Math.abs(kept[e]) <= limit)) {
                        plain.apply(f, kept, e, y, to + e, 1);
                    }
                }
            }
        }
        if (whole < n) {
            plain.apply(f, x, i + whole, y, j + whole, n - whole);
        }
    }

    private static void run(UnaryFunction f, double[] x, int i, double[] y, int j, int n, double[] part) {
        switch (f) {
            case EXP -> Float64Exp.exp(x, i, y, j, n);
            case SIGMOID -> {
                Float64Exp.exp(x, i, y, j, n);
                Float64Exp.logistic(y, j, n);
            }
            case SILU -> {
                Float64Exp.exp(x, i, part, 0, n);
                Float64Exp.timesLogistic(x, i, part, y, j, n);
            }
            case TANH -> {
                Float64Exp.fractionLess(x, i, part, n);
                Float64Exp.tanh(x, i, part, y, j, n);
            }
            default -> throw new AssertionError(f);
        }
    }

    private static boolean isWithin(double limit, double[] x, int i, int n) {
        // Bits of magnitudes are ordered as they are, NaN's above all.
        long bits = Double.doubleToRawLongBits(limit);
        LongVector least = LongVector.zero(BITS);
        for (int e = 0; e < n; e += LANES) {
            LongVector magnitude =
                    DoubleVector.fromArray(SPECIES, x, i + e).abs().reinterpretAsLongs();
            least = least.or(LongVector.broadcast(BITS, bits).sub(magnitude));
        }
        return least.reduceLanes(VectorOperators.OR) >= 0;
    }

    @Override
    public void apply(BinaryFunction f, double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        plain.apply(f, x, i, y, j, z, k, n);
    }
}
