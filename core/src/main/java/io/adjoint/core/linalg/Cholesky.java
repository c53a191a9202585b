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
            eliminate(order);
            order++;
        }
        definite = order;
    }

    private void eliminate(int i) {
        double[] pivot = rows[i];
        pivot[i] = Math.sqrt(pivot[i]);
        double reciprocal = 1 / pivot[i];
        for (int j = i + 1; j < pivot.length; j++) {
            pivot[j] *= reciprocal;
        }
        for (int r = i + 1; r < pivot.length; r++) {
            double[] row = rows[r];
            double factor = pivot[r];
            for (int j = r; j < row.length; j++) {
                row[j] -= factor * pivot[j];
            }
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
