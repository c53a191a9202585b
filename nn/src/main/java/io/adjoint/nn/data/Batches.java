package io.adjoint.nn.data;

import io.adjoint.nn.Settings;
import java.util.NoSuchElementException;

/** Iterates over the batches of an epoch; each batch is made by {@code next()}. */
class Batches<B> implements BatchIterator<B> {
    final BatchMaker<B> maker;
    private boolean closed;

    Batches(BatchMaker<B> maker) {
        this.maker = maker;
    }

    /** Returns an iterator whose batches are made ahead by {@code workers} threads, or by {@code next()} if there are 0 workers. */
    static <B> Batches<B> of(BatchMaker<B> maker, int workers) {
        return workers == 0 ? new Batches<>(maker) : new PrefetchedBatches<>(maker, workers);
    }

    /** Refuses a number of threads that is negative or above 1,024. */
    static int requireWorkers(Class<?> owner, int threads) {
        Settings.require(threads >= 0 && threads <= 1024, owner, "number of workers", "be from 0 to 1024", threads);
        return threads;
    }

    @Override
    public final int position() {
        return maker.position();
    }

    @Override
    public final boolean hasNext() {
        if (!closed && !maker.hasBatch()) {
            close();
        }
        return !closed;
    }

    @Override
    public final B next() {
        if (!hasNext()) {
            throw new NoSuchElementException(maker.loader() + ": the epoch is over; iterate again for the next one");
        }
        try {
            B batch = batch();
            maker.taken();
            return batch;
        } catch (SampleException e) {
            // As in PyTorch, the call after a failed call returns the following batch; otherwise a caller that
            // continues would get the same exception for ever.
            maker.taken();
            throw e;
        }
    }

    @Override
    public final void close() {
        closed = true;
        release().run();
    }

    /** Returns a function that ends the iterator's threads and closes its resources; the function holds no reference to the iterator. */
    Runnable release() {
        return maker::close;
    }

    /** Returns the batch at the current position of the epoch; the caller has checked that this batch exists. */
    B batch() {
        return maker.make(maker.position());
    }
}
