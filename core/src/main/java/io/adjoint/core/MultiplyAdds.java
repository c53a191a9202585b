package io.adjoint.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the multiply-adds of the matrix products and convolutions that a thread computes, for whoever asks; nobody else pays for it.
 *
 * @hidden
 */
@Internal
public final class MultiplyAdds {
    private static final AtomicInteger COUNTING = new AtomicInteger();
    private static final ThreadLocal<long @Nullable []> COUNT = new ThreadLocal<>();

    private MultiplyAdds() {}

    /** Runs the body, during which this thread counts from 0. */
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

    /** The count so far; 0 if this thread does not count. */
    public static long count() {
        long[] count = COUNT.get();
        return count == null ? 0 : count[0];
    }

    static void add(long number) {
        if (COUNTING.get() > 0) {
            long[] count = COUNT.get();
            if (count != null) {
                count[0] += number;
            }
        }
    }
}
