package io.adjoint.simd;

import io.adjoint.core.loops.DoubleScratch;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;

/**
 * {@link ProductLoops} in {@code double[]} by tiles of vectors. The float version is generated from this file.
 *
 * <p>Each element of a result is a sum of products, added from the first to the last in blocks of {@value ProductLoops#DEPTH} products, as
 * in the default loops, so the results of both loops have the same bits. The order of the loops follows the caches: the left operand is
 * packed, that is, copied to a dense array, by tiles of rows, and the right operand by panels of a tile's columns, once for all threads; an
 * operand is read in place if packing would take longer than it saves. Then each block of rows, which stays in the second-level cache, is
 * multiplied with one panel after the other.
 */
final class DoubleProducts implements ProductLoops {
    /**
     * The smallest number of multiply-adds of a product that is computed by vectors. The default loops compute smaller products, and
     * products with fewer than {@link #MIN_COLUMNS} columns. The system property {@code adjoint.simd.minWork} lowers this limit, for tests
     * that need vectors for small products.
     */
    static final int MIN_WORK = Vectors.from(1 << 10);

    private static final int MIN_COLUMNS = 3;

    /** The number of rows in the left operand below which packing a right operand with dense columns takes longer than the product. */
    private static final int FEW_ROWS = 8;

    /** The number of rows in the left operand from which on packing a right operand with dense rows pays. */
    private static final int MANY_ROWS = 32;

    /**
     * If the result is at most this number of tiles wide, the left operand is read in place, provided that the terms of its rows are close
     * together, as {@link #CLOSE} defines.
     */
    private static final int FEW_TILES = 4;

    /**
     * If the result is at most this number of tiles wide, the left operand is read in place even if the terms of its rows are far apart:
     * packing would have to read all these terms once, and the tiles read them at most twice.
     */
    private static final int VERY_FEW_TILES = 2;

    /**
     * The terms of a row of the left operand, or of a column of the right operand, are close together if their number times their distance
     * in elements is at most this number: the cache lines of a tile then stay in the first-level cache.
     */
    private static final int CLOSE = 1 << 12;

    /** The largest number of the result's rows, and of its columns, that are computed at a time. */
    private static final int BAND = 1 << 10;

    /**
     * The largest number of terms of each element's sum that are added at a time: a multiple of {@link ProductLoops#DEPTH}, so that the
     * blocks of sums begin at the same terms as in the default loops.
     */
    private static final int TERMS = 2 * DEPTH;

    /** The largest number of rows of a block, which is the part of the result that one task computes. */
    private static final int ROWS = 64;

    /**
     * The largest number of multiply-adds of a block, unless a single tile of columns has more; this number of multiply-adds takes 40 to 80
     * µs.
     */
    private static final int BLOCK = 1 << 21;

    /**
     * The largest number of multiply-adds of a block if the left operand has one row; memory bandwidth bounds such a product, so each
     * multiply-add takes longer.
     */
    private static final int ROW_BLOCK = 1 << 17;

    private final ProductLoops plain;

    DoubleProducts(ProductLoops plain) {
        this.plain = plain;
    }

    @Override
    public void multiply(Matrix a, Matrix b, Object out, int at) {
        int m = a.rows();
        int n = b.columns();
        boolean isTransposed = !b.hasDenseRows();
        if (n < MIN_COLUMNS || (long) m * a.columns() * n < MIN_WORK || (isTransposed && m < FEW_ROWS)) {
            plain.multiply(a, b, out, at);
        } else {
            int begin = m == 1 ? addRow(a, b, (double[]) out, at) : 0;
            for (int top = 0; top < m; top += BAND) {
                for (int left = begin; left < n; left += BAND) {
                    for (int k = 0; k < a.columns(); k += TERMS) {
                        int terms = Math.min(a.columns() - k, TERMS);
                        addTiles(
                                a.block(top, k, Math.min(m - top, BAND), terms),
                                b.block(k, left, terms, Math.min(n - left, BAND)),
                                (double[]) out,
                                at + top * n + left,
                                n);
                    }
                }
            }
        }
    }

    @Override
    public void multiplyEach(Matrix a, int[] fromA, Matrix b, int[] fromB, int count, Object out, int at) {
        if ((long) a.rows() * a.columns() * b.columns() < MIN_WORK) {
            plain.multiplyEach(a, fromA, b, fromB, count, out, at);
        } else {
            ProductLoops.super.multiplyEach(a, fromA, b, fromB, count, out, at);
        }
    }

    /**
     * The layout of an operand's tiles: term k of a tile's e-th row or column is at {@code offset + tile · apart + k · stride + e · lane}.
     */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of positions
    private record Tiles(double[] elements, int offset, int apart, int stride, int lane) {
        int at(int tile, int term) {
            return offset + tile * apart + term * stride;
        }
    }

    /** Adds a product of at most {@link #BAND} rows and columns to rows of a result, which begin {@code stride} elements apart. */
    private static void addTiles(Matrix a, Matrix b, double[] out, int at, int stride) {
        int m = a.rows();
        int all = a.columns();
        int high = tiles(m, DoubleTile.ROWS);
        int wide = tiles(b.columns(), DoubleTile.COLUMNS);
        int rows = Math.min(high, ROWS / DoubleTile.ROWS);
        int some = Math.max(1, Math.min(wide, BLOCK / (rows * DoubleTile.ROWS * all * DoubleTile.COLUMNS)));
        int across = tiles(wide, some);
        Tiles left = left(a, wide);
        Tiles right = right(b, m);
        int panels = right.elements == b.storage() ? 0 : wide;
        int[] offsets = DoubleTile.offsets(right.stride, Math.min(all, DEPTH));
        boolean isCopied = left.elements != a.storage();
        // A task packs the rows of its block itself, unless several tasks use these rows: then the rows are packed
        // beforehand.
        int before = isCopied && across > 1 ? high : 0;
        Parallel.ranges(panels + before, Parallel.blockOf(all * DoubleTile.COLUMNS), (from, to) -> {
            for (int tile = from; tile < to; tile++) {
                if (tile < panels) {
                    copyPanel(b, tile, right.elements);
                } else {
                    copyRows(a, tile - panels, left.elements);
                }
            }
        });
        boolean isWhole = m % DoubleTile.ROWS == 0 && b.columns() % DoubleTile.LANES == 0;
        Parallel.ranges(tiles(high, rows) * across, 1, (from, to) -> {
            double[] edge = new double[isWhole ? 0 : DoubleTile.ROWS * DoubleTile.COLUMNS];
            for (int task = from; task < to; task++) {
                int top = task / across * rows;
                int bottom = Math.min(high, top + rows);
                for (int i = top; i < bottom && isCopied && before == 0; i++) {
                    copyRows(a, i, left.elements);
                }
                int first = task % across * some;
                for (int k = 0; k < all; k += DEPTH) {
                    int terms = Math.min(all - k, DEPTH);
                    for (int j = first; j < Math.min(wide, first + some); j++) {
                        int c = j * DoubleTile.COLUMNS;
                        int columns = Math.min(b.columns() - c, DoubleTile.COLUMNS);
                        for (int i = top; i < bottom; i++) {
                            int r = i * DoubleTile.ROWS;
                            addTile(
                                    left,
                                    left.at(i, k),
                                    right,
                                    right.at(j, k),
                                    offsets,
                                    terms,
                                    Math.min(m - r, DoubleTile.ROWS),
                                    columns,
                                    edge,
                                    out,
                                    at + r * stride + c,
                                    stride);
                        }
                    }
                }
            }
        });
    }

    /** The layout of the left operand's tiles, either in place or in a packed copy. */
    private static Tiles left(Matrix a, int wide) {
        int all = a.columns();
        boolean asItLies = wide <= VERY_FEW_TILES || (wide <= FEW_TILES && (long) all * a.columnStride() <= CLOSE);
        return asItLies
                ? new Tiles(
                        (double[]) a.storage(),
                        a.offset(),
                        DoubleTile.ROWS * a.rowStride(),
                        a.columnStride(),
                        a.rowStride())
                : new Tiles(
                        DoubleScratch.left(tiles(a.rows(), DoubleTile.ROWS) * DoubleTile.ROWS * all),
                        0,
                        DoubleTile.ROWS * all,
                        DoubleTile.ROWS,
                        1);
    }

    /** The layout of the right operand's tiles, either in place or in a packed copy. */
    private static Tiles right(Matrix b, int m) {
        int all = b.rows();
        boolean asItLies = b.hasDenseRows()
                && b.columns() % DoubleTile.LANES == 0
                && (m < MANY_ROWS || (long) all * b.rowStride() <= CLOSE);
        return asItLies
                ? new Tiles((double[]) b.storage(), b.offset(), DoubleTile.COLUMNS, b.rowStride(), 1)
                : new Tiles(
                        DoubleScratch.right(tiles(b.columns(), DoubleTile.COLUMNS) * DoubleTile.COLUMNS * all),
                        0,
                        DoubleTile.COLUMNS * all,
                        DoubleTile.COLUMNS,
                        1);
    }

    /**
     * Adds a tile's product to the result, without the rows and columns beyond the result's edge. If the tile has fewer than {@code
     * DoubleTile.ROWS} rows in the result, the last row is computed several times, but added once.
     */
    private static void addTile(
            Tiles a,
            int i,
            Tiles b,
            int j,
            int[] offsets,
            int terms,
            int rows,
            int columns,
            double[] edge,
            double[] out,
            int at,
            int stride) {
        int i1 = i + Math.min(rows - 1, 1) * a.lane;
        int i2 = i + Math.min(rows - 1, 2) * a.lane;
        int i3 = i + Math.min(rows - 1, 3) * a.lane;
        DoubleTile.add(
                a.elements,
                i,
                i1,
                i2,
                i3,
                a.stride,
                b.elements,
                j,
                offsets,
                0,
                terms,
                rows,
                columns,
                edge,
                out,
                at,
                stride);
    }

    private static int tiles(int length, int size) {
        return (length + size - 1) / size;
    }

    /**
     * Packs the rows of a that belong to a tile, term by term. If the last tile has fewer rows than a full tile, {@link #addTile} ignores
     * the tile's further rows in the copy.
     */
    private static void copyRows(Matrix a, int tile, double[] to) {
        double[] from = (double[]) a.storage();
        int top = tile * DoubleTile.ROWS;
        int rows = Math.min(a.rows() - top, DoubleTile.ROWS);
        int corner = a.offset() + top * a.rowStride();
        int at = top * a.columns();
        if (a.hasDenseColumns()) {
            for (int k = 0; k < a.columns(); k++) {
                int column = corner + k * a.columnStride();
                for (int r = 0; r < rows; r++) {
                    to[at + k * DoubleTile.ROWS + r] = from[column + r];
                }
            }
            return;
        }
        copyFour(from, corner, a.rowStride(), rows, a.columnStride(), to, at, DoubleTile.ROWS, a.columns());
    }

    /** Packs the columns of b that belong to a tile, term by term; the product drops the columns beyond. */
    private static void copyPanel(Matrix b, int tile, double[] to) {
        double[] from = (double[]) b.storage();
        int terms = b.rows();
        int left = tile * DoubleTile.COLUMNS;
        int width = Math.min(b.columns() - left, DoubleTile.COLUMNS);
        int at = left * terms;
        int corner = b.offset() + left * b.columnStride();
        if (width % DoubleTile.LANES > 0) {
            Arrays.fill(to, at, at + terms * DoubleTile.COLUMNS, 0);
        }
        if (b.hasDenseRows()) {
            for (int k = 0; k < terms; k++) {
                System.arraycopy(from, corner + k * b.rowStride(), to, at + k * DoubleTile.COLUMNS, width);
            }
        } else {
            for (int c = 0; c < width; c += 4) {
                int i = corner + c * b.columnStride();
                copyFour(from, i, b.columnStride(), width - c, b.rowStride(), to, at + c, DoubleTile.COLUMNS, terms);
            }
        }
    }

    /**
     * Copies four rows or columns, which are {@code lane} apart, term by term: n terms that are {@code stride} apart, to positions that are
     * {@code apart} from each other. If the {@code count} is less than four, the last row or column is copied again.
     */
    private static void copyFour(
            double[] from, int i, int lane, int count, int stride, double[] to, int j, int apart, int n) {
        int i1 = i + Math.min(count - 1, 1) * lane;
        int i2 = i + Math.min(count - 1, 2) * lane;
        int i3 = i + Math.min(count - 1, 3) * lane;
        for (int k = 0; k < n; k++) {
            int term = k * stride;
            int at = j + k * apart;
            to[at] = from[i + term];
            to[at + 1] = from[i1 + term];
            to[at + 2] = from[i2 + term];
            to[at + 3] = from[i3 + term];
        }
    }

    /**
     * Adds the leading columns, as many as fill whole tiles, of a product with one row to the result, and returns their number. The right
     * operand, with dense rows, is read in place.
     */
    private static int addRow(Matrix a, Matrix b, double[] out, int at) {
        int terms = a.columns();
        int tiles = b.columns() / DoubleTile.WIDTH;
        if (tiles == 0 || terms == 0) {
            return 0;
        }
        double[] row = (double[]) a.storage();
        int i = a.offset();
        if (a.columnStride() != 1) {
            row = new double[terms];
            i = 0;
            for (int k = 0; k < terms; k++) {
                row[k] = ((double[]) a.storage())[a.offset() + k * a.columnStride()];
            }
        }
        addRow(row, i, b, tiles, out, at);
        return tiles * DoubleTile.WIDTH;
    }

    private static void addRow(double[] a, int i, Matrix b, int tiles, double[] out, int at) {
        int terms = b.rows();
        int[] rows = DoubleTile.offsets(b.rowStride(), Math.min(terms, DEPTH));
        int block = (int) Math.max(1, ROW_BLOCK / ((long) terms * DoubleTile.WIDTH));
        Parallel.ranges(tiles, block, (first, end) -> {
            for (int c = first * DoubleTile.WIDTH; c < end * DoubleTile.WIDTH; c += DoubleTile.WIDTH) {
                for (int k = 0; k < terms; k += DEPTH) {
                    int j = b.offset() + k * b.rowStride() + c;
                    int some = Math.min(terms - k, DEPTH);
                    DoubleTile.addRow(a, i + k, (double[]) b.storage(), j, rows, 0, some, out, at + c);
                }
            }
        });
    }
}
