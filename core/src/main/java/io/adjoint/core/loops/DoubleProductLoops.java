package io.adjoint.core.loops;

import static org.ejml.dense.block.TileMultiplication_F32.tileMultPlus;
import static org.ejml.dense.block.TileMultiplication_F32.tileMultPlusTransA;
import static org.ejml.dense.block.TileMultiplication_F32.tileMultPlusTransB;
import static org.ejml.dense.block.TileMultiplication_F64.tileMultPlus;
import static org.ejml.dense.block.TileMultiplication_F64.tileMultPlusTransA;
import static org.ejml.dense.block.TileMultiplication_F64.tileMultPlusTransB;

import io.adjoint.core.Internal;
import io.adjoint.core.parallel.Parallel;

/**
 * {@link ProductLoops} in {@code double[]}. The float version is generated from this file; both versions import EJML's loops for both
 * types, and the arrays' type selects the overload.
 *
 * <p>Five loops share the work: {@link DoublePanel}, which is the fastest; three of EJML's block kernels, for operands too small or too
 * narrow to amortise the panels' copy; and a loop for small products of few terms. The block kernels take an offset and a row stride, so
 * slices, entries of a batch and matrices with one dense axis are read in place. EJML's {@code DMatrixRMaj} has no offset and no row
 * stride, so {@code CommonOps_DDRM} would need copies.
 *
 * <p>Whichever loop runs, each element of the result is the sum of its products from the first to the last, in blocks of {@value #DEPTH}
 * products. So the loop may be chosen by layouts and sizes, and the blocks by sizes, without changing any bit of the result.
 *
 * @hidden
 */
@Internal
public final class DoubleProductLoops implements ProductLoops {
    /**
     * The loops that multiply a and b; {@code TRANS_B}, {@code TRANS_A} and {@code PLAIN} have the names of EJML's block kernels. An
     * operand whose layout the loop can't read is copied.
     */
    private enum Loop {
        /** Copies parts of b to a {@link DoublePanel}, and reads a in place; for any layouts of a and b. */
        PANELS,
        /** Reads rows of a and columns of b. */
        TRANS_B,
        /** Reads columns of a and rows of b; slow if the rows of b are far apart and used for many rows of a. */
        TRANS_A,
        /**
         * Reads rows of a and rows of b. This loop is for a single term: of several terms, EJML adds each to the result, or each sum of
         * four, and not their sum, which would change the bits of the result.
         */
        PLAIN,
        /** Reads rows of a and rows of b, for sums of few terms. */
        FEW
    }

    /** The largest number of terms of {@code FEW}. */
    private static final int MOST_FEW = 7;

    /**
     * The smallest number of multiply-adds for which panels are faster than the block kernels; b must also have {@link #MIN_COLUMNS}
     * columns.
     */
    private static final int MIN_WORK = 1 << 13;

    private static final int MIN_COLUMNS = 16;

    /**
     * The largest number of terms of an element's sum for which {@code TRANS_A} is as fast as {@code TRANS_B}. Up to this number {@code
     * TRANS_A} is preferred, since it reads both factors of the gradient of a linear layer's weight, the transposed input and the upstream
     * gradient, without a copy.
     */
    private static final int FEW_TERMS = 16;

    /** The number of rows of a below which transposing b would take longer than the product. */
    private static final int FEW_ROWS = 8;

    /**
     * The smallest number of rows of a block of a large product: small enough that several threads get blocks, large enough that computing
     * a block takes longer than copying the part of b that the block needs ({@code PANELS} copies it for each block).
     */
    private static final int ROWS = 32;

    private static final int MOST_ROWS = 128;

    /** The smallest number of columns of a block of a large product. */
    private static final int COLUMNS = 128;

    /** The number of columns of b that EJML's loops read for all rows of a; these columns stay in the cache meanwhile. */
    private static final int WIDTH = 64;

    private static final int SQUARE = 32;

    @Override
    public void multiply(Matrix a, Matrix b, Object out, int at) {
        if (a.columns() == 0) {
            return;
        }
        if (b.columns() == 1 && a.rows() > 1) {
            // A product with one column is computed as its transpose, a product with one row: EJML's loop computes four
            // elements of a row at a time.
            multiply(b.transposed(), a.transposed(), out, at);
        } else {
            Loop loop = loop(a, b);
            Matrix left = a;
            Matrix right = b;
            if (loop == Loop.TRANS_B) {
                left = a.hasDenseRows() ? a : dense(a);
                right = b.hasDenseColumns() ? b : dense(b.transposed()).transposed();
            } else if (loop == Loop.TRANS_A && !hasWalkableColumns(a)) {
                left = dense(a.transposed()).transposed();
            }
            blocks(loop, left, right, (double[]) out, at);
        }
    }

    private static Loop loop(Matrix a, Matrix b) {
        int m = a.rows();
        int k = a.columns();
        if (k == 1 && a.hasDenseRows() && b.hasDenseRows()) {
            return Loop.PLAIN;
        }
        if (b.columns() >= MIN_COLUMNS
                && m >= (b.hasDenseRows() ? 2 : FEW_ROWS)
                && (long) m * k * b.columns() >= MIN_WORK) {
            return Loop.PANELS;
        }
        if (k <= MOST_FEW && a.hasDenseRows() && b.hasDenseRows()) {
            return Loop.FEW;
        }
        return b.hasDenseRows() && (m < FEW_ROWS || k <= FEW_TERMS) ? Loop.TRANS_A : Loop.TRANS_B;
    }

    /**
     * Returns whether {@code TRANS_A} can read the columns of a. EJML's loop over the terms of a sum ends {@code terms · stride} elements
     * behind the first term, so with a stride of 0 it would add no terms.
     */
    private static boolean hasWalkableColumns(Matrix a) {
        return a.hasDenseColumns() && a.columnStride() != 0;
    }

    private static void blocks(Loop loop, Matrix a, Matrix b, double[] out, int at) {
        int m = a.rows();
        int n = b.columns();
        long perRow = (long) a.columns() * n;
        if (m * perRow <= BLOCK) {
            block(loop, a, 0, m, b, 0, n, out, at);
            return;
        }
        int rows = (int) Math.min(m, Math.max(within(m / 2, ROWS, MOST_ROWS), BLOCK / perRow));
        int columns = (int) Math.min(
                n, Math.max(within(n / 4, COLUMNS, DoublePanel.WIDTH), BLOCK / ((long) a.columns() * rows)));
        int across = (n + columns - 1) / columns;
        Parallel.ranges((m + rows - 1) / rows * across, 1, (from, to) -> {
            for (int task = from; task < to; task++) {
                int top = task / across * rows;
                int left = task % across * columns;
                block(loop, a, top, Math.min(m - top, rows), b, left, Math.min(n - left, columns), out, at);
            }
        });
    }

    private static int within(int x, int min, int max) {
        return Math.max(min, Math.min(x, max));
    }

    /**
     * Adds a block of the product of a and b, the {@code rows × columns} elements from row {@code top} and column {@code left} on, to the
     * dense row-major result that begins at {@code out[at]}.
     */
    private static void block(
            Loop loop, Matrix a, int top, int rows, Matrix b, int left, int columns, double[] out, int at) {
        if (loop == Loop.PANELS) {
            DoublePanel.multiply(a, top, rows, b, left, columns, out, at);
            return;
        }
        double[] as = elements(a);
        double[] bs = elements(b);
        int n = b.columns();
        for (int j = left; j < left + columns; j += WIDTH) {
            int width = Math.min(left + columns - j, WIDTH);
            int to = at + top * n + j;
            for (int k = 0; k < a.columns(); k += DEPTH) {
                int terms = Math.min(a.columns() - k, DEPTH);
                int i = a.offset() + top * a.rowStride() + k * a.columnStride();
                int from = b.offset() + k * b.rowStride() + j * b.columnStride();
                if (loop == Loop.TRANS_B) {
                    int stride = b.columnStride();
                    tileMultPlusTransB(as, bs, out, rows, terms, width, a.rowStride(), stride, n, i, from, to);
                } else if (loop == Loop.TRANS_A) {
                    int stride = a.columnStride();
                    tileMultPlusTransA(as, bs, out, terms, rows, width, stride, b.rowStride(), n, i, from, to);
                } else if (loop == Loop.PLAIN) {
                    tileMultPlus(as, bs, out, rows, terms, width, a.rowStride(), b.rowStride(), n, i, from, to);
                } else {
                    addFew(as, bs, out, rows, terms, width, a.rowStride(), b.rowStride(), n, i, from, to);
                }
            }
        }
    }

    /**
     * Multiplies matrices for sums of few terms. Like EJML's block kernels, this loop reads rows of a and of b, but it adds the sum of all
     * terms to an element of the result at once.
     */
    private static void addFew(
            double[] a,
            double[] b,
            double[] out,
            int rows,
            int terms,
            int columns,
            int strideA,
            int strideB,
            int strideOut,
            int offsetA,
            int offsetB,
            int at) {
        for (int i = 0; i < rows; i++) {
            int row = offsetA + i * strideA;
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < terms; k++) {
                    sum += a[row + k] * b[offsetB + k * strideB + j];
                }
                out[at + i * strideOut + j] += sum;
            }
        }
    }

    /** A dense row-major copy of a matrix, made block by block so that no cache line is read twice. */
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
