package io.adjoint.nn.data;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Generator;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Settings;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A stream in batches, made by {@link DataStream#batch}: each iteration reads the stream once, which is an epoch.
 *
 * <pre>{@code
 * StreamLoader<Batch> train = Csv.rows(file).shuffle(5000).map(row -> …).batch(256).generator(rng).workers(2);
 * for (Batch batch : train) { … }
 * }</pre>
 *
 * <p>Order and batches depend on the generator alone, not on {@link #workers}. As a {@link DataLoader} does, a loader keeps its place in
 * the epoch, for {@link #state} and {@link #load}, and its settings change it, from the next iteration on, and return it. For one thread
 * at a time.
 *
 * @param <B> the type of a batch
 */
public final class StreamLoader<B> implements Iterable<B>, Stateful {
    private static final Cleaner CLEANER = Cleaner.create();

    /** Makes the batches of a pass over the stream. */
    @FunctionalInterface
    interface Pass<B> {
        BatchMaker<B> begin(StreamPlace place, boolean dropLast);
    }

    private final Pass<B> pass;
    private final boolean isRandom;
    private final List<Integer> buffers;
    private final int batchSize;
    private RandomGenerator generator = LoaderGenerator.NONE;
    private boolean dropLast;
    private int workers;

    /** The place in the last epoch that was begun; null before the first epoch. */
    private @Nullable StreamPlace place;

    /** True if the next iteration continues the epoch of {@link #place}, as after {@link #load}. */
    private boolean continued;

    /**
     * A loader of a stream.
     *
     * @param isRandom whether an epoch draws seeds from the generator
     * @param buffers the sizes of the stream's shuffle buffers
     */
    StreamLoader(Pass<B> pass, boolean isRandom, List<Integer> buffers, int batchSize) {
        this.pass = pass;
        this.isRandom = isRandom;
        this.buffers = buffers;
        this.batchSize = batchSize;
    }

    /** Sets the generator of {@link DataStream#shuffle} and {@link DataStream#augment}, from which each epoch draws two numbers. */
    @CanIgnoreReturnValue
    public StreamLoader<B> generator(RandomGenerator generator) {
        this.generator = Settings.requireGenerator(StreamLoader.class, generator);
        return this;
    }

    /** Sets whether the last samples of an epoch that fill no batch are left out; they are not by default. */
    @CanIgnoreReturnValue
    public StreamLoader<B> dropLast(boolean drop) {
        dropLast = drop;
        return this;
    }

    /**
     * Sets the number of threads that read and make batches ahead of the one that is asked for, at most two each; 0, the default, makes
     * each in the caller's thread when it is asked for. Batches and their order are the same. The stream is read by one thread at a time;
     * functions of {@link DataStream#map} are called by several. The threads are daemons and end when they have had nothing to do for a
     * second, when the iteration is over, and when it is closed or garbage collected.
     *
     * @throws IllegalArgumentException if there are fewer than 0 or more than 1024; then nothing has changed
     */
    @CanIgnoreReturnValue
    public StreamLoader<B> workers(int threads) {
        workers = Batches.requireWorkers(StreamLoader.class, threads);
        return this;
    }

    /**
     * A new epoch; after {@link #load} the rest of the one that was interrupted, the first time. The source is opened when the first batch
     * is asked for, and closed at the end.
     *
     * <p>A function of {@code map} or {@code augment} that fails, or the collate function, reaches the caller of {@code next()} as a {@link
     * SampleException}, after which {@code next()} gives the batch after it. A failure of the source, or of a function that is called while
     * it is read, ends the iteration: it reaches the caller as it is when the batches before it have been taken, from {@code hasNext()} and
     * {@code next()}, each time.
     *
     * @throws IllegalStateException if random numbers are needed and there is no generator
     */
    @Override
    public BatchIterator<B> iterator() {
        StreamPlace current = place;
        if (current == null || !continued) {
            current = StreamPlace.first(isRandom, generator);
            place = current;
        }
        continued = false;
        Batches<B> batches = Batches.of(pass.begin(current, dropLast), workers);
        CLEANER.register(batches, batches.release());
        return batches;
    }

    // ---- the place in the stream ----

    /**
     * Declares the place in the stream: the seeds of the epoch that was begun last, the numbers of its batches that were taken and of the
     * samples in them, and the state of the generator if there is one. A loader that loads it reads the stream up to there, without the
     * functions of {@link DataStream#map}, and goes on with the next batch. It has the INT32 arrays {@code underWay}, {@code position},
     * {@code samples}, {@code orderSeed}, {@code seed}, {@code batchSize}, {@code shuffle} (the sizes of the buffers) and
     * {@code generator}, and nothing of the samples. Batches that workers have ready don't count as taken.
     *
     * <p>After a state was loaded the next iteration is the rest of the epoch that was under way when the state was saved, or a new one if
     * there was none. In the middle of an epoch the batch size and the shuffle buffers must be the same as when the state was saved, and
     * the source must give the same samples in the same order. A source that ends before the position in the state is refused when it is
     * read.
     *
     * @throws IllegalStateException if the generator is another than a {@link Generator}, whose state cannot be read
     */
    @Override
    public void declareState(StateFields fields) {
        StreamPlace.declareState(fields, place, generator, batchSize, buffers, loaded -> {
            place = loaded;
            continued = loaded != null;
        });
    }
}
