package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.UnaryFunction;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each function of FLOAT32 is within 1 ulp of the function of FLOAT64, and has the same bits by vectors and by the default loops: for all
 * 2³² floats if there are more tries than 1000 (the profile 'thorough'), which prints the largest errors; else for some of them.
 */
class Float32AccuracyTest {
    private static final boolean ALL = Integer.getInteger("adjoint.tries", 100) > 1000;
    private static final int BLOCK = 4096;
    private static final int PARTS = 64;
    private static final long FLOATS = 1L << 32;
    private static final Random RANDOM = new Random(1);

    private final FunctionLoops<float[]> lanes = Float32Lanes.functions();

    @ParameterizedTest
    @EnumSource
    void aFunctionIsWithinOneUlpAndTheSameByVectors(UnaryFunction f) {
        long start = System.nanoTime();
        double largest = overFloats(bits -> largestError(f, bits));
        if (ALL) {
            System.out.printf("%s: %.3f ulp, %d s%n", f, largest, (System.nanoTime() - start) / 1_000_000_000);
        }
        assertThat(largest).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = ".*_GRADIENT", mode = EnumSource.Mode.MATCH_ALL)
    void aGradientIsWithinOneUlpWhereItsTermsDoNotCancelAndTheSameByVectors(BinaryFunction f) {
        assertThat(overFloats(bits -> largestError(f, bits))).isLessThanOrEqualTo(1);
    }

    private interface Check {
        double largestError(long[] bits);
    }

    /** The largest of the errors that a check finds in blocks of floats, which are given by their bits. */
    private static double overFloats(Check check) {
        if (ALL) {
            return IntStream.range(0, PARTS)
                    .parallel()
                    .mapToDouble(part -> {
                        double largest = 0;
                        for (long from = part * (FLOATS / PARTS); from < (part + 1) * (FLOATS / PARTS); from += BLOCK) {
                            largest = Math.max(largest, check.largestError(block(from, 1)));
                        }
                        return largest;
                    })
                    .max()
                    .getAsDouble();
        }
        long[] edges = LongStream.range(0, 512)
                .flatMap(exponent -> LongStream.rangeClosed(-4, 3).map(k -> (exponent << 23) + k))
                .toArray();
        double largest = check.largestError(edges);
        for (int block = 0; block < 30; block++) {
            largest = Math.max(largest, check.largestError(block(RANDOM.nextInt(), FLOATS / BLOCK)));
        }
        return largest;
    }

    private static long[] block(long from, long stride) {
        return LongStream.range(0, BLOCK).map(k -> from + k * stride).toArray();
    }

    private double largestError(UnaryFunction f, long[] bits) {
        int n = bits.length;
        float[] x = floats(bits);
        double[] exact = doubles(x);
        f.apply(exact, 0, exact, 0, n);
        float[] actual = new float[n];
        f.apply(x, 0, actual, 0, n);
        float[] byVectors = new float[n];
        lanes.get(f).apply(x, 0, byVectors, 0, n);
        double largest = 0;
        for (int e = 0; e < n; e++) {
            check(f, x[e], actual[e], byVectors[e]);
            largest = Math.max(largest, error(actual[e], exact[e]));
        }
        return largest;
    }

    private double largestError(BinaryFunction f, long[] bits) {
        int n = bits.length;
        float[] x = floats(bits);
        float[] g = new float[n];
        for (int e = 0; e < n; e++) {
            g[e] = (float) (1 + 0.1 * (e % 7));
        }
        double[] exact = doubles(x);
        f.apply(doubles(g), 0, exact, 0, exact, 0, n);
        float[] actual = new float[n];
        f.apply(g, 0, x, 0, actual, 0, n);
        float[] byVectors = new float[n];
        lanes.get(f).apply(g, 0, x, 0, byVectors, 0, n);
        double largest = 0;
        for (int e = 0; e < n; e++) {
            check(f, x[e], actual[e], byVectors[e]);
            // Terms of order 1 may cancel, so an absolute error below 2⁻²⁸ is no error, too.
            if (!(Math.abs(actual[e] - exact[e]) < 0x1p-28)) {
                largest = Math.max(largest, error(actual[e], exact[e]));
            }
        }
        return largest;
    }

    private static void check(Object f, float x, float actual, float byVectors) {
        if (Float.floatToIntBits(actual) != Float.floatToIntBits(byVectors)) {
            throw new AssertionError(f + " of " + x + ": " + byVectors + " by vectors, else " + actual);
        }
    }

    /**
     * The error in ulps; an ulp is the distance of the two floats that enclose the exact value. Infinite if only one of the two values is
     * NaN.
     */
    private static double error(float actual, double exact) {
        float nearest = (float) exact;
        if (Float.compare(actual, nearest) == 0 && !(Math.abs(exact) <= Float.MAX_VALUE)) {
            return 0;
        }
        float magnitude = Math.abs(nearest);
        float below = magnitude > Math.abs(exact) ? Math.nextDown(magnitude) : magnitude;
        double ulp = (double) Math.nextUp(below) - below;
        double error = Math.abs(actual - exact) / ulp;
        return error >= 0 ? error : Double.POSITIVE_INFINITY;
    }

    private static float[] floats(long[] bits) {
        float[] floats = new float[bits.length];
        for (int e = 0; e < floats.length; e++) {
            floats[e] = Float.intBitsToFloat((int) bits[e]);
        }
        return floats;
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int e = 0; e < floats.length; e++) {
            doubles[e] = floats[e];
        }
        return doubles;
    }
}
