package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The arithmetic operations as loops over elements of Java arrays of one floating type.
 *
 * @hidden
 */
@Internal
public interface ArithmeticLoops<A> {
    /**
     * Applies the operation ∘ to n pairs of elements: {@code out[k + e] = a[i + e·di] ∘ b[j + e·dj]} for {@code 0 ≤ e < n}, where {@code
     * di} and {@code dj} are 1, or one of them is 0 because its operand is a single number. The result may overwrite an operand if both
     * begin at the same element.
     */
    void apply(BinaryOp op, A a, int i, int di, A b, int j, int dj, A out, int k, int n);

    /**
     * Applies the operation ∘ to n rows of {@code width} elements each: {@code out[k + r·dk + c] = a[i + r·di + c] ∘ b[j + r·dj +
     * c·stride]} for each row r and column c; if {@code dj} is 0, every row of a is combined with the same row of b. The stride of b is 1,
     * or 0 if b has one number for each row.
     */
    default void rows(
            BinaryOp op, A a, int i, int di, A b, int j, int dj, int stride, A out, int k, int dk, int n, int width) {
        for (int r = 0; r < n; r++) {
            apply(op, a, i + r * di, 1, b, j + r * dj, stride, out, k + r * dk, width);
        }
    }

    /** Adds n elements of the source to the target, in place: {@code target[to + e] += source[from + e]}. */
    void accumulate(A source, int from, A target, int to, int n);

    /** Adds n elements of the source to totals, which are double even for FLOAT32, in place: {@code totals[to + e] += source[from + e]}. */
    void total(A source, int from, double[] totals, int to, int n);
}
