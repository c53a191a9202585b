package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.SelectionKernels;
import io.adjoint.core.StackNames;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a computation goes wrong, at the price of time and memory. The settings hold for the thread that runs the body,
 * and for the backward passes that it starts, as long as the body runs.
 */
public final class Debug {
    /** The layer in which an operation was called, and the stack frames of the call. */
    record Trace(String layer, List<StackTraceElement> calls) {
        /** The innermost call outside the library, as {@code Main.train(Main.java:12)}. */
        String line() {
            return calls.isEmpty() ? "" : calls.get(0).toString();
        }
    }

    private Debug() {}

    /**
     * Runs the body and keeps for each recorded operation the lines of the program that called the operation. An exception in its backward
     * rule then carries a suppressed {@link ForwardTrace}: the operation, its shape, the path of the layer that it ran in, and the calling
     * lines.
     */
    @CanIgnoreReturnValue
    public static <T> T traced(Supplier<T> body) {
        return ThreadState.current().debugging(true, false, body);
    }

    /**
     * Runs the body {@linkplain #traced traced}, and throws a {@link NaNException} at the first recorded operation whose value contains a
     * NaN or an infinity, and at the first backward rule that returns a gradient with a NaN or an infinity for a finite upstream gradient.
     */
    @CanIgnoreReturnValue
    public static <T> T detectNaN(Supplier<T> body) {
        return ThreadState.current().debugging(true, true, body);
    }

    /**
     * Runs the body with each {@linkplain Autograd#fusedOp fused operation} replaced by its composition. The composition computes the same
     * function up to the last digits, by operations that {@link #detectNaN} and pictures see one by one, but takes more time and memory
     * than the kernels.
     */
    public static <T> T composed(Supplier<T> body) {
        return ThreadState.current().composing(body);
    }

    /** Runs the body under a name that messages give as the path of the layer. */
    @CanIgnoreReturnValue
    public static <T> T within(String layer, Supplier<T> body) {
        return ThreadState.current().within(layer, body);
    }

    /**
     * Returns whether this thread's operations are traced or recorded for a picture; layers then announce their paths by {@link #within}.
     */
    public static boolean isTracing() {
        return ThreadState.current().watched();
    }

    static Trace here(String layer) {
        StackTraceElement[] all = Thread.currentThread().getStackTrace();
        int first = 1;
        while (first < all.length - 1 && StackNames.isOurs(all[first].getClassName())) {
            first++;
        }
        return new Trace(layer, List.of(all).subList(first, all.length));
    }

    static boolean isBad(NdArray values) {
        return SelectionKernels.indexOfFirst(values, v -> !Double.isFinite(v)) >= 0;
    }

    static String where(@Nullable Trace trace) {
        return trace == null
                ? ""
                : (trace.layer().isEmpty() ? "" : " in layer " + trace.layer()) + ", called at " + trace.line();
    }
}
