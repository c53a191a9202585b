package io.adjoint.nn.train;

import io.adjoint.core.Stateful;
import io.adjoint.nn.data.BatchIterator;
import io.adjoint.nn.data.DataLoader;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The epoch under way: the batches that were taken, and the means of their values. */
final class Pass {
    final Means means = new Means();
    /** The number of epochs that are over. */
    int epochs;
    /** The number of batches taken in the epoch under way; 0 between epochs. */
    int taken;
    /** True if the epoch has no more batches, and is evaluated. */
    boolean over;

    /** The number of batches that an epoch has; 0 as long as nobody knows. */
    private int size;
    /** The iteration that a call of fit left in the middle of the epoch, and what it iterates over. */
    private @Nullable Iterator<?> open;

    private @Nullable Iterable<?> source;

    /** The number of batches that an iteration has; 0 if nobody knows. */
    static int size(Iterable<?> batches) {
        return batches instanceof DataLoader<?> loader
                ? loader.size()
                : batches instanceof Collection<?> collection ? collection.size() : 0;
    }

    /** Begins an epoch, or forgets that under way. */
    void begin() {
        taken = 0;
        over = false;
        means.reset();
        close();
    }

    /** Leaves the iteration open, for a call that goes on with it. */
    void leave(Iterable<?> batches, Iterator<?> rest) {
        source = batches;
        open = rest;
    }

    /** Ends an iteration that was left open, if it is of these batches and their loader can give the rest anew. */
    void closeBefore(Iterable<?> batches) {
        if (source == batches && batches instanceof Stateful) {
            close();
        }
    }

    /** Ends an iteration that was left open. */
    void close() {
        end(open);
        open = null;
        source = null;
    }

    /** Ends an iteration, whose threads and files are needed no longer. */
    static void end(@Nullable Iterator<?> rest) {
        if (rest instanceof BatchIterator<?> closable) {
            closable.close();
        }
    }

    /**
     * The batches of the epoch that were not taken yet: all, unless a state was loaded or a call ended within the epoch; none if it is
     * over.
     */
    @SuppressWarnings("unchecked") // the iterator is of the same batches
    <B> Iterator<? extends B> rest(Iterable<? extends B> batches) {
        if (over) {
            return Collections.emptyIterator();
        }
        size = size(batches);
        Iterator<? extends B> left = source == batches ? (Iterator<? extends B>) open : null;
        if (left != null) {
            open = null;
            return left;
        }
        close();
        Iterator<? extends B> rest = batches.iterator();
        if (taken == 0 && position(rest) > 0) {
            // The rest of an epoch that is none of this training, or that failed. The next iteration is a whole one.
            end(rest);
            rest = batches.iterator();
        }
        if (rest instanceof BatchIterator<?> known) {
            if (known.position() != taken) {
                end(rest);
            }
            requireState(known.position() == taken, "of the loader's " + known.position() + "; load its state, too");
            return rest;
        }
        for (int k = 0; k < taken; k++) {
            requireState(
                    rest.hasNext(),
                    "an iteration has only " + k + "; if it is the rest of an epoch, let it give a BatchIterator");
            rest.next();
        }
        return rest;
    }

    /**
     * Returns whether the epoch under way may have no more batches, and so is to be ended before anything else: in a state from its last
     * step nobody has asked for a further batch yet.
     */
    boolean mayBeAtEnd(Iterable<?> batches) {
        int all = size(batches);
        return over || (taken > 0 && open == null && (all == 0 || taken == all));
    }

    private static int position(Iterator<?> batches) {
        return batches instanceof BatchIterator<?> known ? known.position() : 0;
    }

    private void requireState(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalStateException(
                    "Trainer: in the epoch of the state, " + taken + " batches were taken, but " + problem);
        }
    }

    /** The number of the batch under way among all epochs, which tells its random streams from those of others. */
    long number() {
        return ((long) epochs << Integer.SIZE) + taken;
    }

    /** The number of epochs that are over, plus the part of the epoch under way, which is 0 while the number of batches is unknown. */
    double position() {
        return epochs + (size == 0 ? 0 : Math.min(1, (double) taken / size));
    }
}
