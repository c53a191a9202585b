package io.adjoint.nn.data;

import java.util.Iterator;

/**
 * An iteration over the batches of an epoch that tells its position, so that a {@link io.adjoint.nn.train.Trainer} knows whether it goes on
 * where a state was taken. {@link DataLoader} and {@link StreamLoader} have such iterators. An {@code Iterable} that changes the batches of
 * a loader should have one, too, whose position is the position of the loader's iterator.
 *
 * <p>An iteration that is left before its end may be closed, which ends its threads and closes its file at once:
 *
 * <pre>{@code
 * try (BatchIterator<Batch> batches = loader.iterator()) { … }
 * }</pre>
 *
 * <p>One that is merely forgotten, as by {@code break}, leaves threads that end after a second without work, and a file that is closed
 * when the iterator is garbage collected.
 *
 * @param <B> the type of a batch
 */
public interface BatchIterator<B> extends Iterator<B>, AutoCloseable {
    /** The number of batches of the epoch that were taken, by earlier programs as well: 0 at the beginning. */
    int position();

    /** Ends the iteration: there is no next batch. The loader's state remains the state after the last batch taken. */
    @Override
    default void close() {}
}
