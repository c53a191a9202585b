package io.adjoint.core;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The table of the elementary functions: for each of them a loop over consecutive numbers of one floating type. A result depends on its
 * argument alone, not on its position in the array.
 *
 * @hidden
 */
@Internal
public record FunctionLoops<A>(Map<UnaryFunction, UnaryLoop<A>> unary, Map<BinaryFunction, BinaryLoop<A>> binary) {
    /** The loop of a function of one number. */
    @FunctionalInterface
    public interface UnaryLoop<A> {
        /** Computes {@code y[j + e] = f(x[i + e])} for {@code 0 ≤ e < n}; x and y may be the same array at the same position. */
        void apply(A x, int i, A y, int j, int n);
    }

    /** The loop of a function of two numbers. */
    @FunctionalInterface
    public interface BinaryLoop<A> {
        /** Computes {@code z[k + e] = f(x[i + e], y[j + e])} for {@code 0 ≤ e < n}; z may be x or y at the same position. */
        void apply(A x, int i, A y, int j, A z, int k, int n);
    }

    /** Returns the table that has for each constant the loop that a function gives. */
    static <A> FunctionLoops<A> of(
            Function<UnaryFunction, UnaryLoop<A>> unary, Function<BinaryFunction, BinaryLoop<A>> binary) {
        Map<UnaryFunction, UnaryLoop<A>> ofOne = new EnumMap<>(UnaryFunction.class);
        Map<BinaryFunction, BinaryLoop<A>> ofTwo = new EnumMap<>(BinaryFunction.class);
        for (UnaryFunction f : UnaryFunction.values()) {
            ofOne.put(f, unary.apply(f));
        }
        for (BinaryFunction f : BinaryFunction.values()) {
            ofTwo.put(f, binary.apply(f));
        }
        return new FunctionLoops<>(ofOne, ofTwo);
    }

    /** Returns the loop of a function. */
    public UnaryLoop<A> of(UnaryFunction f) {
        return requireNonNull(unary.get(f));
    }

    /** Returns the loop of a function. */
    public BinaryLoop<A> of(BinaryFunction f) {
        return requireNonNull(binary.get(f));
    }

    /** Returns this table with another loop for f, which {@code change} makes of the present one. */
    public FunctionLoops<A> with(UnaryFunction f, UnaryOperator<UnaryLoop<A>> change) {
        Map<UnaryFunction, UnaryLoop<A>> changed = new EnumMap<>(unary);
        changed.put(f, change.apply(of(f)));
        return new FunctionLoops<>(changed, binary);
    }

    /** Returns this table with another loop for f, which {@code change} makes of the present one. */
    public FunctionLoops<A> with(BinaryFunction f, UnaryOperator<BinaryLoop<A>> change) {
        Map<BinaryFunction, BinaryLoop<A>> changed = new EnumMap<>(binary);
        changed.put(f, change.apply(of(f)));
        return new FunctionLoops<>(unary, changed);
    }
}
