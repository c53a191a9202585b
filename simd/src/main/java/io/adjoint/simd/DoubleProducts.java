package io.adjoint.simd;

import io.adjoint.core.DoubleScratch;
import io.adjoint.core.Parallel;
import io.adjoint.core.ProductLoops;
import java.util.Arrays;

/**
 * {@link ProductLoops} in {@code double[]} by tiles of vectors. The float version is generated from this file.
 *
 * <p>Each element is the sum of its products from the first to the last, in parts of {@value ProductLoops#DEPTH}, as in the default
 * loops: the bits are theirs. The rest follows the caches. The right operand is copied to panels of one tile's columns, once for all
 * threads, unless that takes longer than it saves; then each block of rows copies its part of the left one, tile by tile, and meets
 * panel after panel while it is in the second-level cache.
 */
final class DoubleProducts implements ProductLoops {
    /** Fewer multiply-adds, or columns, are left to the default loops; the property lets tests have small ones computed here, too. */
    static final int MIN_WORK = Integer.getInteger("adjoint.simd.minWork", 1 << 12);

    private static final int MIN_COLUMNS = 4;

    /** With fewer rows of the left operand, a copy of the right one, whose columns are dense, takes longer than the product. */
    private static final int FEW_ROWS = 8;

    /** Rows of the left operand that pay for a copy of the right one, whose rows are dense. */
    private static final int MANY_ROWS = 32;

    /** Elements that a tile can skip from term to term without a copy, for all terms: they stay in the first-level cache. */
    private static final int CLOSE = 1 << 12;

    /** In place of a column's stride: columns are in panels, as {@link #copyPanel} puts them. */
    private static final int PACKED = -1;

    /** The most rows and columns of the right operand that are copied at a time. */
    private static final int BAND = 4 * DEPTH;

    /** The rows of a block. */
    private static final int ROWS = 64;

    /** The multiply-adds of a block: 40 to 80 µs. */
    private static final int BLOCK = 1 << 21;

    /** The multiply-adds of a block of one row's product, which memory bounds. */
    private static final int ROW_BLOCK = 1 << 17;

    private final ProductLoops plain;

    DoubleProducts(ProductLoops plain) {
        this.plain = plain;
    }

    @Override
    public void multiply(Matrix a, Matrix b, Object out, int at) {
        int m = a.rows();
        int n = b.columns();
        boolean isCopied = !b.hasDenseRows();
        if (n < MIN_COLUMNS || (long) m * a.columns() * n < MIN_WORK || (isCopied && m < FEW_ROWS)) {
            plain.multiply(a, b, out, at);
        } else {
            int begin = m == 1 ? addRow(a, b, (double[]) out, at) : 0;
            for (int top = 0; top < m; top += BAND) {
                for (int left = begin; left < n; left += BAND) {
                    for (int k = 0; k < a.columns(); k += BAND) {
                        int terms = Math.min(a.columns() - k, BAND);
                        addTiles(
                                a.part(top, k, Math.min(m - top, BAND), terms),
                                b.part(k, left, terms, Math.min(n - left, BAND)),
                                (double[]) out,
                                at + top * n + left,
                                n);
                    }
                }
            }
        }
    }

    /** Adds a product of at most {@link #BAND} rows, columns and terms to rows of a result, which begin {@code stride} elements apart. */
    private static void addTiles(Matrix a, Matrix b, double[] out, int at, int stride) {
        int m = a.rows();
        int all = a.columns();
        int high = tiles(m, DoubleTile.ROWS);
        int wide = tiles(b.columns(), DoubleTile.COLUMNS);
        double[] left = DoubleScratch.left(high * DoubleTile.ROWS * all);
        boolean asItLies = b.hasDenseRows()
                && b.columns() % DoubleTile.COLUMNS == 0
                && (m < MANY_ROWS || (long) all * b.rowStride() <= CLOSE);
        Matrix right = asItLies
                ? b
                : new Matrix(
                        DoubleScratch.right(wide * DoubleTile.COLUMNS * all),
                        0,
                        all,
                        b.columns(),
                        DoubleTile.COLUMNS,
                        PACKED);
        int panels = asItLies ? 0 : wide;
        Parallel.ranges(panels + high, Parallel.blockOf(all * DoubleTile.COLUMNS), (from, to) -> {
            for (int tile = from; tile < to; tile++) {
                if (tile < panels) {
                    copyPanel(b, tile, (double[]) right.storage());
                } else {
                    copyRows(a, tile - panels, left);
                }
            }
        });
        int rows = Math.min(high, ROWS / DoubleTile.ROWS) * DoubleTile.ROWS;
        int some = Math.max(1, Math.min(wide, BLOCK / (rows * all * DoubleTile.COLUMNS)));
        int across = tiles(wide, some);
        Parallel.ranges(tiles(m, rows) * across, 1, (from, to) -> {
            double[] edge = new double[DoubleTile.ROWS * DoubleTile.COLUMNS];
            for (int task = from; task < to; task++) {
                int top = task / across * rows;
                int first = task % across * some;
                for (int k = 0; k < all; k += DEPTH) {
                    for (int tile = first; tile < Math.min(wide, first + some); tile++) {
                        int c = tile * DoubleTile.COLUMNS;
                        addTiles(left, top, Math.min(m, top + rows), k, right, c, edge, out, at + c, stride);
                    }
                }
            }
        });
    }

    /** Adds a part of the terms to tiles one below the other. */
    private static void addTiles(
            double[] left,
            int top,
            int bottom,
            int k,
            Matrix b,
            int c,
            double[] edge,
            double[] out,
            int at,
            int stride) {
        int all = b.rows();
        int terms = Math.min(all - k, DEPTH);
        int columns = Math.min(b.columns() - c, DoubleTile.COLUMNS);
        double[] right = (double[]) b.storage();
        int j = b.offset() + k * b.rowStride() + (b.columnStride() == PACKED ? c * all : c);
        for (int i = top; i < bottom; i += DoubleTile.ROWS) {
            int rows = Math.min(bottom - i, DoubleTile.ROWS);
            int from = i * all + k * DoubleTile.ROWS;
            int to = at + i * stride;
            if (rows == DoubleTile.ROWS && columns == DoubleTile.COLUMNS) {
                DoubleTile.add(left, from, right, j, b.rowStride(), terms, out, to, stride);
            } else {
                Arrays.fill(edge, 0);
                DoubleTile.add(left, from, right, j, b.rowStride(), terms, edge, 0, DoubleTile.COLUMNS);
                DoubleTile.add(edge, rows, columns, out, to, stride);
            }
        }
    }

    private static int tiles(int length, int size) {
        return (length + size - 1) / size;
    }

    /** Copies a tile's rows of a, term by term. What fills up the last tile does not reach the result. */
    private static void copyRows(Matrix a, int tile, double[] to) {
        double[] from = (double[]) a.storage();
        int top = tile * DoubleTile.ROWS;
        for (int r = 0; r < Math.min(a.rows() - top, DoubleTile.ROWS); r++) {
            int row = a.offset() + (top + r) * a.rowStride();
            int at = top * a.columns() + r;
            for (int k = 0; k < a.columns(); k++) {
                to[at + k * DoubleTile.ROWS] = from[row + k * a.columnStride()];
            }
        }
    }

    /** Copies a tile's columns of b, term by term, filled up with zeros. */
    private static void copyPanel(Matrix b, int tile, double[] to) {
        double[] from = (double[]) b.storage();
        int terms = b.rows();
        int left = tile * DoubleTile.COLUMNS;
        int width = Math.min(b.columns() - left, DoubleTile.COLUMNS);
        int at = left * terms;
        int corner = b.offset() + left * b.columnStride();
        if (width < DoubleTile.COLUMNS) {
            Arrays.fill(to, at, at + terms * DoubleTile.COLUMNS, 0);
        }
        if (b.hasDenseRows()) {
            for (int k = 0; k < terms; k++) {
                System.arraycopy(from, corner + k * b.rowStride(), to, at + k * DoubleTile.COLUMNS, width);
            }
        } else {
            for (int c = 0; c < width; c++) {
                int column = corner + c * b.columnStride();
                for (int k = 0; k < terms; k++) {
                    to[at + k * DoubleTile.COLUMNS + c] = from[column + k * b.rowStride()];
                }
            }
        }
    }

    /** Adds the first elements of a product of one row, and returns their number; the right operand, with dense rows, is read as it lies. */
    private static int addRow(Matrix a, Matrix b, double[] out, int at) {
        int terms = a.columns();
        int tiles = b.columns() / DoubleTile.WIDTH;
        double[] left = DoubleScratch.left(terms);
        for (int k = 0; k < terms; k++) {
            left[k] = ((double[]) a.storage())[a.offset() + k * a.columnStride()];
        }
        int[] rows = new int[Math.min(terms, DEPTH)];
        Arrays.setAll(rows, k -> k * b.rowStride());
        Parallel.ranges(tiles, Math.max(1, ROW_BLOCK / (terms * DoubleTile.WIDTH)), (first, end) -> {
            for (int c = first * DoubleTile.WIDTH; c < end * DoubleTile.WIDTH; c += DoubleTile.WIDTH) {
                for (int k = 0; k < terms; k += DEPTH) {
                    int j = b.offset() + k * b.rowStride() + c;
                    DoubleTile.addRow(
                            left, k, (double[]) b.storage(), j, rows, 0, Math.min(terms - k, DEPTH), out, at + c);
                }
            }
        });
        return tiles * DoubleTile.WIDTH;
    }
}
