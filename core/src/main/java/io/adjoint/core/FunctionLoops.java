package io.adjoint.core;

/**
 * The elementary functions as loops over consecutive numbers of one floating type. A result depends on its argument alone, not on its
 * position in the array.
 *
 * @hidden
 */
@Internal
public interface FunctionLoops<A> {
    /** Computes {@code y[j + e] = f(x[i + e])} for {@code 0 ≤ e < n}; x and y may be the same array at the same position. */
    void apply(UnaryFunction f, A x, int i, A y, int j, int n);

    /** Computes {@code z[k + e] = f(x[i + e], y[j + e])} for {@code 0 ≤ e < n}; z may be x or y at the same position. */
    void apply(BinaryFunction f, A x, int i, A y, int j, A z, int k, int n);
}
