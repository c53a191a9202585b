package io.adjoint.nn.data;

import io.adjoint.autograd.Autograd;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Iterates over batches that threads make ahead. Only the caller's {@code next()} submits work, at most two batches for each thread, and no
 * thread refers to the iterator. So if an iterator is abandoned, its threads finish the submitted batches and end when idle.
 */
final class PrefetchedBatches<B> extends Batches<B> {
    private static final int AHEAD = 2;

    private final ExecutorService pool;
    private final int most;
    /** The submitted batches that were not taken yet: the batch at the epoch's position and batches that follow it. */
    private final Deque<Future<B>> ahead;
    /** True if the submitted batches are made with gradient recording on, as it was for the caller. */
    private boolean recording;

    PrefetchedBatches(BatchMaker<B> maker, int workers) {
        this(maker, workers, pool(workers));
    }

    PrefetchedBatches(BatchMaker<B> maker, int workers, ExecutorService pool) {
        super(maker);
        most = AHEAD * workers;
        ahead = new ArrayDeque<>(most + 1);
        this.pool = pool;
    }

    private static ExecutorService pool(int workers) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(workers, workers, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "adjoint-data-loader");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    Runnable release() {
        ExecutorService threads = pool;
        BatchMaker<B> from = maker;
        return () -> {
            threads.shutdownNow();
            from.close();
        };
    }

    @Override
    B batch() {
        if (recording != Autograd.isRecording()) {
            forget();
            recording = Autograd.isRecording();
        }
        hand(most);
        Future<B> first = ahead.element();
        try {
            B batch = first.get();
            // The batch is removed from the queue last, so that the next call returns it if this call fails, for
            // example because a thread can't be started.
            hand(most + 1);
            ahead.remove();
            if (ahead.isEmpty()) {
                pool.shutdown();
            }
            return batch;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SampleException wrong) {
                // The batches after the failed batch stay submitted.
                ahead.remove();
                throw wrong;
            }
            forget();
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(maker.loader() + ": interrupted while it waited for a batch", e);
        }
    }

    private void forget() {
        ahead.forEach(batch -> batch.cancel(false));
        ahead.clear();
    }

    /** Submits batches until {@code count} submitted batches wait to be taken, or the epoch has no more batches. */
    private void hand(int count) {
        BatchMaker<B> from = maker;
        boolean records = recording;
        for (int number = from.position() + ahead.size(); ahead.size() < count && from.mayHave(number); number++) {
            int batch = number;
            Supplier<B> work = () -> from.make(batch);
            ahead.add(pool.submit(() -> records ? Autograd.enableGrad(work) : Autograd.noGrad(work)));
        }
    }
}
