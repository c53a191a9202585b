package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The two matrix products of convolutions in one floating type, and the copies that convolutions need. One factor of each product is the
 * im2col matrix: its element (k, p) is {@code image[at + offsets[k] + p]}, for position p and the k-th of the window's elements in all
 * channels. The matrix is never in memory as a whole.
 *
 * @hidden
 */
@Internal
public interface ConvolutionLoops<A> {
    /**
     * The loops to use for a convolution with the given number of multiply-adds: these loops, or loops that are faster for small
     * convolutions.
     */
    default ConvolutionLoops<A> of(long multiplyAdds) {
        return this;
    }

    /** Packs dense matrices, which begin at {@code at}, in the layout that {@link #multiply} reads. */
    A packed(A weights, int at, int matrices, int rows, int columns);

    /**
     * Multiplies a packed matrix of weights, {@code [rows, offsets.length]}, by the im2col matrix of n positions, and adds the product to
     * {@code out}, whose rows of n elements follow each other from the index {@code to} on. Each element of the product is a sum over k
     * from the first to the last, in blocks of {@link ProductLoops#DEPTH} terms.
     *
     * @param packed matrices as {@link #packed} returned them
     * @param matrix the index of the matrix to multiply
     */
    void multiply(A packed, int matrix, int rows, A image, int at, int[] offsets, int n, A out, int to);

    /**
     * Adds to the gradient of a convolution's weight the contribution of {@code count} positions: the product of the im2col matrix and the
     * transposed upstream gradient g, which has a row for each output channel. For each row k of the matrix and each of the {@code rows}
     * output channels o, adds {@code Σ image[at + offsets[k] + p] · g[from + o·stride + p]}, the sum over the positions {@code 0 ≤ p <
     * count} in ascending order, to {@code out[to + k·rows + o]}.
     *
     * @param count at most {@link ProductLoops#DEPTH}
     */
    void multiplyPositions(
            A g, int from, int stride, int rows, A image, int at, int[] offsets, int count, A out, int to);

    /**
     * Copies lines of n elements each: {@code to[begin + k·toApart + e·toStride] = from[at + k·apart + e·stride]} for each line k below
     * {@code lines} and each element e below n.
     */
    void copy(A from, int at, int apart, int stride, A to, int begin, int toApart, int toStride, int lines, int n);

    /**
     * Adds n consecutive elements to n elements that are {@code stride} apart: {@code to[begin + e·stride] += from[at + e]} for each e
     * below n.
     */
    void add(A from, int at, A to, int begin, int stride, int n);
}
