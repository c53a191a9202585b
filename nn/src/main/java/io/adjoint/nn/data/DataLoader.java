package io.adjoint.nn.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A data set in batches: each iteration is an epoch, in which every sample comes exactly once. Immutable: each setting returns a
 * loader of its own.
 *
 * <pre>{@code
 * for (Batch batch : new DataLoader(dataset, 32).shuffle(rng)) { … }
 * }</pre>
 */
public final class DataLoader implements Iterable<Batch> {
    private final Dataset dataset;
    private final int batchSize;
    private final @Nullable RandomGenerator rng;
    private final boolean dropLast;

    /**
     * Batches of the given size in the order of the data set; the last one may be smaller.
     *
     * @throws IllegalArgumentException if the batch size is less than 1
     */
    public DataLoader(Dataset dataset, int batchSize) {
        this(dataset, batchSize, null, false);
        if (batchSize < 1) {
            throw new IllegalArgumentException("DataLoader: the batch size must be at least 1, got " + batchSize);
        }
    }

    private DataLoader(Dataset dataset, int batchSize, @Nullable RandomGenerator rng, boolean dropLast) {
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.rng = rng;
        this.dropLast = dropLast;
    }

    /** In an order that the generator draws anew when an epoch begins; the same seed gives the same epochs. */
    public DataLoader shuffle(RandomGenerator rng) {
        return new DataLoader(dataset, batchSize, rng, dropLast);
    }

    /** With or without a last batch that is smaller than the others; with it is the default. */
    public DataLoader dropLast(boolean drop) {
        return new DataLoader(dataset, batchSize, rng, drop);
    }

    /** The number of batches in an epoch. */
    public int size() {
        int samples = dataset.size();
        return samples / batchSize + (dropLast || samples % batchSize == 0 ? 0 : 1);
    }

    /** A new epoch. */
    @Override
    public Iterator<Batch> iterator() {
        int[] order = order();
        int batches = size();
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < batches;
            }

            @Override
            public Batch next() {
                if (next >= batches) {
                    throw new NoSuchElementException("DataLoader: the epoch is over; iterate again for the next one");
                }
                int from = next++ * batchSize;
                return dataset.batch(Arrays.copyOfRange(order, from, from + Math.min(batchSize, order.length - from)));
            }
        };
    }

    private int[] order() {
        int[] order = new int[dataset.size()];
        Arrays.setAll(order, i -> i);
        RandomGenerator random = rng;
        for (int left = order.length; random != null && left > 1; left--) {
            int drawn = random.nextInt(left);
            int sample = order[drawn];
            order[drawn] = order[left - 1];
            order[left - 1] = sample;
        }
        return order;
    }
}
