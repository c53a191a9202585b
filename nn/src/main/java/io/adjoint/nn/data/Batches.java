package io.adjoint.nn.data;

import java.util.NoSuchElementException;

/** The batches of an epoch, each made when it is asked for. */
class Batches<B> implements BatchIterator<B> {
    final BatchSource<?, B> source;
    final EpochOrder epoch;

    Batches(BatchSource<?, B> source, EpochOrder epoch) {
        this.source = source;
        this.epoch = epoch;
    }

    @Override
    public final int position() {
        return epoch.position();
    }

    @Override
    public final boolean hasNext() {
        return !epoch.isOver();
    }

    @Override
    public final B next() {
        if (epoch.isOver()) {
            throw new NoSuchElementException("DataLoader: the epoch is over; iterate again for the next one");
        }
        try {
            B batch = make();
            epoch.taken();
            return batch;
        } catch (SampleException e) {
            // As in PyTorch, the next call gives the next batch, so that whoever goes on doesn't meet the same one for
            // ever.
            epoch.taken();
            throw e;
        }
    }

    /** The batch at the epoch's position. */
    B make() {
        return epoch.batch(source, epoch.position());
    }
}
