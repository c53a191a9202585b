package io.adjoint.core;

import static org.ejml.dense.block.TileMultiplication_F32.tileMultPlus;
import static org.ejml.dense.block.TileMultiplication_F32.tileMultPlusTransA;
import static org.ejml.dense.block.TileMultiplication_F32.tileMultPlusTransB;
import static org.ejml.dense.block.TileMultiplication_F64.tileMultPlus;
import static org.ejml.dense.block.TileMultiplication_F64.tileMultPlusTransA;
import static org.ejml.dense.block.TileMultiplication_F64.tileMultPlusTransB;

/**
 * {@link Products} in {@code double[]}, by the loops that EJML's block matrices are multiplied with. The float twin is generated
 * from this file; both import EJML's loops for both types, and the type of the arrays picks the right ones.
 *
 * <p>Those loops take offsets and a stride a row, so slices, entries of a batch and matrices with one of their two axes dense are
 * read where they are; {@code DMatrixRMaj} has neither, so {@code CommonOps_DDRM} would need copies. From sums of about 16 terms
 * on they are also the faster ones: below are 10⁹ floating-point operations a second, of doubles, on one core of a shared x86-64
 * machine with JDK 17, each the best of three rounds of one run. Read them as ratios. Sizes are m · k · n; a "ᵀ" says that the
 * operand's columns are dense.
 *
 * <pre>
 *                        64·784·128  64·128·10  256·1024·1024  512·512·512   8·8·8   2·2·2
 * a·b    mult                   6.2        3.3            6.8          6.8     3.2     0.6
 *        copies, blocks         6.4        4.4            6.6          6.6     2.0     0.2
 *        tileMult               7.8        5.6            8.0          7.8     3.1     0.6
 * a·bᵀ   multTransB             2.6        3.6            2.5          2.6     3.0     0.6
 *        copy, mult             5.8        3.2            6.5          6.6     2.4     0.3
 *        tileMultTransB         8.8        6.2            8.5          8.3     3.6     0.6
 * aᵀ·b   multTransA             5.6        3.5            5.7          5.6     1.9     0.6
 *        tileMultTransA         4.9        5.4            1.9          1.9     5.9     0.9
 *        copy, tileMult         7.4        4.3            7.8          7.6     2.5     0.4
 * aᵀ·bᵀ  multTransAB            2.6        3.1            2.5          2.6     2.6     0.4
 * </pre>
 */
final class DoubleProducts implements Products {
    /**
     * The longest sum that tileMultTransA is used for: it walks down the columns of both operands. 16·16·16 is as fast with it as
     * with a copy for floats and faster for doubles; 32·32·32 is slower for floats.
     */
    private static final int LONGEST_DOWN = 16;

    /** The part of b that is used again and again for the rows of a: 128 × 512 or 512 × 64 elements stay in the cache. */
    private static final int DEPTH = 128;

    private static final int WIDTH = 512;
    private static final int DEPTH_TRANSPOSED = 512;
    private static final int WIDTH_TRANSPOSED = 64;

    /** At least so many rows are multiplied by such a part. */
    private static final int LEAST_ROWS = 8;

    /** At least so many columns are worth a block of their own. */
    private static final int LEAST_COLUMNS = 64;

    private static final int SQUARE = 32;

    @Override
    public void multiply(Matrix a, Matrix b, Object out, int at) {
        if (a.columns() == 0) {
            return;
        }
        if (b.columns() == 1 && a.rows() > 1) {
            // A column is laid out as a row, and tileMultTransB computes four of its elements at a time, mult only one.
            multiply(b.transposed(), a.transposed(), out, at);
            return;
        }
        if (!a.hasDenseRows() && isReadDownwards(a, b)) {
            double[] product = (double[]) out;
            tileMultPlusTransA(
                    elements(a),
                    elements(b),
                    product,
                    a.columns(),
                    a.rows(),
                    b.columns(),
                    a.columnStride(),
                    b.rowStride(),
                    b.columns(),
                    a.offset(),
                    b.offset(),
                    at);
            return;
        }
        Matrix left = a.hasDenseRows() ? a : dense(a);
        Matrix right = b.hasDenseRows() || b.hasDenseColumns()
                ? b
                : dense(b.transposed()).transposed();
        blocks(left, right, (double[]) out, at);
    }

    private static boolean isReadDownwards(Matrix a, Matrix b) {
        // The sums of tileMultTransA end where the stride has led them; a stride of 0 would end them before they begin.
        return a.hasDenseColumns()
                && a.columnStride() != 0
                && b.hasDenseRows()
                && a.columns() <= LONGEST_DOWN
                && (long) a.rows() * a.columns() * b.columns() <= BLOCK;
    }

    /** Each element is one sum in one order, wherever the bounds of the blocks are: so they may follow the sizes. */
    private static void blocks(Matrix a, Matrix b, double[] out, int at) {
        int m = a.rows();
        int n = b.columns();
        long perRow = (long) a.columns() * n;
        if (m * perRow <= BLOCK) {
            block(a, 0, m, b, 0, n, out, at);
        } else if (m >= n || m >= 4 * LEAST_ROWS) {
            int rows = (int) Math.max(LEAST_ROWS, BLOCK / perRow);
            Parallel.ranges(m, rows, (from, to) -> block(a, from, to, b, 0, n, out, at));
        } else {
            int columns = (int) Math.max(LEAST_COLUMNS, BLOCK / ((long) a.columns() * m));
            Parallel.ranges(n, columns, (from, to) -> block(a, 0, m, b, from, to, out, at));
        }
    }

    /** The rows {@code [top, bottom)} and columns {@code [left, right)} of the product. */
    private static void block(Matrix a, int top, int bottom, Matrix b, int left, int right, double[] out, int at) {
        double[] as = elements(a);
        double[] bs = elements(b);
        int n = b.columns();
        // An outer product's b is one row; the longer loop is along it.
        boolean transposed = b.hasDenseColumns() && !(b.rows() == 1 && b.hasDenseRows());
        int depth = transposed ? DEPTH_TRANSPOSED : DEPTH;
        int width = transposed ? WIDTH_TRANSPOSED : WIDTH;
        int rows = bottom - top;
        for (int j = left; j < right; j += width) {
            int columns = Math.min(right - j, width);
            int to = at + top * n + j;
            for (int k = 0; k < a.columns(); k += depth) {
                int terms = Math.min(a.columns() - k, depth);
                int i = a.offset() + top * a.rowStride() + k;
                int from = b.offset() + k * b.rowStride() + j * b.columnStride();
                if (transposed) {
                    tileMultPlusTransB(
                            as, bs, out, rows, terms, columns, a.rowStride(), b.columnStride(), n, i, from, to);
                } else {
                    tileMultPlus(as, bs, out, rows, terms, columns, a.rowStride(), b.rowStride(), n, i, from, to);
                }
            }
        }
    }

    /** A dense row-major copy, made square by square so that neither side's cache lines are read twice. */
    private static Matrix dense(Matrix x) {
        double[] from = elements(x);
        double[] to = new double[x.rows() * x.columns()];
        for (int top = 0; top < x.rows(); top += SQUARE) {
            int bottom = Math.min(x.rows() - top, SQUARE) + top;
            for (int left = 0; left < x.columns(); left += SQUARE) {
                int right = Math.min(x.columns() - left, SQUARE) + left;
                for (int i = top; i < bottom; i++) {
                    int row = x.offset() + i * x.rowStride();
                    for (int j = left; j < right; j++) {
                        to[i * x.columns() + j] = from[row + j * x.columnStride()];
                    }
                }
            }
        }
        return new Matrix(to, 0, x.rows(), x.columns(), x.columns(), 1);
    }

    private static double[] elements(Matrix x) {
        return (double[]) x.storage();
    }
}
