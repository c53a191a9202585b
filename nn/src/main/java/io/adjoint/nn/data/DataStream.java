package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Generator;
import io.adjoint.nn.Settings;
import io.adjoint.nn.data.Elements.Opener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;

/**
 * Samples that are read one after the other, with no index and no known length: a file larger than memory, a queue, a simulation. Methods
 * describe the stream and read nothing; each iteration of a loader reads it once.
 *
 * <pre>{@code
 * StreamLoader<Batch> train = Csv.rows(Path.of("train.csv"))
 *         .shuffle(5000)
 *         .map(row -> new Batch(row.floats("x1", "x2"), row.doubles("y")))
 *         .batch(256)
 *         .generator(rng)
 *         .workers(2);
 * }</pre>
 *
 * <p>Functions of {@link #map} and {@link #augment} are called when a batch is made, by workers, and not for samples that a resumed
 * training leaves out; so they must not depend on the order in which they are called. Functions of {@link #filter} and {@link #flatMap},
 * and functions that are mapped before them, are called while the stream is read, in order.
 *
 * <p>Immutable. A stream may be iterated itself, for a vocabulary or statistics, unless it is random: {@code for (CsvRow row : rows)}.
 *
 * @param <S> the type of a sample
 */
@CheckReturnValue
public final class DataStream<S> implements Iterable<S> {
    private final Opener<S> opener;
    /** True if reading draws from a generator. */
    private final boolean isRandom;
    /** The sizes of the shuffle buffers. */
    private final List<Integer> buffers;

    private DataStream(Opener<S> opener, boolean isRandom, List<Integer> buffers) {
        this.opener = opener;
        this.isRandom = isRandom;
        this.buffers = buffers;
    }

    private <T> DataStream<T> then(Opener<T> derived, boolean random) {
        return new DataStream<>(derived, isRandom || random, buffers);
    }

    // ---- sources ----

    /**
     * The stream of the elements that an iterable gives, each time anew: a collection, or a function such as {@code () ->
     * queue.iterator()}. An iterator that is {@link AutoCloseable} is closed when its iteration ends.
     */
    public static <S> DataStream<S> of(Iterable<? extends S> source) {
        return new DataStream<>(generator -> Elements.of(source.iterator()), false, List.of());
    }

    /**
     * The stream of the elements of the JDK's streams, of which each iteration asks for a new one and closes it: {@code
     * DataStream.ofStream(() -> reader.lines())}.
     */
    public static <S> DataStream<S> ofStream(Supplier<? extends BaseStream<? extends S, ?>> source) {
        return new DataStream<>(
                generator -> {
                    BaseStream<? extends S, ?> stream = Elements.require(source.get(), "the source", "a stream");
                    return Elements.of(stream.iterator(), stream);
                },
                false,
                List.of());
    }

    // ---- streams made of others ----

    /** The stream of a function of each sample. */
    public <T> DataStream<T> map(Function<? super S, ? extends T> function) {
        return then(
                generator -> new Elements.Mapped<>(opener.open(generator), (sample, random) -> function.apply(sample)),
                false);
    }

    /**
     * The stream of a random function of each sample: {@code augment((sample, random) -> …)}. Each sample of each epoch has a generator of
     * its own, so that results do not depend on threads.
     */
    public <T> DataStream<T> augment(BiFunction<? super S, ? super RandomGenerator, ? extends T> function) {
        return then(generator -> new Elements.Mapped<>(opener.open(generator), function), true);
    }

    /** The samples that a condition holds for. */
    public DataStream<S> filter(Predicate<? super S> condition) {
        return flatMap(sample -> condition.test(sample) ? List.of(sample) : List.of());
    }

    /** The samples that a function makes of each sample, such as the rows of a file: {@code DataStream.of(files).flatMap(Csv::rows)}. */
    public <T> DataStream<T> flatMap(Function<? super S, ? extends Iterable<? extends T>> function) {
        return then(
                generator -> {
                    RandomGenerator seeds = isRandom ? new Generator(generator.nextLong()) : null;
                    return new Elements.Flattened<>(opener.open(generator), seeds, function);
                },
                false);
    }

    /**
     * The samples in a random order, as by PyTorch's {@code Shuffler}: each is drawn from a buffer of the given size, in which the next one
     * of the source then takes its position. A sample comes at most {@code bufferSize − 1} positions early, so the buffer should be larger
     * than the runs of samples that the source keeps together, such as all samples of one class. The buffer holds samples as the source
     * gives them: functions of {@link #map} are called later, unless a {@link #filter} needs their results.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public DataStream<S> shuffle(int bufferSize) {
        Settings.requireCount(DataStream.class, "size of the shuffle buffer", bufferSize);
        List<Integer> sizes = new ArrayList<>(buffers);
        sizes.add(bufferSize);
        return new DataStream<>(
                generator -> {
                    long seed = generator.nextLong();
                    return new Elements.Shuffled<>(opener.open(generator), bufferSize, new Generator(seed));
                },
                true,
                List.copyOf(sizes));
    }

    /**
     * The first samples, at most the given number: an epoch of a stream without an end.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public DataStream<S> take(long count) {
        Settings.require(count >= 0, DataStream.class, "number of samples to take", "not be negative", count);
        return then(generator -> new Elements.Range<>(opener.open(generator), 0, count), false);
    }

    /**
     * The samples without the first ones.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public DataStream<S> skip(long count) {
        Settings.require(count >= 0, DataStream.class, "number of samples to skip", "not be negative", count);
        return then(generator -> new Elements.Range<>(opener.open(generator), count, Long.MAX_VALUE), false);
    }

    /** The samples of this stream, then another stream's. */
    public DataStream<S> concat(DataStream<? extends S> other) {
        DataStream<S> second = other.map(sample -> sample);
        List<Integer> sizes = new ArrayList<>(buffers);
        sizes.addAll(second.buffers);
        return new DataStream<>(
                generator -> {
                    RandomGenerator seeds =
                            second.isRandom ? new Generator(generator.nextLong()) : LoaderGenerator.NONE;
                    return new Elements.Joined<>(opener.open(generator), () -> second.opener.open(seeds));
                },
                isRandom || second.isRandom,
                List.copyOf(sizes));
    }

    // ---- batches ----

    /**
     * Batches of the given size, each its samples stacked by {@link Collate#stack}; the last may be smaller.
     *
     * @throws IllegalArgumentException if the batch size is less than 1
     */
    public StreamLoader<S> batch(int batchSize) {
        return batch(batchSize, Collate::stack);
    }

    /**
     * Batches made by a function of their samples: {@code samples -> samples} for lists of them.
     *
     * @throws IllegalArgumentException if the batch size is less than 1
     */
    public <B> StreamLoader<B> batch(int batchSize, Collate<S, ? extends B> collate) {
        Settings.requireCount(StreamLoader.class, "batch size", batchSize);
        return new StreamLoader<>(
                (place, dropLast) -> new StreamBatches<>(opener, collate, batchSize, dropLast, place),
                isRandom,
                buffers,
                batchSize);
    }

    /**
     * The samples one by one.
     *
     * @throws IllegalStateException if the stream is random: its samples need a generator, which a loader has
     */
    @Override
    public BatchIterator<S> iterator() {
        return this.<S>batch(1, samples -> samples.get(0)).iterator();
    }
}
