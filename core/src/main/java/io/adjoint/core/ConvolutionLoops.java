package io.adjoint.core;

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
     * Adds the product of a packed matrix, {@code [rows, offsets.length]}, with the im2col matrix of n positions to dense rows of a result.
     * Each element of the product is a sum over k from the first to the last, in parts of {@link ProductLoops#DEPTH} terms.
     *
     * @param packed matrices as {@link #packed} returned them
     * @param matrix the index of the matrix to multiply
     */
    void multiply(A packed, int matrix, int rows, A image, int at, int[] offsets, int n, A out, int to);

    /**
     * Adds the products of the im2col matrix's rows with the rows of g, of which each belongs to an output channel: for each row k of the
     * matrix and each of the {@code rows} output channels o, adds {@code Σ image[at + offsets[k] + p] · g[from + o·stride + p]}, summed
     * over the positions {@code 0 ≤ p < count} in ascending order, to {@code out[to + k·rows + o]}.
     *
     * @param count at most {@link ProductLoops#DEPTH}
     */
    void multiplyPositions(
            A g, int from, int stride, int rows, A image, int at, int[] offsets, int count, A out, int to);

    /** Copies lines of n elements: {@code to[begin + line·toApart + e·toStep] = from[at + line·apart + e·step]}. */
    void copy(A from, int at, int apart, int step, A to, int begin, int toApart, int toStep, int lines, int n);

    /** Adds n consecutive elements to n elements that are {@code step} apart. */
    void add(A from, int at, A to, int begin, int step, int n);
}
