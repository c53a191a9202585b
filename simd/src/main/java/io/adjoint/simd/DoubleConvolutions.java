package io.adjoint.simd;

import io.adjoint.core.Loops;
import io.adjoint.core.loops.ConvolutionLoops;
import io.adjoint.core.loops.DoubleConvolutionLoops;
import io.adjoint.core.loops.DoubleScratch;
import io.adjoint.core.loops.ProductLoops;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * {@link ConvolutionLoops} in {@code double[]} by tiles of vectors. The tiles read the elements of the im2col matrix directly from the
 * image. The float version is generated from this file.
 *
 * <p>Each element of a result is a sum of products, added from the first to the last in blocks of {@value ProductLoops#DEPTH} products, as
 * in the default loops, so the results of both loops have the same bits.
 */
final class DoubleConvolutions extends DoubleConvolutionLoops {
    /**
     * For each width of a panel, in vectors, the indices at which its rows begin; a panel is a dense copy of the columns of a tile's right
     * factor.
     */
    private static final int[][] PANELS = IntStream.rangeClosed(0, DoubleTile.WIDTH / DoubleTile.LANES)
            .mapToObj(vectors -> DoubleTile.offsets(vectors * DoubleTile.LANES, ProductLoops.DEPTH))
            .toArray(int[][]::new);

    /**
     * The length of the buffer for a tile that extends beyond the edge of the result: the tile is computed in the buffer, and the part
     * within the result is then added. The length suffices for the tiles of a single row, too: they have {@code DoubleTile.WIDTH} elements.
     */
    private static final int EDGE = DoubleTile.ROWS * DoubleTile.COLUMNS;

    DoubleConvolutions() {
        super(Loops.FLOAT64.products());
    }

    @Override
    public ConvolutionLoops<double[]> of(long multiplyAdds) {
        return multiplyAdds < DoubleProducts.MIN_WORK ? Loops.FLOAT64.convolutions() : this;
    }

    /**
     * Copies the rows of the weights tile by tile, a tile having {@code DoubleTile.ROWS} rows: the rows' first elements, then their second
     * elements, and so on. The last tile is padded with zero rows; a single row is copied as it is.
     */
    @Override
    public double[] packed(double[] weights, int at, int matrices, int rows, int columns) {
        int tall = height(rows);
        double[] packed = new double[matrices * tall * columns];
        for (int matrix = 0; matrix < matrices; matrix++) {
            for (int i = 0; i < rows; i++) {
                int from = at + (matrix * rows + i) * columns;
                int to = (matrix * tall + i / DoubleTile.ROWS * DoubleTile.ROWS) * columns + i % DoubleTile.ROWS;
                int stride = rows == 1 ? 1 : DoubleTile.ROWS;
                for (int k = 0; k < columns; k++) {
                    packed[to + k * stride] = weights[from + k];
                }
            }
        }
        return packed;
    }

    /** The number of rows including the zero rows that pad the last tile; a single row is a tile of its own. */
    private static int height(int rows) {
        return rows == 1 ? 1 : (rows + DoubleTile.ROWS - 1) / DoubleTile.ROWS * DoubleTile.ROWS;
    }

    @Override
    public void multiply(
            double[] packed, int matrix, int rows, double[] image, int at, int[] offsets, int n, double[] out, int to) {
        int wide = rows == 1 ? DoubleTile.WIDTH : DoubleTile.COLUMNS;
        int corner = matrix * height(rows) * offsets.length;
        double[] edge = new double[EDGE];
        for (int first = 0; first < offsets.length; first += ProductLoops.DEPTH) {
            int terms = Math.min(offsets.length - first, ProductLoops.DEPTH);
            int max = max(offsets, first, terms);
            for (int left = 0; left < n; left += wide) {
                int columns = Math.min(n - left, wide);
                int vectors = DoubleTile.vectors(rows == 1 ? wide : columns);
                // In the last tile, elements of the image behind the last column are read to fill the last vector, but
                // the sums that they yield are not added to the result.
                boolean asItLies = columns == wide || vectors * DoubleTile.LANES <= image.length - at - left - max;
                addTiles(
                        packed,
                        corner,
                        rows,
                        offsets.length,
                        first,
                        terms,
                        asItLies ? image : panel(image, at + left, offsets, first, terms, columns, vectors),
                        asItLies ? at + left : 0,
                        asItLies ? offsets : PANELS[vectors],
                        asItLies ? first : 0,
                        edge,
                        columns,
                        out,
                        to + left,
                        n);
            }
        }
    }

    private static int max(int[] offsets, int first, int n) {
        int max = 0;
        for (int k = first; k < first + n; k++) {
            max = Math.max(max, offsets[k]);
        }
        return max;
    }

    /**
     * A copy of the last tile's columns, padded with zeros, for an image that ends too early to be read up to the end of the tile's last
     * vector.
     */
    private static double[] panel(
            double[] image, int at, int[] offsets, int first, int terms, int columns, int vectors) {
        double[] panel = DoubleScratch.right(ProductLoops.DEPTH * DoubleTile.WIDTH);
        int width = vectors * DoubleTile.LANES;
        for (int k = 0; k < terms; k++) {
            System.arraycopy(image, at + offsets[first + k], panel, k * width, columns);
            Arrays.fill(panel, k * width + columns, (k + 1) * width, 0);
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
                DoubleTile.addPart(edge, 1, columns, out, to, stride);
            }
            return;
        }
        for (int i = 0; i < rows; i += DoubleTile.ROWS) {
            int a = corner + i * all + from * DoubleTile.ROWS;
            int high = Math.min(rows - i, DoubleTile.ROWS);
            DoubleTile.add(
                    packed,
                    a,
                    a + 1,
                    a + 2,
                    a + 3,
                    DoubleTile.ROWS,
                    image,
                    at,
                    offsets,
                    first,
                    terms,
                    high,
                    columns,
                    edge,
                    out,
                    to + i * stride,
                    stride);
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
            int count,
            double[] out,
            int to) {
        double[] edge = new double[EDGE];
        double[] panel = DoubleScratch.right(ProductLoops.DEPTH * DoubleTile.WIDTH);
        for (int left = 0; left < rows; left += DoubleTile.COLUMNS) {
            int columns = Math.min(rows - left, DoubleTile.COLUMNS);
            int vectors = DoubleTile.vectors(columns);
            int width = vectors * DoubleTile.LANES;
            transpose(g, from + left * stride, stride, columns, count, panel, width);
            for (int k = 0; k < offsets.length; k += DoubleTile.ROWS) {
                int high = Math.min(offsets.length - k, DoubleTile.ROWS);
                DoubleTile.add(
                        image,
                        at + offsets[k],
                        at + offsets[k + Math.min(high - 1, 1)],
                        at + offsets[k + Math.min(high - 1, 2)],
                        at + offsets[k + Math.min(high - 1, 3)],
                        1,
                        panel,
                        0,
                        PANELS[vectors],
                        0,
                        count,
                        high,
                        columns,
                        edge,
                        out,
                        to + k * rows + left,
                        rows);
            }
        }
    }

    /**
     * Transposes rows of g, which begin {@code stride} apart, to the columns of a panel with {@code count} rows; if the panel is wider than
     * there are columns, it is padded with zeros.
     */
    private static void transpose(double[] g, int from, int stride, int columns, int count, double[] panel, int width) {
        if (columns < width) {
            Arrays.fill(panel, 0, count * width, 0);
        }
        int c = 0;
        // The loop copies eight columns at a time, so that it writes eight neighbouring elements of each row of
        // the panel.
        for (; c + 8 <= columns; c += 8) {
            int g0 = from + c * stride;
            int g1 = g0 + stride;
            int g2 = g1 + stride;
            int g3 = g2 + stride;
            int g4 = g3 + stride;
            int g5 = g4 + stride;
            int g6 = g5 + stride;
            int g7 = g6 + stride;
            for (int p = 0; p < count; p++) {
                int row = p * width + c;
                panel[row] = g[g0 + p];
                panel[row + 1] = g[g1 + p];
                panel[row + 2] = g[g2 + p];
                panel[row + 3] = g[g3 + p];
                panel[row + 4] = g[g4 + p];
                panel[row + 5] = g[g5 + p];
                panel[row + 6] = g[g6 + p];
                panel[row + 7] = g[g7 + p];
            }
        }
        for (; c < columns; c++) {
            int column = from + c * stride;
            for (int p = 0; p < count; p++) {
                panel[p * width + c] = g[column + p];
            }
        }
    }

    @Override
    public void copy(
            double[] from,
            int at,
            int apart,
            int stride,
            double[] to,
            int begin,
            int toApart,
            int toStride,
            int lines,
            int n) {
        if (stride == 1 && toStride == 1 && n >= DoubleTile.LANES) {
            DoubleTile.copy(from, at, apart, to, begin, toApart, lines, n);
        } else {
            super.copy(from, at, apart, stride, to, begin, toApart, toStride, lines, n);
        }
    }
}
