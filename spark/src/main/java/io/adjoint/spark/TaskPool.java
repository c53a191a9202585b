package io.adjoint.spark;

import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pool of threads in which a task of Spark computes; it has one thread for each core that Spark gives the task. */
final class TaskPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskPool.class);
    private static final int SECONDS_TO_END = 30;

    private final ForkJoinPool pool;

    /** Makes the pool for the task that runs in the calling thread. */
    TaskPool() {
        // The pool's threads get the class loader of the task's thread: only this loader finds classes in jars that
        // Spark has added.
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        pool = new ForkJoinPool(
                TaskContext.get().cpus(),
                of -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(of);
                    thread.setContextClassLoader(loader);
                    return thread;
                },
                null,
                false);
    }

    /**
     * Runs a function in the pool, and waits for its result.
     *
     * @throws InterruptedException if Spark ends the task; the function keeps running until the pool is closed
     */
    <T> T run(Callable<T> function) throws Exception {
        // The exception is passed as a value, since the pool would wrap it in another exception of the same class.
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        T result = pool.submit(() -> {
                    try {
                        return function.call();
                    } catch (Exception | Error e) {
                        thrown.set(e);
                        return null;
                    }
                })
                .get();
        if (thrown.get() instanceof Error error) {
            throw error;
        }
        if (thrown.get() instanceof Exception e) {
            throw e;
        }
        return result;
    }

    /** Interrupts a function that still runs, and waits for its end, so that it doesn't write files while the task's next attempt does. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                LOG.warn("a task has ended, but its computation goes on {} s after it was interrupted", SECONDS_TO_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
