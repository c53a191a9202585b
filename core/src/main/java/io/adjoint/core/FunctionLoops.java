package io.adjoint.core;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * The elementary functions as loops over consecutive numbers of one floating type. A result depends on its argument alone, not on its
 * position in the array.
 *
 * @hidden
 */
@Internal
public record FunctionLoops<A>(Map<UnaryFunction, Unary<A>> unary, Map<BinaryFunction, Binary<A>> binary) {
    /**
     * A function of one number as a loop.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Unary<A> {
        /** Computes {@code y[j + e] = f(x[i + e])} for {@code 0 ≤ e < n}; x and y may be the same array at the same position. */
        void apply(A x, int i, A y, int j, int n);
    }

    /**
     * A function of two numbers as a loop.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Binary<A> {
        /** Computes {@code z[k + e] = f(x[i + e], y[j + e])} for {@code 0 ≤ e < n}; z may be x or y at the same position. */
        void apply(A x, int i, A y, int j, A z, int k, int n);
    }

    /** The loop of a function of one number. */
    public Unary<A> get(UnaryFunction f) {
        return requireNonNull(unary.get(f));
    }

    /** The loop of a function of two numbers. */
    public Binary<A> get(BinaryFunction f) {
        return requireNonNull(binary.get(f));
    }
}
