package io.adjoint.core.linalg;

import io.adjoint.core.Internal;

/**
 * The Cholesky decomposition {@code A = L·Lᵀ} of one matrix. The innermost loops run along rows of Lᵀ, for the JIT's vector instructions;
 * each element is a sum in the order of the columns of L.
 *
 * @hidden
 */
@Internal
public final class Cholesky {
    /** The number of rows that are finished before the rows after them are read. */
    private static final int GROUP = 4;

    /** The rows of Lᵀ, with zeros before the diagonal. */
    private final double[][] rows;

    private final int definite;

    /** Decomposes {@code A + damping·I}, of whose n rows of n numbers only the upper triangle is read. */
    public Cholesky(int n, double[] matrix, double damping) {
        rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix, i * n + i, rows[i], i, n - i);
            rows[i][i] += damping;
        }
        int order = 0;
        while (order < n && rows[order][order] > 0) {
            int first = order / GROUP * GROUP;
            int end = Math.min(first + GROUP, n);
            finish(order);
            for (int r = order + 1; r < end; r++) {
                subtract(order, rows[r], r);
            }
            order++;
            if (order == end) {
                for (int r = end; r < n; r++) {
                    subtractGroup(first, rows[r], r);
                }
            }
        }
        definite = order;
    }

    /** Turns the i-th row of the remaining matrix into a row of Lᵀ. */
    private void finish(int i) {
        double[] pivot = rows[i];
        pivot[i] = Math.sqrt(pivot[i]);
        double reciprocal = 1 / pivot[i];
        for (int j = i + 1; j < pivot.length; j++) {
            pivot[j] *= reciprocal;
        }
    }

    private void subtract(int i, double[] row, int r) {
        double[] pivot = rows[i];
        double factor = pivot[r];
        for (int j = r; j < row.length; j++) {
            row[j] -= factor * pivot[j];
        }
    }

    /** Subtracts the multiples of four finished rows, one after the other, in one pass over a row. */
    private void subtractGroup(int first, double[] row, int r) {
        double[] p0 = rows[first];
        double[] p1 = rows[first + 1];
        double[] p2 = rows[first + 2];
        double[] p3 = rows[first + 3];
        double f0 = p0[r];
        double f1 = p1[r];
        double f2 = p2[r];
        double f3 = p3[r];
        for (int j = r; j < row.length; j++) {
            row[j] = row[j] - f0 * p0[j] - f1 * p1[j] - f2 * p2[j] - f3 * p3[j];
        }
    }

    /** The order of the largest leading block that is positive-definite; n if the matrix is. */
    public int definite() {
        return definite;
    }

    /** The n rows of n numbers of L. */
    double[] lower() {
        int n = rows.length;
        double[] lower = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                lower[i * n + j] = rows[j][i];
            }
        }
        return lower;
    }

    /** The solution of {@code L·x = b}. */
    public double[] solveLower(double[] b) {
        double[] x = b.clone();
        for (int i = 0; i < x.length; i++) {
            double[] row = rows[i];
            x[i] /= row[i];
            double factor = x[i];
            for (int j = i + 1; j < x.length; j++) {
                x[j] -= row[j] * factor;
            }
        }
        return x;
    }

    /** The solution of {@code Lᵀ·x = b}. */
    public double[] solveUpper(double[] b) {
        double[] x = b.clone();
        for (int i = x.length - 1; i >= 0; i--) {
            double[] row = rows[i];
            double sum = x[i];
            for (int j = i + 1; j < x.length; j++) {
                sum -= row[j] * x[j];
            }
            x[i] = sum / row[i];
        }
        return x;
    }
}
