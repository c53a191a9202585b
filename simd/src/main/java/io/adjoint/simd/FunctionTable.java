package io.adjoint.simd;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.FunctionLoops.Binary;
import io.adjoint.core.FunctionLoops.Unary;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.math.Buffers;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The default loops of all functions, in place of which vectors compute some functions. The default loops compute elements that do not fill
 * a vector, arguments outside a function's domain, and calls for few elements.
 */
final class FunctionTable<A> {
    private final Map<UnaryFunction, Unary<A>> unary;
    private final Map<BinaryFunction, Binary<A>> binary;
    private final int few;
    private final int lanes;

    /**
     * Begins with the default loops.
     *
     * @param few the number of elements below which the default loops run
     * @param lanes the number of elements of which the vectors compute a multiple
     */
    FunctionTable(FunctionLoops<A> plain, int few, int lanes) {
        this.unary = new EnumMap<>(plain.unary());
        this.binary = new EnumMap<>(plain.binary());
        this.few = few;
        this.lanes = lanes;
    }

    /** The arguments for which the vectors of a function give right results. */
    interface Domain<A> {
        /** Returns a copy of n arguments if one of them is outside the domain, else null. */
        @Nullable
        A copyIfOutside(A x, int i, int n);

        /** Computes, by the default loop, the results of n arguments that {@link #copyIfOutside} copied, as far as they are outside. */
        void repair(Unary<A> plain, A copy, A y, int j, int n);
    }

    /** A function by vectors, in chunks that stay in the first-level cache from loop to loop. */
    private record Lanes<A>(Unary<A> vectors, @Nullable Domain<A> domain, Unary<A> plain, int few, int lanes)
            implements Unary<A> {
        @Override
        public void apply(A x, int i, A y, int j, int n) {
            int whole = n < few ? 0 : n - n % lanes;
            for (int e = 0; e < whole; e += Buffers.RUN) {
                int m = Math.min(Buffers.RUN, whole - e);
                A copy = domain == null ? null : domain.copyIfOutside(x, i + e, m);
                vectors.apply(x, i + e, y, j + e, m);
                if (domain != null && copy != null) {
                    domain.repair(plain, copy, y, j + e, m);
                }
            }
            if (whole < n) {
                plain.apply(x, i + whole, y, j + whole, n - whole);
            }
        }
    }

    /** Lets vectors compute a function of any arguments. They are called for at most {@link Buffers#RUN} elements at a time. */
    FunctionTable<A> with(UnaryFunction f, Unary<A> vectors) {
        return with(f, null, vectors);
    }

    /** Lets vectors compute a function of the arguments in a domain. */
    FunctionTable<A> with(UnaryFunction f, @Nullable Domain<A> domain, Unary<A> vectors) {
        unary.compute(f, (same, plain) -> new Lanes<>(vectors, domain, plain, few, lanes));
        return this;
    }

    /** Lets vectors compute a function of two numbers. */
    FunctionTable<A> with(BinaryFunction f, Binary<A> vectors) {
        binary.compute(f, (same, plain) -> (x, i, y, j, z, k, n) -> {
            int whole = n < few ? 0 : n - n % lanes;
            for (int e = 0; e < whole; e += Buffers.RUN) {
                vectors.apply(x, i + e, y, j + e, z, k + e, Math.min(Buffers.RUN, whole - e));
            }
            if (whole < n) {
                plain.apply(x, i + whole, y, j + whole, z, k + whole, n - whole);
            }
        });
        return this;
    }

    FunctionLoops<A> loops() {
        return new FunctionLoops<>(unary, binary);
    }
}
