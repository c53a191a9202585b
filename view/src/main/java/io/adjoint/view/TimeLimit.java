package io.adjoint.view;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Interrupts threads that take too long. The interrupt closes a channel for which the thread waits, also in a blocking read. */
final class TimeLimit implements AutoCloseable {
    private static final ThreadLocal<Limit> LIMIT = new ThreadLocal<>();

    private final ScheduledExecutorService clock;

    TimeLimit(ThreadFactory threads) {
        clock = Executors.newSingleThreadScheduledExecutor(threads);
    }

    /** Sets the time until this thread is interrupted, in place of a time that was set before. */
    void set(Duration time) {
        lift();
        LIMIT.set(new Limit(clock, time));
    }

    /** Ends the limit of this thread; if the limit has interrupted the thread, clears the interrupt. */
    void lift() {
        Limit before = LIMIT.get();
        if (before != null) {
            before.lift();
            LIMIT.remove();
        }
    }

    /** The limit of the thread that makes it. Its lock ensures that no interrupt comes after it is lifted. */
    private static final class Limit {
        private final Thread thread = Thread.currentThread();
        private final Future<?> end;
        private boolean isLifted;
        private boolean isOver;

        Limit(ScheduledExecutorService clock, Duration time) {
            end = clock.schedule(this::interrupt, time.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized void interrupt() {
            if (!isLifted) {
                isOver = true;
                thread.interrupt();
            }
        }

        synchronized void lift() {
            end.cancel(false);
            isLifted = true;
            if (isOver) {
                boolean unused = Thread.interrupted();
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
