package io.adjoint.core;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scope for computations at many copies of a point, in which elementwise operations and products of matrices compute equal entries once:
 * if their operands repeat one entry along axis 0, their result does, too, as a view. Elsewhere these results are contiguous; a rule that
 * writes into a result must ask {@link NdArray#isContiguous()} before.
 *
 * @hidden
 */
@Internal
public final class EqualRows {
    private static final ThreadLocal<@Nullable Boolean> SHARED = new ThreadLocal<>();

    private EqualRows() {}

    /** Runs a body in this scope. */
    public static <T> T shared(Supplier<T> body) {
        Boolean before = SHARED.get();
        SHARED.set(true);
        try {
            return body.get();
        } finally {
            SHARED.set(before);
        }
    }

    static boolean areShared() {
        return SHARED.get() != null;
    }
}
