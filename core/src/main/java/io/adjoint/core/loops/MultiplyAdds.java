package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the multiply-adds of the matrix products and convolutions that a thread computes within {@link #counting}. While no thread counts,
 * a kernel's call of {@link #add} takes next to no time.
 *
 * @hidden
 */
@Internal
public final class MultiplyAdds {
    private static final AtomicInteger COUNTING = new AtomicInteger();
    private static final ThreadLocal<long @Nullable []> COUNT = new ThreadLocal<>();

    private MultiplyAdds() {}

    /** Runs the body while this thread counts its multiply-adds, beginning with 0. */
    public static <T> T counting(Supplier<T> body) {
        long[] before = COUNT.get();
        COUNTING.incrementAndGet();
        COUNT.set(new long[1]);
        try {
            return body.get();
        } finally {
            COUNT.set(before);
            COUNTING.decrementAndGet();
        }
    }

    /** The number of multiply-adds that this thread has counted; 0 if this thread does not count. */
    public static long count() {
        long[] count = COUNT.get();
        return count == null ? 0 : count[0];
    }

    /** Adds a number of multiply-adds to this thread's count. */
    public static void add(long number) {
        if (COUNTING.get() > 0) {
            long[] count = COUNT.get();
            if (count != null) {
                count[0] += number;
            }
        }
    }
}
