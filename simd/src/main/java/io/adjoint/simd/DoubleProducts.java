package io.adjoint.simd;

import io.adjoint.core.DoubleScratch;
import io.adjoint.core.Parallel;
import io.adjoint.core.ProductLoops;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link ProductLoops} in {@code double[]} by tiles of vectors. The float version is generated from this file.
 *
 * <p>Each element is the sum of its products from the first to the last, in parts of {@value ProductLoops#DEPTH}, as in the default
 * loops: the bits are theirs. The rest follows the caches: of a part, the left operand is copied to rows that lie close together, and
 * the right one to panels of one tile's columns, once for all threads. Where that does not pay, tiles read the operands as they lie.
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

    /** Columns of the right operand that pay for a copy of the left one. */
    private static final int MANY_COLUMNS = 128;

    /** Elements from one copied row to the next: no power of 2, which would put all rows into the same lines of the cache. */
    private static final int PITCH = DEPTH + 8;

    /** The most rows or columns that are copied at a time. */
    private static final int BAND = 1 << 10;

    /** The rows of a block. */
    private static final int ROWS = 64;

    /** The multiply-adds of a block: 20 to 80 µs. */
    private static final int BLOCK = 1 << 21;

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
            return;
        }
        for (int top = 0; top < m; top += BAND) {
            for (int left = 0; left < n; left += BAND) {
                for (int k = 0; k < a.columns(); k += DEPTH) {
                    int terms = Math.min(a.columns() - k, DEPTH);
                    addPart(
                            a.part(top, k, Math.min(m - top, BAND), terms),
                            b.part(k, left, terms, Math.min(n - left, BAND)),
                            (double[]) out,
                            at + top * n + left,
                            n);
                }
            }
        }
    }

    private static boolean isReadAsItLies(int m, Matrix b) {
        return b.hasDenseRows()
                && b.columns() % DoubleTile.COLUMNS == 0
                && (m < MANY_ROWS || (long) b.rows() * b.rowStride() <= CLOSE);
    }

    /** Adds a product of few terms to rows of a result, which begin {@code stride} elements apart. */
    private static void addPart(Matrix left, Matrix b, double[] out, int at, int stride) {
        int m = left.rows();
        Matrix a = left.hasDenseRows() && b.columns() < MANY_COLUMNS ? left : rows(left);
        double[] panels = isReadAsItLies(m, b) ? null : panels(b);
        int n = b.columns();
        int rows = Math.min(m, ROWS);
        int tiles = (n + DoubleTile.COLUMNS - 1) / DoubleTile.COLUMNS;
        int some = Math.max(1, Math.min(tiles, BLOCK / (rows * a.columns() * DoubleTile.COLUMNS)));
        int across = (tiles + some - 1) / some;
        Parallel.ranges((m + rows - 1) / rows * across, 1, (from, to) -> {
            double[] sums = new double[DoubleTile.ROWS * DoubleTile.COLUMNS];
            for (int task = from; task < to; task++) {
                int top = task / across * rows;
                int first = task % across * some;
                for (int tile = first; tile < Math.min(tiles, first + some); tile++) {
                    addTiles(a, top, Math.min(m, top + rows), b, panels, tile, sums, out, at, stride);
                }
            }
        });
    }

    /** Adds the tiles of some rows, one above the other. */
    private static void addTiles(
            Matrix a,
            int top,
            int bottom,
            Matrix b,
            double @Nullable [] panels,
            int tile,
            double[] sums,
            double[] out,
            int at,
            int stride) {
        int left = tile * DoubleTile.COLUMNS;
        int terms = a.columns();
        int columns = Math.min(b.columns() - left, DoubleTile.COLUMNS);
        double[] as = (double[]) a.storage();
        double[] bs = panels == null ? (double[]) b.storage() : panels;
        int j = panels == null ? b.offset() + left : left * terms;
        int step = panels == null ? b.rowStride() : DoubleTile.COLUMNS;
        for (int i = top; i < bottom; i += DoubleTile.ROWS) {
            int rows = Math.min(bottom - i, DoubleTile.ROWS);
            int from = a.offset() + i * a.rowStride();
            DoubleTile.sum(as, from, a.rowStride(), rows, bs, j, step, terms, sums);
            DoubleTile.add(sums, rows, columns, out, at + i * stride + left, stride);
        }
    }

    /** A copy with dense rows. */
    private static Matrix rows(Matrix a) {
        double[] from = (double[]) a.storage();
        double[] to = DoubleScratch.left(a.rows() * PITCH);
        int terms = a.columns();
        Parallel.ranges(a.rows(), Parallel.blockOf(terms), (first, end) -> {
            if (a.hasDenseRows()) {
                for (int i = first; i < end; i++) {
                    System.arraycopy(from, a.offset() + i * a.rowStride(), to, i * PITCH, terms);
                }
                return;
            }
            for (int k = 0; k < terms; k++) {
                int column = a.offset() + k * a.columnStride();
                for (int i = first; i < end; i++) {
                    to[i * PITCH + k] = from[column + i * a.rowStride()];
                }
            }
        });
        return new Matrix(to, 0, a.rows(), terms, PITCH, 1);
    }

    /** A copy of b as panels of one tile's columns, the last of them filled up with zeros. */
    private static double[] panels(Matrix b) {
        int terms = b.rows();
        int n = b.columns();
        int tiles = (n + DoubleTile.COLUMNS - 1) / DoubleTile.COLUMNS;
        double[] from = (double[]) b.storage();
        double[] to = DoubleScratch.right(tiles * terms * DoubleTile.COLUMNS);
        Parallel.ranges(tiles, Parallel.blockOf(terms * DoubleTile.COLUMNS), (first, end) -> {
            for (int tile = first; tile < end; tile++) {
                int left = tile * DoubleTile.COLUMNS;
                int width = Math.min(n - left, DoubleTile.COLUMNS);
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
        });
        return to;
    }
}
