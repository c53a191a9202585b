package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Callers;
import io.adjoint.core.NdArray;
import io.adjoint.core.SelectionKernels;
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
     * Runs the body and keeps for each recorded operation where it was called. An exception in its backward rule then carries a
     * suppressed {@link ForwardTrace}: the operation, its shape, the path of the layer that it ran in, and the calling lines.
     */
    @CanIgnoreReturnValue
    public static <T> T traced(Supplier<T> body) {
        return Recorder.current().debugging(true, false, body);
    }

    /**
     * Runs the body {@linkplain #traced traced}, and throws a {@link NaNException} at the first recorded operation whose value has a
     * NaN or an infinity, and at the first backward rule that returns a gradient with one for a gradient without.
     */
    @CanIgnoreReturnValue
    public static <T> T detectNaN(Supplier<T> body) {
        return Recorder.current().debugging(true, true, body);
    }

    /**
     * Runs the body with the composition of each {@linkplain Autograd#fusedOp fused operation} in its place: the same function to the last
     * digits, by operations that {@link #detectNaN} and pictures see one by one, without the kernels' speed and economy.
     */
    public static <T> T composed(Supplier<T> body) {
        return Recorder.current().composing(body);
    }

    /** Runs the body under a name that messages give as the path of the layer. */
    @CanIgnoreReturnValue
    public static <T> T within(String layer, Supplier<T> body) {
        return Recorder.current().within(layer, body);
    }

    /** Returns whether this thread traces, or is viewed as a graph: then layers give their paths by {@link #within}. */
    public static boolean isTracing() {
        return Recorder.current().tracing();
    }

    static Trace here(String layer) {
        StackTraceElement[] all = Thread.currentThread().getStackTrace();
        int first = 1;
        while (first < all.length - 1 && Callers.isOurs(all[first].getClassName())) {
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
