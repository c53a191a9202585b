package io.adjoint.nn.data;

import io.adjoint.core.Generator;
import io.adjoint.core.StateFields;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The place of a loader in an epoch of a stream: the numbers of batches and samples taken so far, and the seeds of the epoch. */
final class StreamPlace {
    private final long orderSeed;
    private final long seed;
    private int position;
    private long samples;
    private boolean over;

    private StreamPlace(long orderSeed, long seed, int position, long samples) {
        this.orderSeed = orderSeed;
        this.seed = seed;
        this.position = position;
        this.samples = samples;
    }

    /** Returns the place at the beginning of a new epoch. */
    static StreamPlace first(boolean isRandom, RandomGenerator generator) {
        return isRandom
                ? new StreamPlace(generator.nextLong(), generator.nextLong(), 0, 0)
                : new StreamPlace(0, 0, 0, 0);
    }

    /** Returns a generator for the order of the elements, with the same seed at each call. */
    RandomGenerator generator() {
        return new Generator(orderSeed);
    }

    /** The seed of sample 0; the seed of sample k is larger by k. */
    long seed() {
        return seed;
    }

    /** The number of batches that were taken. */
    int position() {
        return position;
    }

    /** The number of samples in the batches that were taken. */
    long samples() {
        return samples;
    }

    /** Counts a batch of a number of samples as taken. */
    void taken(int size) {
        position++;
        samples += size;
    }

    /** Marks the epoch as over. */
    void end() {
        over = true;
    }

    // ---- states ----

    /**
     * Declares the place in the current epoch and the generator as parts of a loader's state.
     *
     * @param place the place in the current epoch; null between epochs
     * @param setter receives the place that a loaded state holds, or null if the state was saved between epochs
     */
    static void declareState(
            StateFields fields,
            @Nullable StreamPlace place,
            RandomGenerator generator,
            int batchSize,
            List<Integer> buffers,
            Consumer<@Nullable StreamPlace> setter) {
        boolean isUnderWay = place != null && !place.over;
        StreamPlace now = place == null || place.over ? new StreamPlace(0, 0, 0, 0) : place;
        boolean underWay = fields.count("underWay", isUnderWay ? 1 : 0) != 0;
        int position = fields.count("position", now.position);
        long samples = LoaderGenerator.declareLong(fields, "samples", now.samples);
        long orderSeed = LoaderGenerator.declareLong(fields, "orderSeed", now.orderSeed);
        long seed = LoaderGenerator.declareLong(fields, "seed", now.seed);
        int savedSize = fields.count("batchSize", batchSize);
        int[] sizes = buffers.stream().mapToInt(size -> size).toArray();
        List<Integer> saved =
                Arrays.stream(fields.integers("shuffle", sizes)).boxed().toList();
        LoaderGenerator.declareState(StreamLoader.class, fields, generator);
        fields.require(underWay || position == 0, "there is no batch " + position);
        if (underWay) {
            fields.require(
                    savedSize == batchSize,
                    "it is from the middle of an epoch of " + savedSize + " samples a batch, but this loader has "
                            + batchSize);
            fields.require(
                    saved.equals(buffers),
                    "it is from the middle of an epoch that was shuffled by buffers of " + saved
                            + " samples, but this loader's stream has buffers of " + buffers);
        }
        fields.onLoad(() -> setter.accept(underWay ? new StreamPlace(orderSeed, seed, position, samples) : null));
    }
}
