package io.adjoint.core;

/** {@link DropoutLoops} in {@code double[]}. The float version is generated from this file. */
final class DoubleDropoutLoops implements DropoutLoops<double[]> {
    @Override
    public void apply(
            double[] x,
            int from,
            long first,
            int n,
            long seed,
            long threshold,
            /*wide*/ double scale,
            double[] y,
            int to) {
        // The factor is read from a table, since a branch on random bits can't be predicted.
        double[] factors = {(double) scale, 0};
        int e = 0;
        if (n > 0 && (first & 1) != 0) {
            long bits = DropoutKernels.bits(seed, first >>> 1);
            y[to] = x[from] * factors[(int) (((bits & 0xffffffffL) - threshold) >>> 63)];
            e = 1;
        }
        for (; e + 1 < n; e += 2) {
            long bits = DropoutKernels.bits(seed, (first + e) >>> 1);
            y[to + e] = x[from + e] * factors[(int) (((bits >>> 32) - threshold) >>> 63)];
            y[to + e + 1] = x[from + e + 1] * factors[(int) (((bits & 0xffffffffL) - threshold) >>> 63)];
        }
        if (e < n) {
            long bits = DropoutKernels.bits(seed, (first + e) >>> 1);
            y[to + e] = x[from + e] * factors[(int) (((bits >>> 32) - threshold) >>> 63)];
        }
    }
}
