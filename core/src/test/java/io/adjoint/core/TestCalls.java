package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Makes calls in tests that are refused, or that run on a number of threads. */
final class TestCalls {
    private TestCalls() {}

    static void refused(ThrowingCallable call, Class<? extends Exception> type, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessage(message);
    }

    static void refused(ThrowingCallable call, String message) {
        refused(call, ShapeException.class, message);
    }

    static <T> T onThreads(int threads, Callable<T> body) {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return pool.submit(body).join();
        } finally {
            pool.shutdown();
        }
    }
}
