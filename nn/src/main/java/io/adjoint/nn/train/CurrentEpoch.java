package io.adjoint.nn.train;

import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.data.BatchIterator;
import io.adjoint.nn.data.DataLoader;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The current epoch of a training: the number of batches taken so far, and the {@link Means} over these batches. */
final class CurrentEpoch {
    final Means means = new Means();
    /** The number of completed epochs. */
    int epochs;
    /** The number of batches taken in the current epoch; 0 between epochs. */
    int taken;
    /** True if all batches of the epoch are taken, but its evaluation isn't done yet. */
    boolean over;

    /** The number of batches of an epoch; 0 while it is unknown. */
    private int size;
    /** The iterator that a call of fit left in the middle of an epoch, and the iterable that it came from. */
    private @Nullable Iterator<?> open;

    private @Nullable Iterable<?> source;

    /** The number of batches that an iteration over {@code batches} gives; 0 if it is unknown. */
    static int size(Iterable<?> batches) {
        return batches instanceof DataLoader<?> loader
                ? loader.size()
                : batches instanceof Collection<?> collection ? collection.size() : 0;
    }

    /** Begins an epoch; an epoch that is not complete is dropped. */
    void begin() {
        taken = 0;
        over = false;
        means.reset();
        close();
    }

    /** Keeps the iterator over the rest of the batches open, so that a later call of fit can continue the epoch. */
    void leave(Iterable<?> batches, Iterator<?> rest) {
        source = batches;
        open = rest;
    }

    /**
     * Ends the iteration over the given batches that a call of fit left open, if the batches come from a loader that can restart in the
     * middle of an epoch.
     */
    void closeBefore(Iterable<?> batches) {
        if (source == batches && batches instanceof Stateful) {
            close();
        }
    }

    /** Ends an iteration that a call of fit left open. */
    void close() {
        end(open);
        open = null;
        source = null;
    }

    /** Ends an iteration and releases its threads and files. */
    static void end(@Nullable Iterator<?> rest) {
        if (rest instanceof BatchIterator<?> closable) {
            closable.close();
        }
    }

    /**
     * The batches of the current epoch that were not taken yet. These are all batches of the epoch, unless a state was loaded or a call of
     * fit ended within the epoch.
     */
    @SuppressWarnings("unchecked") // the iterator came from the same iterable
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
            // This iterator continues an epoch that failed or belongs to another training. It is ended, so that the
            // next iterator begins an epoch with all batches.
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
     * Returns whether the current epoch may have no more batches, so that the epoch has to be ended before the training continues. A state
     * saved at the last step of an epoch doesn't say whether the epoch has more batches, because none had been requested yet.
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

    /**
     * A number that identifies the current batch among the batches of all epochs; the random streams of the batch are derived from this
     * number.
     */
    long number() {
        return ((long) epochs << Integer.SIZE) + taken;
    }

    /**
     * The number of completed epochs, plus the fraction of the current epoch that is done; the fraction is 0 while the number of batches is
     * unknown.
     */
    double position() {
        return epochs + (size == 0 ? 0 : Math.min(1, (double) taken / size));
    }

    // ---- state ----

    /** Declares the numbers of epochs and of batches, and the sums of the losses; returns the loaded number of epochs. */
    int declareState(StateFields fields, Updates.Counts counts) {
        int allEpochs = count(fields, "epochs", epochs);
        int batches = count(fields, "batches", taken);
        long isOver = fields.longCount("over", over ? 1 : 0, value -> over = value == 1);
        double loss = fields.number("loss", means.loss, value -> means.loss = value);
        double samples = fields.number("samples", means.samples, value -> means.samples = value);
        means.declareState(fields);
        fields.onLoad(() -> {
            epochs = allEpochs;
            taken = batches;
            close();
        });
        // The checks below refuse combinations of numbers that no training can have.
        fields.require(
                counts.steps() >= allEpochs,
                "in " + allEpochs + " epochs there cannot be " + counts.steps() + " steps");
        // The samples of the pending batches are among the epoch's samples. Even when rounded, a sum of nonnegative
        // weights is not less than the sum of some of them.
        int pending = counts.pending();
        double ofPending = counts.pendingSamples();
        boolean sums = Double.isFinite(samples) && ofPending >= 0 && samples >= ofPending;
        boolean pendings = pending <= batches && (pending > 0 || ofPending == 0);
        boolean begun = samples > 0 ? batches > 0 : loss == 0 && isOver == 0;
        fields.require(
                sums && pendings && begun && isOver <= (pending > 0 ? 0 : 1),
                "of " + batches + " batches with " + samples + " samples and a loss of " + loss
                        + ", after which the epoch is " + (isOver == 0 ? "not " : "") + "over, there cannot be "
                        + pending + " with " + ofPending + " samples without a step");
        return allEpochs;
    }

    /** Declares a count that fits in an int; it is saved as a long like the larger counts. */
    static int count(StateFields fields, String name, int value) {
        long loaded = fields.longCount(name, value);
        fields.require(loaded <= Integer.MAX_VALUE, "there cannot be " + loaded + " in '" + name + "'");
        return (int) loaded;
    }
}
