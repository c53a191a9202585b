package io.adjoint.view;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Interrupts threads that take too long. The interrupt closes a channel for which the thread waits, also in a blocking read. */
final class TimeLimit implements AutoCloseable {
    /** The end of the thread's limit. */
    private static final ThreadLocal<Future<?>> END = new ThreadLocal<>();

    private final ScheduledExecutorService clock;

    TimeLimit(ThreadFactory threads) {
        clock = Executors.newSingleThreadScheduledExecutor(threads);
    }

    /** Sets the time until this thread is interrupted, in place of a time that was set before. */
    void set(Duration time) {
        lift();
        Thread thread = Thread.currentThread();
        END.set(clock.schedule(thread::interrupt, time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Ends the limit of this thread. */
    void lift() {
        Future<?> before = END.get();
        if (before != null) {
            before.cancel(false);
            END.remove();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
