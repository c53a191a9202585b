package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * {@link DropoutLoops} in {@code double[]}. The float version is generated from this file.
 *
 * @hidden
 */
@Internal
public final class DoubleDropoutLoops implements DropoutLoops<double[]> {
    /** The number that SplitMix64 adds to its state before each output. */
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    @Override
    public void apply(
            double[] x,
            int from,
            long first,
            int n,
            long seed,
            /*wide*/ double p,
            /*wide*/ double scale,
            double[] y,
            int to) {
        // An element is dropped if its 32 random bits are below the threshold.
        long threshold = Math.round(p * 0x1p32);
        // The factor is read from a table, since a branch on random bits can't be predicted.
        double[] factors = {(double) scale, 0};
        int e = 0;
        if (n > 0 && (first & 1) != 0) {
            long bits = bits(seed, first >>> 1);
            y[to] = x[from] * factors[(int) (((bits & 0xffffffffL) - threshold) >>> 63)];
            e = 1;
        }
        for (; e + 1 < n; e += 2) {
            long bits = bits(seed, (first + e) >>> 1);
            y[to + e] = x[from + e] * factors[(int) (((bits >>> 32) - threshold) >>> 63)];
            y[to + e + 1] = x[from + e + 1] * factors[(int) (((bits & 0xffffffffL) - threshold) >>> 63)];
        }
        if (e < n) {
            long bits = bits(seed, (first + e) >>> 1);
            y[to + e] = x[from + e] * factors[(int) (((bits >>> 32) - threshold) >>> 63)];
        }
    }

    /**
     * The random bits of the elements 2k (upper half) and 2k + 1 (lower half): SplitMix64's output for the state {@code seed + k·GAMMA}.
     */
    private static long bits(long seed, long k) {
        long z = seed + k * GAMMA;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
