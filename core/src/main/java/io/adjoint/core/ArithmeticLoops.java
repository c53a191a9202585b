package io.adjoint.core;

/**
 * The dedicated arithmetic loops over consecutive elements of one floating type.
 *
 * @hidden
 */
@Internal
public interface ArithmeticLoops<A> {
    /**
     * {@code out[k + e] = a[i + e·di] ∘ b[j + e·dj]} for n elements, where at most one of {@code di}, {@code dj} is 0 (that
     * operand is one number) and otherwise they are 1. The result may lie where an operand lies, from the same element on.
     */
    void apply(BinaryOp op, A a, int i, int di, A b, int j, int dj, A out, int k, int n);

    /** {@code target[to + e] += source[from + e]}, in place. */
    void accumulate(A source, int from, A target, int to, int n);

    /** {@code totals[to + e] += source[from + e]}, in place; the totals of FLOAT32, too, are double. */
    void total(A source, int from, double[] totals, int to, int n);

    /** {@code totals[to + e·toStep + at[i + e·di]·stride] += source[from + e·step]}, one after the other, in place. */
    void totalAt(
            A source,
            int from,
            int step,
            int[] at,
            int i,
            int di,
            double[] totals,
            int to,
            int toStep,
            int stride,
            int n);
}
