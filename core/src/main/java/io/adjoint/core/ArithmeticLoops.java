package io.adjoint.core;

/**
 * The arithmetic operations as loops over elements of Java arrays of one floating type.
 *
 * @hidden
 */
@Internal
public interface ArithmeticLoops<A> {
    /**
     * {@code out[k + e] = a[i + e·di] ∘ b[j + e·dj]} for n elements, where {@code di} and {@code dj} are 1, or one is 0 because its operand
     * is a single number. The result may overwrite an operand if both begin at the same element.
     */
    void apply(BinaryOp op, A a, int i, int di, A b, int j, int dj, A out, int k, int n);

    /**
     * {@code out[k + r·dk + c] = a[i + r·di + c] ∘ b[j + r·dj + c]} for the rows {@code 0 ≤ r < n} of {@code width} elements each; if
     * {@code dj} is 0, every row uses the same row of b.
     */
    default void rows(BinaryOp op, A a, int i, int di, A b, int j, int dj, A out, int k, int dk, int n, int width) {
        for (int r = 0; r < n; r++) {
            apply(op, a, i + r * di, 1, b, j + r * dj, 1, out, k + r * dk, width);
        }
    }

    /** {@code target[to + e] += source[from + e]}, in place. */
    void accumulate(A source, int from, A target, int to, int n);

    /** {@code totals[to + e] += source[from + e]}, in place; the totals are double even for FLOAT32. */
    void total(A source, int from, double[] totals, int to, int n);

    /** {@code totals[to + e·toStep + at[i + e·di]·stride] += source[from + e·step]} for n elements, in ascending order of e, in place. */
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
