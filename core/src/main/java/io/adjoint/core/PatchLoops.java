package io.adjoint.core;

/**
 * The loops between images and matrices whose columns are the elements under a window at each of its positions.
 *
 * @hidden
 */
@Internal
public interface PatchLoops<A> {
    /**
     * Writes the positions {@code [from, to)} of neighbouring channels as columns, a row for each element of the window in each
     * channel, zeros where it is beside the image.
     *
     * @param sliding over three axes
     * @param at where the first channel begins in x
     * @param target where the matrix begins in {@code columns}
     */
    void unfold(A x, int at, int channels, Sliding sliding, int from, int to, A columns, int target);

    /** The adjoint: adds each element of the matrix to the one in x that {@link #unfold} would have read. */
    void fold(A x, int at, int channels, Sliding sliding, int from, int to, A columns, int target);
}
