package io.adjoint.core;

/**
 * {@link AttentionLoops} in {@code double[]}. The float version is generated from this file. All arrays of a loop are accessed with one
 * index: with an index for each array, the JIT would not vectorise the loop.
 */
final class DoubleAttentionLoops implements AttentionLoops<double[]> {
    @Override
    public void multiply(double[] x, int from, int n, /*wide*/ double factor) {
        double f = (double) factor;
        for (int e = from; e < from + n; e++) {
            x[e] = x[e] * f;
        }
    }

    @Override
    public void subtract(double[] x, int from, int rows, int columns, /*wide*/ double[] shifts) {
        for (int r = 0; r < rows; r++) {
            int row = from + r * columns;
            double s = (double) shifts[r];
            for (int e = row; e < row + columns; e++) {
                x[e] = x[e] - s;
            }
        }
    }

    @Override
    public void divide(double[] x, int from, int rows, int columns, /*wide*/ double[] divisors) {
        for (int r = 0; r < rows; r++) {
            int row = from + r * columns;
            double d = (double) divisors[r];
            for (int e = row; e < row + columns; e++) {
                x[e] = x[e] / d;
            }
        }
    }

    @Override
    public void gradient(double[] g, double[] w, int from, int rows, int columns, /*wide*/ double[] means) {
        for (int r = 0; r < rows; r++) {
            int row = from + r * columns;
            double m = (double) means[r];
            for (int e = row; e < row + columns; e++) {
                g[e] = (g[e] - m) * w[e];
            }
        }
    }
}
