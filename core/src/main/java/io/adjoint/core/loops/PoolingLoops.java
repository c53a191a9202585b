package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The loops of max pooling over dense elements of one floating type.
 *
 * @hidden
 */
@Internal
public interface PoolingLoops<A> {
    /**
     * One pass of max pooling, along the middle axis of {@code candidates}, an array {@code [outer, size, inner]} of positions in x,
     * counted from the index {@code from}. In the result, {@code found[o, p, i]} is the position of the largest element of the window p:
     * among {@code candidates[o, k, i]} for the indices k of the window, the first whose element of x is largest. If {@code hasNaN} is
     * true, NaN counts as largest; if {@code hasNaN} is false, x must not contain NaN.
     */
    void largest(A x, int from, boolean hasNaN, int[] candidates, int inner, Taps windows, int[] found);

    /**
     * Max pooling over a row of windows of 2 × 2 elements, none of them NaN. All windows lie in two lines of x, which begin at the
     * positions {@code top} and {@code bottom}; the window p has the columns {@code left[p]} and {@code right[p]} of both lines. The
     * largest element of the window becomes {@code out[to + p]}, and its position becomes {@code found[to + p]}; the first position if
     * several elements are largest. All positions are counted from the index {@code from} of x.
     */
    void largestOfFour(A x, int from, int top, int bottom, int[] left, int[] right, A out, int[] found, int to);
}
