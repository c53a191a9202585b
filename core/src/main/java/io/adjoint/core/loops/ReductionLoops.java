package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import java.util.Arrays;

/**
 * The loops of reductions over dense elements of one floating type. Results are doubles, not yet rounded to that type.
 *
 * <p>Sums are pairwise: an array is halved repeatedly down to blocks, and a block is added up in {@value #LANES} running sums, which are
 * added at its end. The longest vectors of a processor hold {@value #LANES} doubles, so loops with vectors of any length, and loops without
 * vectors, add in the same order and give the same bits.
 *
 * @hidden
 */
@Internal
public interface ReductionLoops<A> {
    /**
     * The number of running sums of a block. Sum s adds up the elements s, s + LANES, s + 2·LANES …; the last elements, fewer than LANES,
     * have a sum of their own.
     */
    int LANES = 8;

    /** The largest number of elements of a block. A sum of more elements is halved repeatedly until its parts are blocks. */
    int BLOCK = 256;

    /** The largest number of rows that are added up one after the other; more rows are summed pairwise. */
    int ROWS = 16;

    /** The reduction of the n elements of x from the index {@code from} on; n is at least 1, and deviations are from {@code centre}. */
    default double row(ReduceOp op, A x, int from, int n, double centre) {
        if (n <= BLOCK || !op.isSum()) {
            return block(op, x, from, n, centre);
        }
        // A loop over the two halves has only one recursive call for the JIT to inline: after too much inlining, the
        // JIT allocates vectors as objects instead of keeping them in registers.
        double sum = 0;
        int half = n / 2 & -LANES;
        for (int begin = 0, end = half; begin < n; begin = end, end = n) {
            sum += row(op, x, from + begin, end - begin, centre);
        }
        return sum;
    }

    /**
     * Reduces each of {@code count} rows of n consecutive elements, of which one begins where the one before ends: {@code total[r]} becomes
     * the reduction of row r, with the bits of {@link #row}; deviations are from 0.
     */
    default void rowByRow(ReduceOp op, A x, int from, int n, int count, double[] total) {
        for (int r = 0; r < count; r++) {
            total[r] = row(op, x, from + r * n, n, 0);
        }
    }

    /**
     * Sums up the columns of {@code count} small matrices, of which one begins {@code apart} elements after the one before, with the bits
     * of {@link #columns}: {@code total[m·width + c]} becomes the sum of the elements {@code x[from + m·apart + r·width + c]} of the rows
     * r from 0 to n − 1.
     */
    default void columnsOfMany(A x, int from, int n, int width, int apart, int count, double[] total) {
        if (n <= ROWS) {
            Arrays.fill(total, 0, count * width, 0);
            rowsOfMany(x, from, n, width, apart, count, total);
            return;
        }
        int half = n / 2;
        columnsOfMany(x, from, half, width, apart, count, total);
        double[] rest = new double[count * width];
        columnsOfMany(x, from + half * width, n - half, width, apart, count, rest);
        for (int k = 0; k < rest.length; k++) {
            total[k] += rest[k];
        }
    }

    /** Adds n rows to the totals of {@link #columnsOfMany}, one row after the other. */
    void rowsOfMany(A x, int from, int n, int width, int apart, int count, double[] total);

    /**
     * Reduces each of {@code width} neighbouring columns over n rows. For the column c, {@code total[c]} becomes the reduction of the
     * elements {@code x[from + r·stride + c]} of the rows r from 0 to n − 1; deviations are from {@code centre[c]}.
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
     * The reductions of {@code width} neighbouring columns of n elements each, where the elements of a column are {@code stride} apart; if
     * {@code isRow} is true, the reduction of n consecutive elements; stride and width are then 1. A row is summed in another order than a
     * column, so {@code isRow} must not depend on the number of threads. Deviations are from 0.
     */
    default double[] reduce(ReduceOp op, A x, int from, int n, int stride, int width, boolean isRow) {
        double[] total = new double[width];
        if (isRow) {
            total[0] = row(op, x, from, n, 0);
        } else {
            columns(op, x, from, n, stride, width, new double[width], total);
        }
        return total;
    }

    /**
     * The reduction of a block of n consecutive elements, with deviations from {@code centre}; n is at least 1 and, if the reduction is a
     * sum, at most {@link #BLOCK}.
     */
    double block(ReduceOp op, A x, int from, int n, double centre);

    /**
     * Adds n rows to the totals of {@link #columns}, one row after the other, or takes their product, maximum or minimum with the totals.
     */
    void rows(ReduceOp op, A x, int from, int n, int stride, int width, double[] centre, double[] total);

    /**
     * Finds the first largest (AMAX) or smallest (AMIN) element of each of {@code width} columns of n elements; NaN counts as both.
     * {@code index[at + c]} becomes its number r in the column c, whose elements are {@code x[from + r·stride + c·apart]}; one of stride
     * and apart is 1.
     */
    void indices(ReduceOp op, A x, int from, int n, int stride, int apart, int width, int[] index, int at);

    /**
     * Adds the sum of the deviations of n elements from the centre, {@code Σ (x − centre)}, to {@code sums[0]}, and the sum of their
     * squares, {@code Σ (x − centre)²}, to {@code sums[1]}, block by block.
     */
    void moments(A x, int i, double centre, int n, double[] sums);

    /**
     * Adds the sum {@code Σ x} of n elements to {@code sums[0]}, and the dot product {@code Σ x·y} of n elements each to {@code sums[1]},
     * block by block. Four terms that are LANES apart are first added in the elements' own type, and only their sum is converted and added
     * to a running sum in double: to convert a float takes as long as an addition.
     */
    void products(A x, int i, A y, int j, int n, double[] sums);

    /** The sum of a block from its running sums, added pairwise. */
    static double total(double[] s) {
        return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    }
}
