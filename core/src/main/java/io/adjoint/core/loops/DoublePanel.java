package io.adjoint.core.loops;

import io.adjoint.core.loops.ProductLoops.Matrix;
import java.lang.ref.SoftReference;
import java.util.Arrays;

/**
 * A copy of a part of a matrix product's right operand, with a Java array for each row. The JIT vectorises a loop only if all its arrays
 * share one index, as the rows of a panel do. With enough columns to fill vectors, and enough rows to pay for the copy, a product by panels
 * takes half to a quarter of the time of loops over rows or columns.
 */
final class DoublePanel {
    /**
     * The largest number of columns, so that a panel stays in the second-level cache while all rows of a block of the left operand are
     * multiplied by it.
     */
    static final int WIDTH = 256;

    /**
     * The number of rows of the product that are computed together: four rows of the panel at a time contribute to all of them while these
     * four rows are in the first-level cache.
     */
    private static final int AT_ONCE = 8;

    private static final int ZEROS = AT_ONCE;
    private static final int FIRST = AT_ONCE + 1;

    /**
     * The rows of a thread's last panel, kept for its next panel: new arrays, of half a megabyte, would have to be cleared and would not be
     * in the caches. The garbage collector takes the rows back if memory runs short. The kept objects have classes of the JDK, so a thread
     * keeps no class of this library loaded.
     */
    private static final ThreadLocal<SoftReference<double[][]>> KEPT = new ThreadLocal<>();

    /**
     * The array consists of three parts: {@link #AT_ONCE} rows in which the sums of rows of the product are computed; a row of zeros, which
     * replaces missing rows where fewer than four rows of the panel are left; and, from the index {@link #FIRST} on, the rows of the panel.
     */
    private final double[][] rows;

    private int terms;
    private int width;

    private DoublePanel(int terms, int width) {
        rows = rows(FIRST + terms, width);
    }

    private static double[][] rows(int count, int width) {
        SoftReference<double[][]> reference = KEPT.get();
        double[][] rows = reference == null ? null : reference.get();
        if (rows == null) {
            rows = new double[count][width];
            KEPT.set(new SoftReference<>(rows));
        } else if (rows.length < count || rows[0].length < width) {
            rows = new double[Math.max(count, rows.length)][Math.max(width, rows[0].length)];
            KEPT.set(new SoftReference<>(rows));
        }
        return rows;
    }

    /**
     * Adds a block of the product of a and b, the {@code rows × columns} elements from row {@code top} and column {@code left} on, to the
     * dense row-major result that begins at {@code out[at]}.
     */
    static void multiply(Matrix a, int top, int rows, Matrix b, int left, int columns, double[] out, int at) {
        int depth = ProductLoops.DEPTH;
        DoublePanel panel = new DoublePanel(Math.min(a.columns(), depth), Math.min(columns, WIDTH));
        for (int j = left; j < left + columns; j += WIDTH) {
            for (int k = 0; k < a.columns(); k += depth) {
                panel.width = Math.min(left + columns - j, WIDTH);
                panel.terms = Math.min(a.columns() - k, depth);
                panel.fill(b, k, j);
                for (int i = top; i < top + rows; i += AT_ONCE) {
                    int count = Math.min(top + rows - i, AT_ONCE);
                    panel.sum(a, i, count, k);
                    for (int r = 0; r < count; r++) {
                        panel.addTo(out, at + (i + r) * b.columns() + j, panel.rows[r]);
                    }
                }
            }
        }
    }

    private void fill(Matrix b, int top, int left) {
        double[] from = (double[]) b.storage();
        int corner = b.offset() + top * b.rowStride() + left * b.columnStride();
        if (b.columnStride() == 1) {
            for (int k = 0; k < terms; k++) {
                System.arraycopy(from, corner + k * b.rowStride(), rows[FIRST + k], 0, width);
            }
            return;
        }
        for (int j = 0; j < width; j++) {
            int at = corner + j * b.columnStride();
            for (int k = 0; k < terms; k++) {
                rows[FIRST + k][j] = from[at + k * b.rowStride()];
            }
        }
    }

    /**
     * Computes the contribution of this panel to {@code count} rows of the product, from row {@code top} on: sums of products of the
     * elements of a from column {@code first} on with the rows of the panel.
     */
    private void sum(Matrix a, int top, int count, int first) {
        double[] as = (double[]) a.storage();
        int stride = a.columnStride();
        int corner = a.offset() + top * a.rowStride() + first * stride;
        for (int r = 0; r < count; r++) {
            Arrays.fill(rows[r], 0, width, 0);
        }
        double[] zeros = rows[ZEROS];
        int k = 0;
        for (; k + 4 <= terms; k += 4) {
            for (int r = 0; r < count; r++) {
                int p = corner + r * a.rowStride() + k * stride;
                add(
                        rows[r],
                        as[p],
                        rows[FIRST + k],
                        as[p + stride],
                        rows[FIRST + k + 1],
                        as[p + 2 * stride],
                        rows[FIRST + k + 2],
                        as[p + 3 * stride],
                        rows[FIRST + k + 3],
                        width);
            }
        }
        for (; k < terms; k++) {
            for (int r = 0; r < count; r++) {
                double factor = as[corner + r * a.rowStride() + k * stride];
                add(rows[r], factor, rows[FIRST + k], 0, zeros, 0, zeros, 0, zeros, width);
            }
        }
    }

    /**
     * Adds four products to each of the sums in the row s, one after the other: a0 times the element of b0, then a1 times the element of
     * b1, and so on. With more products, or for two rows of sums at once, the JIT of JDK 17 does not always vectorise the loop.
     */
    private static void add(
            double[] s,
            double a0,
            double[] b0,
            double a1,
            double[] b1,
            double a2,
            double[] b2,
            double a3,
            double[] b3,
            int width) {
        for (int j = 0; j < width; j++) {
            s[j] = s[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private void addTo(double[] out, int at, double[] row) {
        for (int j = 0; j < width; j++) {
            out[at + j] += row[j];
        }
    }
}
