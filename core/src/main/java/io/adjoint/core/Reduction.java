package io.adjoint.core;

/** The reducing loops over dense elements of one floating type. */
interface Reduction<A> {
    /** The reduction of n consecutive elements, not yet rounded to the element type; sums are pairwise. */
    double row(ReduceOp op, A x, int from, int n);

    /**
     * {@code out[o + c]} = the reduction of {@code x[from + r·stride + c]} over {@code 0 ≤ r < n}, for each column
     * {@code 0 ≤ c < width}; sums are pairwise.
     */
    void columns(ReduceOp op, A x, int from, int n, int stride, int width, A out, int o);
}
