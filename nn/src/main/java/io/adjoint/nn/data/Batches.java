package io.adjoint.nn.data;

import io.adjoint.nn.Settings;
import java.util.NoSuchElementException;

/** The batches of an epoch, each made when it is asked for. */
class Batches<B> implements BatchIterator<B> {
    final BatchMaker<B> maker;
    private boolean closed;

    Batches(BatchMaker<B> maker) {
        this.maker = maker;
    }

    /** The batches that a number of threads make ahead; those of 0 threads are made when they are asked for. */
    static <B> Batches<B> of(BatchMaker<B> maker, int workers) {
        return workers == 0 ? new Batches<>(maker) : new PrefetchedBatches<>(maker, workers);
    }

    /** Refuses a number of threads that is negative, or that no machine has. */
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
            // As in PyTorch, the next call gives the next batch, so that whoever goes on doesn't meet the same one for
            // ever.
            maker.taken();
            throw e;
        }
    }

    @Override
    public final void close() {
        closed = true;
        release().run();
    }

    /** A function that ends threads and gives back what is open; it doesn't refer to this iterator. */
    Runnable release() {
        return maker::close;
    }

    /** The batch at the position, which there is. */
    B batch() {
        return maker.make(maker.position());
    }
}
