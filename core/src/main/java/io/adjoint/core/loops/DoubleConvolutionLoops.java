package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import io.adjoint.core.loops.ProductLoops.Matrix;
import java.util.Arrays;

/**
 * {@link ConvolutionLoops} in {@code double[]}, by matrix products with im2col matrices that are copied from the image. The float version
 * is generated from this file.
 *
 * @hidden
 */
@Internal
public class DoubleConvolutionLoops implements ConvolutionLoops<double[]> {
    private final ProductLoops products;

    public DoubleConvolutionLoops(ProductLoops products) {
        this.products = products;
    }

    @Override
    public double[] packed(double[] weights, int at, int matrices, int rows, int columns) {
        return at == 0 ? weights : Arrays.copyOfRange(weights, at, at + matrices * rows * columns);
    }

    @Override
    public void multiply(
            double[] packed, int matrix, int rows, double[] image, int at, int[] offsets, int n, double[] out, int to) {
        int terms = offsets.length;
        double[] columns = columns(image, at, offsets, n);
        Matrix left = new Matrix(packed, matrix * rows * terms, rows, terms, terms, 1);
        Matrix right = new Matrix(columns, 0, terms, n, n, 1);
        products.multiply(left, right, out, to);
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
        double[] columns = columns(image, at, offsets, count);
        Matrix right = new Matrix(g, from, rows, count, stride, 1).transposed();
        products.multiply(new Matrix(columns, 0, offsets.length, count, count, 1), right, out, to);
    }

    /**
     * Copies the im2col matrix of n positions: row k has, for each position, the element of the image under the k-th of the window's
     * elements, which are counted over all channels.
     */
    private static double[] columns(double[] image, int at, int[] offsets, int n) {
        double[] columns = DoubleScratch.columns(offsets.length * n);
        for (int k = 0; k < offsets.length; k++) {
            System.arraycopy(image, at + offsets[k], columns, k * n, n);
        }
        return columns;
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
        for (int line = 0; line < lines; line++) {
            int source = at + line * apart;
            int target = begin + line * toApart;
            if (stride == 1 && toStride == 1) {
                System.arraycopy(from, source, to, target, n);
            } else {
                for (int e = 0; e < n; e++) {
                    to[target + e * toStride] = from[source + e * stride];
                }
            }
        }
    }

    @Override
    public void add(double[] from, int at, double[] to, int begin, int stride, int n) {
        if (stride == 1) {
            for (int e = 0; e < n; e++) {
                to[begin + e] += from[at + e];
            }
        } else {
            for (int e = 0; e < n; e++) {
                to[begin + e * stride] += from[at + e];
            }
        }
    }
}
