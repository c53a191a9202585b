package io.adjoint.nn.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The batches of an epoch, made ahead by threads. Only the caller's {@code next()} hands out work, never more than two batches for each
 * thread, and no thread refers to the iterator: one that is abandoned leaves these batches to be finished, and the threads to end for
 * lack of work.
 */
final class PrefetchedBatches<B> extends Batches<B> {
    private static final int AHEAD = 2;

    private final ThreadPoolExecutor pool;
    private final int most;
    private final Deque<Future<B>> ahead = new ArrayDeque<>();

    PrefetchedBatches(BatchSource<?, B> source, EpochOrder epoch, int workers) {
        super(source, epoch);
        most = AHEAD * workers;
        pool = new ThreadPoolExecutor(workers, workers, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "adjoint-data-loader");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    B make() {
        hand(epoch.position());
        Future<B> first = ahead.remove();
        try {
            B batch = first.get();
            hand(epoch.position() + 1);
            if (ahead.isEmpty()) {
                pool.shutdown();
            }
            return batch;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SampleException wrong) {
                // The batches after this one are still ahead.
                throw wrong;
            }
            ahead.forEach(batch -> batch.cancel(false));
            ahead.clear();
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            ahead.addFirst(first);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("DataLoader: interrupted while it waited for a batch", e);
        }
    }

    /** Hands out batches until there are enough ahead of the one that is taken. */
    private void hand(int next) {
        BatchSource<?, B> from = source;
        EpochOrder of = epoch;
        for (int number = next + ahead.size(); number < epoch.size() && ahead.size() < most; number++) {
            int batch = number;
            ahead.add(pool.submit(() -> of.batch(from, batch)));
        }
    }
}
