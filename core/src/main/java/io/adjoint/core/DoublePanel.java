package io.adjoint.core;

import io.adjoint.core.Products.Matrix;
import java.util.Arrays;

/**
 * A part of the right operand of a product, each of its rows in an array of its own. Only where the arrays of a loop share one index
 * does the JIT make vector instructions of it. So this takes less than half the time of EJML's loops once there are enough columns to
 * fill vectors, and enough rows to pay for the copy.
 */
final class DoublePanel {
    /** The columns that stay in the second-level cache while they are used for all rows of a block. */
    static final int WIDTH = 256;

    private final double[][] rows;
    private final double[] zeros;
    private final double[] sums;
    private int terms;
    private int width;

    private DoublePanel(int terms, int width) {
        rows = new double[terms][width];
        zeros = new double[width];
        sums = new double[width];
    }

    /** Adds so many rows and columns of the product, from {@code top} and {@code left} on, to those of the result. */
    static void multiply(Matrix a, int top, int rows, Matrix b, int left, int columns, double[] out, int at) {
        int depth = DoubleProducts.DEPTH;
        DoublePanel panel = new DoublePanel(Math.min(a.columns(), depth), Math.min(columns, WIDTH));
        for (int j = left; j < left + columns; j += WIDTH) {
            for (int k = 0; k < a.columns(); k += depth) {
                panel.width = Math.min(left + columns - j, WIDTH);
                panel.terms = Math.min(a.columns() - k, depth);
                panel.fill(b, k, j);
                for (int i = top; i < top + rows; i++) {
                    panel.sum(a, i, k);
                    panel.addTo(out, at + i * b.columns() + j);
                }
            }
        }
    }

    private void fill(Matrix b, int top, int left) {
        double[] from = (double[]) b.storage();
        int corner = b.offset() + top * b.rowStride() + left * b.columnStride();
        if (b.columnStride() == 1) {
            for (int k = 0; k < terms; k++) {
                System.arraycopy(from, corner + k * b.rowStride(), rows[k], 0, width);
            }
            return;
        }
        for (int j = 0; j < width; j++) {
            int at = corner + j * b.columnStride();
            for (int k = 0; k < terms; k++) {
                rows[k][j] = from[at + k * b.rowStride()];
            }
        }
    }

    /** The sums of this part of a row of the product. */
    private void sum(Matrix a, int row, int first) {
        double[] as = (double[]) a.storage();
        int stride = a.columnStride();
        int p = a.offset() + row * a.rowStride() + first * stride;
        Arrays.fill(sums, 0, width, 0);
        int k = 0;
        for (; k + 4 <= terms; k += 4, p += 4 * stride) {
            add(
                    as[p],
                    rows[k],
                    as[p + stride],
                    rows[k + 1],
                    as[p + 2 * stride],
                    rows[k + 2],
                    as[p + 3 * stride],
                    rows[k + 3]);
        }
        for (; k < terms; k++, p += stride) {
            add(as[p], rows[k], 0, zeros, 0, zeros, 0, zeros);
        }
    }

    /** Four terms, one after the other. With more, or for two rows at once, the JIT of JDK 17 does not always make vectors. */
    private void add(double a0, double[] b0, double a1, double[] b1, double a2, double[] b2, double a3, double[] b3) {
        double[] s = sums;
        int n = width;
        for (int j = 0; j < n; j++) {
            s[j] = s[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private void addTo(double[] out, int at) {
        for (int j = 0; j < width; j++) {
            out[at + j] += sums[j];
        }
    }
}
