package io.adjoint.simd;

import io.adjoint.core.ConvolutionLoops;
import io.adjoint.core.DoubleScratch;
import io.adjoint.core.ProductLoops;
import java.util.Arrays;

/**
 * {@link ConvolutionLoops} in {@code double[]} by tiles of vectors, which read what the window sees where it lies in the image. The
 * float version is generated from this file.
 *
 * <p>Each element is the sum of its products from the first to the last, in parts of {@value ProductLoops#DEPTH}, as in the default
 * loops: the bits are theirs.
 */
final class DoubleConvolutions implements ConvolutionLoops<double[]> {
    /** The distances between the rows of a panel. */
    private static final int[] PANEL = new int[ProductLoops.DEPTH];

    /** The elements of a tile of either form. */
    private static final int EDGE = Math.max(DoubleTile.WIDTH, DoubleTile.ROWS * DoubleTile.COLUMNS);

    static {
        Arrays.setAll(PANEL, k -> k * DoubleTile.WIDTH);
    }

    private final ConvolutionLoops<double[]> plain;

    DoubleConvolutions(ConvolutionLoops<double[]> plain) {
        this.plain = plain;
    }

    @Override
    public ConvolutionLoops<double[]> of(long multiplyAdds) {
        return multiplyAdds < DoubleProducts.MIN_WORK ? plain : this;
    }

    /** Rows by the number of a tile's, element by element, the last tile filled up with zeros. */
    @Override
    public double[] packed(double[] weights, int at, int matrices, int rows, int columns) {
        int tall = height(rows);
        double[] packed = new double[matrices * tall * columns];
        for (int matrix = 0; matrix < matrices; matrix++) {
            for (int i = 0; i < rows; i++) {
                int from = at + (matrix * rows + i) * columns;
                int to = (matrix * tall + i / DoubleTile.ROWS * DoubleTile.ROWS) * columns + i % DoubleTile.ROWS;
                int step = rows == 1 ? 1 : DoubleTile.ROWS;
                for (int k = 0; k < columns; k++) {
                    packed[to + k * step] = weights[from + k];
                }
            }
        }
        return packed;
    }

    /** The rows with those that fill up the last tile; one row is a tile of its own. */
    private static int height(int rows) {
        return rows == 1 ? 1 : (rows + DoubleTile.ROWS - 1) / DoubleTile.ROWS * DoubleTile.ROWS;
    }

    @Override
    public void multiply(
            double[] packed, int matrix, int rows, double[] image, int at, int[] offsets, int n, double[] out, int to) {
        int wide = rows == 1 ? DoubleTile.WIDTH : DoubleTile.COLUMNS;
        double[] edge = new double[EDGE];
        for (int first = 0; first < offsets.length; first += ProductLoops.DEPTH) {
            int terms = Math.min(offsets.length - first, ProductLoops.DEPTH);
            int corner = matrix * height(rows) * offsets.length;
            for (int left = 0; left < n; left += wide) {
                int columns = Math.min(n - left, wide);
                if (columns == wide) {
                    addTiles(
                            packed,
                            corner,
                            rows,
                            offsets.length,
                            first,
                            terms,
                            image,
                            at + left,
                            offsets,
                            first,
                            edge,
                            columns,
                            out,
                            to + left,
                            n);
                } else {
                    double[] panel = panel(image, at + left, offsets, first, terms, columns);
                    addTiles(
                            packed,
                            corner,
                            rows,
                            offsets.length,
                            first,
                            terms,
                            panel,
                            0,
                            PANEL,
                            0,
                            edge,
                            columns,
                            out,
                            to + left,
                            n);
                }
            }
        }
    }

    /** A copy of the last columns, which are not enough for a tile. */
    private static double[] panel(double[] image, int at, int[] offsets, int first, int terms, int columns) {
        double[] panel = DoubleScratch.right(ProductLoops.DEPTH * DoubleTile.WIDTH);
        for (int k = 0; k < terms; k++) {
            System.arraycopy(image, at + offsets[first + k], panel, PANEL[k], columns);
            Arrays.fill(panel, PANEL[k] + columns, PANEL[k] + DoubleTile.WIDTH, 0);
        }
        return panel;
    }

    private static void addTiles(
            double[] packed,
            int corner,
            int rows,
            int all,
            int from,
            int terms,
            double[] image,
            int at,
            int[] offsets,
            int first,
            double[] edge,
            int columns,
            double[] out,
            int to,
            int stride) {
        if (rows == 1) {
            if (columns == DoubleTile.WIDTH) {
                DoubleTile.addRow(packed, corner + from, image, at, offsets, first, terms, out, to);
            } else {
                Arrays.fill(edge, 0);
                DoubleTile.addRow(packed, corner + from, image, at, offsets, first, terms, edge, 0);
                DoubleTile.add(edge, 1, columns, out, to, stride);
            }
            return;
        }
        for (int i = 0; i < rows; i += DoubleTile.ROWS) {
            int a = corner + i * all + from * DoubleTile.ROWS;
            int high = Math.min(rows - i, DoubleTile.ROWS);
            if (high == DoubleTile.ROWS && columns == DoubleTile.COLUMNS) {
                DoubleTile.add(packed, a, image, at, offsets, first, terms, out, to + i * stride, stride);
            } else {
                Arrays.fill(edge, 0);
                DoubleTile.add(packed, a, image, at, offsets, first, terms, edge, 0, DoubleTile.COLUMNS);
                DoubleTile.add(edge, high, columns, out, to + i * stride, stride);
            }
        }
    }

    @Override
    public void multiplyPositions(
            double[] g,
            int from,
            int stride,
            int rows,
            double[] image,
            int at,
            int[] offsets,
            int[] positions,
            int length,
            int first,
            int count,
            double[] out,
            int to) {
        double[] sums = new double[DoubleTile.ROWS * DoubleTile.COLUMNS];
        double[] panel = DoubleScratch.right(ProductLoops.DEPTH * DoubleTile.WIDTH);
        int n = offsets.length;
        for (int left = 0; left < rows; left += DoubleTile.COLUMNS) {
            int columns = Math.min(rows - left, DoubleTile.COLUMNS);
            transpose(g, from + left * stride, stride, columns, count, panel);
            for (int k = 0; k < n; k += DoubleTile.ROWS) {
                DoubleTile.sum(image, at, offsets, k, positions, first, panel, count, sums);
                int end = Math.min(n - k, DoubleTile.ROWS);
                for (int c = 0; c < columns; c++) {
                    int row = to + (left + c) * n + k;
                    for (int r = 0; r < end; r++) {
                        out[row + r] += sums[r * DoubleTile.COLUMNS + c];
                    }
                }
            }
        }
    }

    /** Columns as rows of a panel of one tile's columns, filled up with zeros. */
    private static void transpose(double[] g, int from, int stride, int columns, int count, double[] panel) {
        if (columns < DoubleTile.COLUMNS) {
            Arrays.fill(panel, 0, count * DoubleTile.COLUMNS, 0);
        }
        for (int c = 0; c < columns; c++) {
            int column = from + c * stride;
            for (int p = 0; p < count; p++) {
                panel[p * DoubleTile.COLUMNS + c] = g[column + p];
            }
        }
    }

    @Override
    public void add(double[] from, int at, double[] to, int begin, int step, int n) {
        plain.add(from, at, to, begin, step, n);
    }
}
