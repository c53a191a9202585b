package io.adjoint.core;

/**
 * {@link AttentionLoops} in {@code double[]}. The float version is generated from this file. The arrays of a loop share one index, as
 * the JIT makes vector instructions of no other.
 */
final class DoubleAttentionLoops implements AttentionLoops<double[]> {
    @Override
    public void multiply(double[] x, int from, int to, /*wide*/ double factor) {
        double f = (double) factor;
        for (int e = from; e < to; e++) {
            x[e] = x[e] * f;
        }
    }

    @Override
    public void subtract(double[] x, int from, int to, /*wide*/ double shift) {
        double s = (double) shift;
        for (int e = from; e < to; e++) {
            x[e] = x[e] - s;
        }
    }

    @Override
    public void divide(double[] x, int from, int to, /*wide*/ double divisor) {
        double d = (double) divisor;
        for (int e = from; e < to; e++) {
            x[e] = x[e] / d;
        }
    }

    @Override
    public void gradient(double[] g, double[] w, int from, int to, /*wide*/ double mean) {
        double m = (double) mean;
        for (int e = from; e < to; e++) {
            g[e] = (g[e] - m) * w[e];
        }
    }
}
