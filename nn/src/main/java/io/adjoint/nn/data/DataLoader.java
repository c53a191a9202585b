package io.adjoint.nn.data;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Generator;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A data set in batches: each iteration is an epoch.
 *
 * <pre>{@code
 * for (Batch batch : new DataLoader<>(dataset, 32).shuffle(rng)) { … }
 * }</pre>
 *
 * <p>The {@link #state} of a loader has the order of the last epoch that began, and the number of batches taken from it. Settings change
 * the loader, from the next iteration on, and return it; for another order of the same data set make another loader. For one thread at a
 * time.
 *
 * <p>Order and batches depend on the generator alone, not on {@link #workers}: the order is drawn when an epoch begins, and a sample that
 * is augmented at random gets its own generator, seeded by a number drawn for the epoch and by the sample's position in it.
 *
 * @param <B> the type of a batch
 */
public final class DataLoader<B> implements Iterable<B>, Stateful {
    private final BatchSource<?, B> source;
    private final int batchSize;
    private Sampler sampler;
    private BatchSampler batchSampler = BatchSampler.consecutive();
    private RandomGenerator generator = LoaderGenerator.NONE;
    private boolean dropLast;
    private int workers;

    /** The last epoch that was begun; null before the first epoch. */
    private @Nullable EpochOrder<B> epoch;

    /** True if the next iteration continues {@link #epoch}, as after {@link #load}. */
    private boolean continued;

    /**
     * Batches of the given size in the order of the data set, each its samples stacked ({@link Dataset#batch}); the last may be smaller.
     *
     * @throws IllegalArgumentException if the batch size is less than 1
     */
    public DataLoader(Dataset<B> dataset, int batchSize) {
        this(
                new BatchSource<>(dataset, dataset.isRandom() ? null : dataset::batch, Collate::stack),
                requireBatchSize(batchSize));
    }

    /**
     * Batches made by a function of their samples: {@code samples -> samples} for lists of them, or one that uses {@link Collate#pad}.
     *
     * @throws IllegalArgumentException if the batch size is less than 1
     */
    public <S> DataLoader(Dataset<S> dataset, int batchSize, Collate<S, ? extends B> collate) {
        this(new BatchSource<>(dataset, null, collate), requireBatchSize(batchSize));
    }

    private DataLoader(BatchSource<?, B> source, int batchSize) {
        this.source = source;
        this.batchSize = batchSize;
        sampler = Sampler.sequential(source.size());
    }

    private static int requireBatchSize(int batchSize) {
        return Settings.requireCount(DataLoader.class, "batch size", batchSize);
    }

    /**
     * Sets an order that the generator draws anew when an epoch begins, each sample once; the same seed gives the same epochs. Short for
     * {@code sampler(Sampler.shuffled(n)).generator(rng)}.
     */
    @CanIgnoreReturnValue
    public DataLoader<B> shuffle(RandomGenerator generator) {
        return generator(generator).sampler(Sampler.shuffled(source.size()));
    }

    /**
     * Sets the sampler that draws an epoch's samples, from the generator of {@link #generator}.
     *
     * @throws IllegalArgumentException if the sampler was made for a data set of another size; then nothing has changed
     */
    @CanIgnoreReturnValue
    public DataLoader<B> sampler(Sampler sampler) {
        int population = sampler.population().orElse(source.size());
        if (population != source.size()) {
            throw new IllegalArgumentException("DataLoader: the sampler was made for a data set of " + population
                    + " samples, but this one has " + source.size()
                    + "; a weighted sampler takes one weight for each sample, not for each class");
        }
        this.sampler = sampler;
        return this;
    }

    /** Sets the batch sampler, which cuts an epoch's order into batches; by default each batch has consecutive samples. */
    @CanIgnoreReturnValue
    public DataLoader<B> batchSampler(BatchSampler batchSampler) {
        this.batchSampler = batchSampler;
        return this;
    }

    /** Sets the generator of samplers and of {@link Dataset#augment}, in the order there was. */
    @CanIgnoreReturnValue
    public DataLoader<B> generator(RandomGenerator generator) {
        this.generator = Settings.requireGenerator(DataLoader.class, generator);
        return this;
    }

    /** Sets whether the last samples of an epoch's order that fill no batch are left out; they are not by default. */
    @CanIgnoreReturnValue
    public DataLoader<B> dropLast(boolean drop) {
        dropLast = drop;
        return this;
    }

    /**
     * Sets the number of threads that make batches ahead of the caller, at most two each; with 0, the default, the caller's thread makes
     * each batch when it needs it. Batches and their order are the same with any number, and the threads record operations exactly if the
     * caller's thread does. The threads are daemons and end after a second without work, so you may abandon an iteration.
     *
     * @throws IllegalArgumentException if there are fewer than 0 or more than 1024; then nothing has changed
     */
    @CanIgnoreReturnValue
    public DataLoader<B> workers(int threads) {
        workers = Batches.requireWorkers(DataLoader.class, threads);
        return this;
    }

    /** The number of batches in an epoch. */
    public int size() {
        return batchSampler.size(samples(sampler.size()), batchSize);
    }

    private int samples(int drawn) {
        return dropLast ? drawn - drawn % batchSize : drawn;
    }

    /**
     * A new epoch; after {@link #load} the rest of the one that was interrupted, the first time. An error while a batch is made reaches
     * the caller of {@code next()}, from workers too: an exception as a {@link SampleException} that says which sample or batch it was,
     * after which {@code next()} gives the batch after it; an {@link Error}, such as one of memory, as it is, and {@code next()} makes the
     * same batch again.
     *
     * @throws IllegalStateException if random numbers are needed and there is no generator
     * @throws IllegalArgumentException if a sampler draws samples that there are not, or makes a batch without any
     */
    @Override
    public BatchIterator<B> iterator() {
        EpochOrder<B> current = epoch;
        if (current == null || !continued) {
            current = begin();
            epoch = current;
        }
        continued = false;
        return Batches.of(current, workers);
    }

    private EpochOrder<B> begin() {
        long seed = source.isRandom() ? generator.nextLong() : 0;
        int[] order = sampler.order(generator).clone();
        if (order.length != sampler.size()) {
            throw new IllegalArgumentException(
                    "DataLoader: the sampler drew " + order.length + " samples, but its size is " + sampler.size());
        }
        for (int index : order) {
            source.requireIndex("sampler", index);
        }
        int[] kept = Arrays.copyOf(order, samples(order.length));
        List<int[]> batches = batchSampler.batches(kept, batchSize, generator);
        for (int[] batch : batches) {
            if (batch.length == 0) {
                throw new IllegalArgumentException("DataLoader: the batch sampler made a batch without samples");
            }
            for (int index : batch) {
                source.requireIndex("batch sampler", index);
            }
        }
        return EpochOrder.of(source, batches, seed);
    }

    // ---- the place in the data ----

    /**
     * Declares the place in the data: the order of the epoch that was begun last, the number of its batches that were taken, and the state
     * of the generator if there is one. A loader that loads it goes on with the next batch, and its further epochs are those that
     * would have followed. It has the arrays {@code order}, {@code sizes} (of the batches), {@code position}, {@code seed}, {@code
     * samples} (of the data set), {@code batchSize} and {@code generator}, all INT32; the first two are empty when no epoch is under way.
     * Batches that workers have ready don't count as taken.
     *
     * <p>After a state was loaded the next iteration is the rest of the epoch that was under way when the state was saved, or a new one if
     * there was none. The rest of an epoch whose last batch was taken, while its loop had not come to its end, is empty: then the program
     * goes on after that loop, as with the evaluation of the epoch. In the middle of an epoch the data set must have as many samples, and
     * the loader the same batch size, as when the state was saved.
     *
     * @throws IllegalStateException if the generator is another than a {@link Generator}, whose state cannot be read
     */
    @Override
    public void declareState(StateFields fields) {
        EpochOrder.declareState(fields, source, epoch, generator, batchSize, loaded -> {
            epoch = loaded;
            continued = loaded != null;
        });
    }
}
