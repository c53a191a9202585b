package io.adjoint.core;

import java.util.Arrays;

/**
 * The reducing loops over dense elements of one floating type; their results are not yet rounded to it.
 *
 * <p>Sums are pairwise: an array is halved down to blocks, and a block is the sum of {@value #LANES} running sums, as many as the longest
 * vector has doubles, so that loops with vectors of any length and those without have the same bits.
 *
 * @hidden
 */
@Internal
public interface ReductionLoops<A> {
    /** The running sums of a block. Sum s adds up the elements s, s + LANES, s + 2·LANES …; what is left over has one of its own. */
    int LANES = 8;

    /** The most elements of a block. */
    int BLOCK = 256;

    /** The most rows that are added up straight on. */
    int ROWS = 16;

    /** The reduction of n consecutive elements, at least one. */
    default double row(ReduceOp op, A x, int from, int n, double centre) {
        if (n <= BLOCK || !op.isSum()) {
            return block(op, x, from, n, centre);
        }
        // One call for both halves: the JIT inlines each, and puts vectors into objects where it has inlined too much.
        double sum = 0;
        int half = n / 2 & -LANES;
        for (int begin = 0, end = half; begin < n; begin = end, end = n) {
            sum += row(op, x, from + begin, end - begin, centre);
        }
        return sum;
    }

    /**
     * {@code total[c]} = the reduction of {@code x[from + r·stride + c]} over {@code 0 ≤ r < n} with respect to {@code centre[c]},
     * for each column {@code 0 ≤ c < width}.
     */
    default void columns(ReduceOp op, A x, int from, int n, int stride, int width, double[] centre, double[] total) {
        if (n <= ROWS || !op.isSum()) {
            Arrays.fill(total, 0, width, op.identity());
            rows(op, x, from, n, stride, width, centre, total);
            return;
        }
        int half = n / 2;
        columns(op, x, from, half, stride, width, centre, total);
        double[] rest = new double[width];
        columns(op, x, from + half * stride, n - half, stride, width, centre, rest);
        for (int c = 0; c < width; c++) {
            total[c] += rest[c];
        }
    }

    /**
     * The reductions of n elements, {@code stride} apart, from each of {@code width} neighbouring positions on; one of consecutive elements
     * if the stride is 1.
     */
    default double[] reduce(ReduceOp op, A x, int from, int n, int stride, int width) {
        double[] total = new double[width];
        if (stride == 1) {
            total[0] = row(op, x, from, n, 0);
        } else {
            columns(op, x, from, n, stride, width, new double[width], total);
        }
        return total;
    }

    /** The reduction of a block, or for other reductions than sums of any number of elements, at least one. */
    double block(ReduceOp op, A x, int from, int n, double centre);

    /** Joins the rows to the totals, one after the other; see {@link #columns}. */
    void rows(ReduceOp op, A x, int from, int n, int stride, int width, double[] centre, double[] total);

    /** Adds {@code Σ (x − centre)} and {@code Σ (x − centre)²} of n elements to the sums, block by block. */
    void moments(A x, int i, double centre, int n, double[] sums);

    /**
     * Adds {@code Σ x} and {@code Σ x·y} of n elements to the sums, block by block. Before they are added to a running sum, terms are
     * added four by four in the elements' own type, the four of them LANES apart: converting a float takes as long as adding it.
     */
    void products(A x, int i, A y, int j, int n, double[] sums);

    /**
     * Resamples the middle axis of candidates {@code [outer, size, inner]}, which are positions in x: {@code found[o, p, i]} is the one
     * among {@code candidates[o, k, i]}, k being the indices of window p, with the largest {@code x[from + candidate]}, that of the first k
     * if there are several; NaN, if there may be any, counts as largest.
     */
    void largest(A x, int from, boolean hasNaN, int[] candidates, int inner, Taps windows, int[] found);

    /**
     * Finds the largest among each four of elements without NaN, in the lines of x that begin at {@code top} and {@code bottom}: the
     * first of {@code top + left[p]}, {@code top + right[p]}, {@code bottom + left[p]} and {@code bottom + right[p]}, all from
     * {@code from} on, with the largest x. Its position becomes {@code found[to + p]}, and the element itself {@code out[to + p]}.
     */
    void largestOfFour(A x, int from, int top, int bottom, int[] left, int[] right, A out, int[] found, int to);

    /** The sum of a block from its running sums. */
    static double total(double[] s) {
        return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    }
}
