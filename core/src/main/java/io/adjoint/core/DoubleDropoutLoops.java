package io.adjoint.core;

/** {@link DropoutLoops} in {@code double[]}. The float version is generated from this file. */
final class DoubleDropoutLoops implements DropoutLoops<double[]> {
    @Override
    public void apply(
            double[] x, int from, int start, int end, long seed, long threshold, /*wide*/ double scale, double[] y) {
        // Picked from a table, as no branch could be predicted.
        double[] factors = {(double) scale, 0};
        int k = start;
        for (; k + 1 < end; k += 2) {
            long bits = DropoutKernels.bits(seed, k >>> 1);
            y[k] = x[from + k] * factors[(int) (((bits >>> 32) - threshold) >>> 63)];
            y[k + 1] = x[from + k + 1] * factors[(int) (((bits & 0xffffffffL) - threshold) >>> 63)];
        }
        if (k < end) {
            long bits = DropoutKernels.bits(seed, k >>> 1);
            y[k] = x[from + k] * factors[(int) (((bits >>> 32) - threshold) >>> 63)];
        }
    }
}
