package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import io.adjoint.core.parallel.Parallel;

/**
 * {@link ProductLoops} in {@code double[]}. The float version is generated from this file.
 *
 * <p>Four loops share the work: {@link DoublePanel}, which is the fastest, and three for operands too small or too narrow to amortise the
 * panels' copy. They take an offset and strides, so slices, entries of a batch and matrices with one dense axis are read in place.
 *
 * <p>Whichever loop runs, each element of the result is the sum of its products from the first to the last, in blocks of {@value #DEPTH}
 * products. So the loop may be chosen by layouts and sizes, and the blocks by sizes, without changing any bit of the result.
 *
 * @hidden
 */
@Internal
public final class DoubleProductLoops implements ProductLoops {
    /** The loops that multiply a and b. An operand whose layout the loop can't read is copied. */
    private enum Loop {
        /** Copies parts of b to a {@link DoublePanel}, and reads a in place; for any layouts of a and b. */
        PANELS,
        /** Reads rows of a and columns of b. */
        BY_COLUMNS,
        /** Reads rows of b; slow if they are far apart and used for many rows of a. For any layout of a. */
        BY_ROWS,
        /** Reads the one column of a and the one row of b. */
        OUTER
    }

    /**
     * The smallest number of multiply-adds for which panels are faster than the other loops; b must also have {@link #MIN_COLUMNS}
     * columns.
     */
    private static final int MIN_WORK = 1 << 13;

    private static final int MIN_COLUMNS = 16;

    /**
     * The largest number of terms of an element's sum for which {@code BY_ROWS} is as fast as {@code BY_COLUMNS}. Up to this number it
     * is preferred, since it reads both factors of the gradient of a linear layer's weight, the transposed input and the upstream gradient,
     * without a copy.
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

    /** The number of columns of b that are read for all rows of a; these columns stay in the cache meanwhile. */
    private static final int WIDTH = 64;

    private static final int SQUARE = 32;

    /**
     * The largest number of operations of a small product, counting one for each product and one for each sum: of a batch of them four are
     * computed at a time, which takes less time than it takes to choose a loop for each.
     */
    private static final int SMALL = 80;

    @Override
    public void multiply(Matrix a, Matrix b, Object out, int at) {
        if (a.columns() == 0) {
            return;
        }
        if (b.columns() == 1 && a.rows() > 1) {
            // A product with one column is computed as its transpose, a product with one row: the loops compute four
            // elements of a row at a time.
            multiply(b.transposed(), a.transposed(), out, at);
        } else {
            Loop loop = loop(a, b);
            boolean byColumns = loop == Loop.BY_COLUMNS;
            Matrix left = !byColumns || a.hasDenseRows() ? a : dense(a);
            Matrix right = !byColumns || b.hasDenseColumns()
                    ? b
                    : dense(b.transposed()).transposed();
            blocks(loop, left, right, (double[]) out, at);
        }
    }

    @Override
    public void multiplyEach(Matrix a, int[] fromA, Matrix b, int[] fromB, int count, Object out, int at) {
        if ((long) a.rows() * b.columns() * (a.columns() + 1) > SMALL) {
            ProductLoops.super.multiplyEach(a, fromA, b, fromB, count, out, at);
            return;
        }
        int size = a.rows() * b.columns();
        int e = 0;
        for (; e < count - 3; e += 4) {
            addFour(a, fromA, b, fromB, e, (double[]) out, at + e * size);
        }
        for (; e < count; e++) {
            addOne(a, fromA[e], b, fromB[e], (double[]) out, at + e * size);
        }
    }

    private static Loop loop(Matrix a, Matrix b) {
        int m = a.rows();
        int k = a.columns();
        if (k == 1 && b.hasDenseRows()) {
            return Loop.OUTER;
        }
        if (b.columns() >= MIN_COLUMNS
                && m >= (b.hasDenseRows() ? 2 : FEW_ROWS)
                && (long) m * k * b.columns() >= MIN_WORK) {
            return Loop.PANELS;
        }
        return b.hasDenseRows() && (m < FEW_ROWS || k <= FEW_TERMS) ? Loop.BY_ROWS : Loop.BY_COLUMNS;
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
                if (loop == Loop.BY_COLUMNS) {
                    addColumns(as, bs, out, rows, terms, width, a.rowStride(), b.columnStride(), n, i, from, to);
                } else if (loop == Loop.BY_ROWS) {
                    int columnA = a.columnStride();
                    addRows(as, bs, out, rows, terms, width, a.rowStride(), columnA, b.rowStride(), n, i, from, to);
                } else {
                    addOuter(as, bs, out, rows, width, a.rowStride(), n, i, from, to);
                }
            }
        }
    }

    /** Adds the products of rows of a and columns of b, four columns at a time. */
    private static void addColumns(
            double[] a,
            double[] b,
            double[] out,
            int rows,
            int terms,
            int columns,
            int rowA,
            int columnB,
            int rowOut,
            int fromA,
            int fromB,
            int at) {
        for (int i = 0; i < rows; i++) {
            int ofA = fromA + i * rowA;
            int to = at + i * rowOut;
            int j = 0;
            for (; j < columns - 3; j += 4) {
                int ofB0 = fromB + j * columnB;
                int ofB1 = ofB0 + columnB;
                int ofB2 = ofB1 + columnB;
                int ofB3 = ofB2 + columnB;
                double sum0 = 0;
                double sum1 = 0;
                double sum2 = 0;
                double sum3 = 0;
                for (int k = 0; k < terms; k++) {
                    double factor = a[ofA + k];
                    sum0 += factor * b[ofB0 + k];
                    sum1 += factor * b[ofB1 + k];
                    sum2 += factor * b[ofB2 + k];
                    sum3 += factor * b[ofB3 + k];
                }
                out[to + j] += sum0;
                out[to + j + 1] += sum1;
                out[to + j + 2] += sum2;
                out[to + j + 3] += sum3;
            }
            for (; j < columns; j++) {
                out[to + j] += product(a, ofA, 1, b, fromB + j * columnB, 1, terms);
            }
        }
    }

    /** Adds the products of a and rows of b, four columns at a time. */
    private static void addRows(
            double[] a,
            double[] b,
            double[] out,
            int rows,
            int terms,
            int columns,
            int rowA,
            int columnA,
            int rowB,
            int rowOut,
            int fromA,
            int fromB,
            int at) {
        for (int i = 0; i < rows; i++) {
            int to = at + i * rowOut;
            int j = 0;
            for (; j < columns - 3; j += 4) {
                int ofA = fromA + i * rowA;
                int ofB = fromB + j;
                double sum0 = 0;
                double sum1 = 0;
                double sum2 = 0;
                double sum3 = 0;
                for (int k = 0; k < terms; k++) {
                    double factor = a[ofA];
                    sum0 += factor * b[ofB];
                    sum1 += factor * b[ofB + 1];
                    sum2 += factor * b[ofB + 2];
                    sum3 += factor * b[ofB + 3];
                    ofA += columnA;
                    ofB += rowB;
                }
                out[to + j] += sum0;
                out[to + j + 1] += sum1;
                out[to + j + 2] += sum2;
                out[to + j + 3] += sum3;
            }
            for (; j < columns; j++) {
                out[to + j] += product(a, fromA + i * rowA, columnA, b, fromB + j, rowB, terms);
            }
        }
    }

    /** Adds four small products, from the e-th on, to neighbouring results: the same element of all four at a time. */
    private static void addFour(Matrix a, int[] fromA, Matrix b, int[] fromB, int e, double[] out, int at) {
        double[] as = elements(a);
        double[] bs = elements(b);
        int columns = b.columns();
        int size = a.rows() * columns;
        int terms = a.columns();
        int da = a.columnStride();
        int db = b.rowStride();
        for (int i = 0, to = at; i < a.rows(); i++) {
            int row = i * a.rowStride();
            int a0 = fromA[e] + row;
            int a1 = fromA[e + 1] + row;
            int a2 = fromA[e + 2] + row;
            int a3 = fromA[e + 3] + row;
            for (int j = 0; j < columns; j++, to++) {
                int column = j * b.columnStride();
                int b0 = fromB[e] + column;
                int b1 = fromB[e + 1] + column;
                int b2 = fromB[e + 2] + column;
                int b3 = fromB[e + 3] + column;
                double sum0 = 0;
                double sum1 = 0;
                double sum2 = 0;
                double sum3 = 0;
                for (int k = terms, ka = 0, kb = 0; k > 0; k--, ka += da, kb += db) {
                    sum0 += as[a0 + ka] * bs[b0 + kb];
                    sum1 += as[a1 + ka] * bs[b1 + kb];
                    sum2 += as[a2 + ka] * bs[b2 + kb];
                    sum3 += as[a3 + ka] * bs[b3 + kb];
                }
                out[to] += sum0;
                out[to + size] += sum1;
                out[to + 2 * size] += sum2;
                out[to + 3 * size] += sum3;
            }
        }
    }

    private static void addOne(Matrix a, int fromA, Matrix b, int fromB, double[] out, int at) {
        for (int i = 0, to = at; i < a.rows(); i++) {
            for (int j = 0; j < b.columns(); j++, to++) {
                int ofA = fromA + i * a.rowStride();
                int ofB = fromB + j * b.columnStride();
                out[to] += product(elements(a), ofA, a.columnStride(), elements(b), ofB, b.rowStride(), a.columns());
            }
        }
    }

    /** The sum of the products of terms that are {@code da} and {@code db} apart. */
    private static double product(double[] a, int fromA, int da, double[] b, int fromB, int db, int terms) {
        double sum = 0;
        // Counted down, since short sums were faster so.
        for (int k = terms, i = fromA, j = fromB; k > 0; k--, i += da, j += db) {
            sum += a[i] * b[j];
        }
        return sum;
    }

    /** Adds the products of a column of a and a row of b; the JIT makes vector instructions of its inner loop. */
    private static void addOuter(
            double[] a,
            double[] b,
            double[] out,
            int rows,
            int columns,
            int rowA,
            int rowOut,
            int fromA,
            int fromB,
            int at) {
        for (int i = 0; i < rows; i++) {
            double factor = a[fromA + i * rowA];
            int to = at + i * rowOut;
            for (int j = 0; j < columns; j++) {
                out[to + j] += factor * b[fromB + j];
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
