package io.adjoint.nn.data;

import java.util.Iterator;

/**
 * An iteration over the batches of an epoch that tells its position, so that a {@link io.adjoint.nn.train.Trainer} knows whether it goes
 * on where a state was taken. Those of a {@link DataLoader} do; an {@code Iterable} that alters the batches of a loader should give one,
 * too, that asks the loader's.
 *
 * @param <B> the type of a batch
 */
public interface BatchIterator<B> extends Iterator<B> {
    /** The number of batches of the epoch that were taken, by earlier programs as well: 0 at the beginning. */
    int position();
}
