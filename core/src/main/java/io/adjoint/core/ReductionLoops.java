package io.adjoint.core;

/**
 * The reducing loops over dense elements of one floating type; their results are not yet rounded to it. Sums are pairwise.
 *
 * @hidden
 */
@Internal
public interface ReductionLoops<A> {
    /** The reduction of n consecutive elements, at least one. */
    double row(ReduceOp op, A x, int from, int n, double centre);

    /**
     * {@code total[c]} = the reduction of {@code x[from + r·stride + c]} over {@code 0 ≤ r < n} with respect to {@code centre[c]},
     * for each column {@code 0 ≤ c < width}.
     */
    void columns(ReduceOp op, A x, int from, int n, int stride, int width, double[] centre, double[] total);
}
