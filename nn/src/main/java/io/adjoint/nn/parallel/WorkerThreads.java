package io.adjoint.nn.parallel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a function once for each worker, in a thread of its own. */
final class WorkerThreads<T extends @Nullable Object> {
    private record Failed(int rank, Throwable cause) {}

    private final ThreadRoom room;
    private final Function<Collective, T> worker;
    private final Object[] results;
    /** The failed workers, in the order of their failures. */
    private final List<Failed> failures = Collections.synchronizedList(new ArrayList<>());

    /**
     * True once the caller was interrupted. The workers read this field, because a pool clears the interrupt of a thread that has not begun
     * its task.
     */
    private volatile boolean isInterrupted;

    private WorkerThreads(int size, Duration timeout, Function<Collective, T> worker) {
        this.worker = worker;
        room = new ThreadRoom(size, timeout);
        results = new Object[size];
    }

    static <T extends @Nullable Object> List<T> run(int size, Duration timeout, Function<Collective, T> worker) {
        return new WorkerThreads<>(size, timeout, worker).run();
    }

    @SuppressWarnings("unchecked") // all results were returned by the function, whose values are of type T
    private List<T> run() {
        List<Thread> threads = new ArrayList<>();
        int rank = 0;
        try {
            for (; rank < results.length; rank++) {
                start(rank, threads);
            }
        } catch (RuntimeException | Error e) {
            room.fail("no thread could be started for rank " + rank + ": " + e);
            throw e;
        } finally {
            await(threads);
        }
        if (!failures.isEmpty()) {
            throw failure();
        }
        return Collections.unmodifiableList((List<T>) Arrays.asList(results));
    }

    /**
     * Starts the thread of a worker, which is the only thread of a pool of its own. Parallel loops use the threads of the pool that they
     * run in, so a worker's loops use one thread and leave the other cores to the other workers.
     */
    private void start(int rank, List<Thread> started) {
        ForkJoinPool pool = new ForkJoinPool(
                1,
                of -> {
                    WorkerThread thread = new WorkerThread(of, "adjoint-worker-" + rank);
                    started.add(thread);
                    return thread;
                },
                null,
                false,
                1,
                1,
                0,
                of -> true, // the pool accepts that its only thread blocks, instead of throwing
                1,
                TimeUnit.SECONDS);
        pool.execute(() -> work(rank));
        pool.shutdown();
    }

    private static final class WorkerThread extends ForkJoinWorkerThread {
        WorkerThread(ForkJoinPool pool, String name) {
            super(pool);
            setName(name);
            setContextClassLoader(Thread.currentThread().getContextClassLoader());
        }
    }

    private void work(int rank) {
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        try (Collective collective = new Collective(room.place(rank))) {
            try {
                results[rank] = worker.apply(collective);
            } catch (Throwable e) {
                // The failure is added before fail(), so that it precedes the failures that it causes in other workers.
                failures.add(new Failed(rank, e));
                collective.fail(e);
            }
        }
    }

    /** Waits for the end of the threads; an interrupt of the caller is passed on to them. */
    private void await(List<Thread> threads) {
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                    threads.forEach(Thread::interrupt);
                }
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private CollectiveException failure() {
        Failed first = failures.get(0);
        CollectiveException failure =
                new CollectiveException("threads: rank " + first.rank + " failed: " + first.cause, first.cause);
        for (Failed other : failures.subList(1, failures.size())) {
            if (!(other.cause instanceof CollectiveException)) {
                failure.addSuppressed(other.cause);
            }
        }
        return failure;
    }
}
