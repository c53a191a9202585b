package io.adjoint.nn.data;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.State;
import io.adjoint.core.State.Slot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The seeds of an epoch of a stream, and the number of its batches that were taken. */
final class StreamPlace {
    private static final Slot NUMBER = new Slot(DType.INT32, Shape.scalar());
    private static final Slot WORDS = new Slot(DType.INT32, Shape.of(2));

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

    /** The beginning of an epoch. */
    static StreamPlace first(boolean isRandom, RandomGenerator generator) {
        return isRandom
                ? new StreamPlace(generator.nextLong(), generator.nextLong(), 0, 0)
                : new StreamPlace(0, 0, 0, 0);
    }

    /** A generator for the order of the elements: the same each time. */
    RandomGenerator generator() {
        return new Generator(orderSeed);
    }

    /** The seed of sample 0; that of sample k is k more. */
    long seed() {
        return seed;
    }

    /** The number of batches that were taken. */
    int position() {
        return position;
    }

    /** The number of samples in these batches. */
    long samples() {
        return samples;
    }

    /** Counts a batch of a number of samples as taken. */
    void taken(int size) {
        position++;
        samples += size;
    }

    /** Notes that the epoch is no longer under way. */
    void end() {
        over = true;
    }

    // ---- states ----

    static Map<String, NdArray> state(
            @Nullable StreamPlace place, RandomGenerator generator, int batchSize, List<Integer> buffers) {
        StreamPlace current = place == null || place.over ? new StreamPlace(0, 0, 0, 0) : place;
        Map<String, NdArray> state = new LinkedHashMap<>();
        state.put("underWay", NdArray.scalar(DType.INT32, place == null || place.over ? 0 : 1));
        state.put("position", NdArray.scalar(DType.INT32, current.position));
        state.put("samples", words(current.samples));
        state.put("orderSeed", words(current.orderSeed));
        state.put("seed", words(current.seed));
        state.put("batchSize", NdArray.scalar(DType.INT32, batchSize));
        state.put("shuffle", ints(buffers.stream().mapToInt(size -> size).toArray()));
        LoaderGenerator.save(StreamLoader.class, generator, state);
        return state;
    }

    private static NdArray words(long value) {
        return ints((int) value, (int) (value >>> 32));
    }

    private static NdArray ints(int... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    /** The place of a state, null if no epoch was under way; loads the generator as well. */
    static @Nullable StreamPlace load(
            Map<String, NdArray> state, RandomGenerator generator, int batchSize, List<Integer> buffers) {
        Map<String, Slot> expected = new LinkedHashMap<>();
        expected.put("underWay", NUMBER);
        expected.put("position", NUMBER);
        expected.put("samples", WORDS);
        expected.put("orderSeed", WORDS);
        expected.put("seed", WORDS);
        expected.put("batchSize", NUMBER);
        NdArray given = state.get("shuffle");
        // There may be any number of buffers.
        expected.put(
                "shuffle",
                new Slot(DType.INT32, given != null && given.shape().rank() == 1 ? given.shape() : Shape.of(0)));
        LoaderGenerator.expect(generator, expected);
        State.requireMatch("StreamLoader", expected, state);
        boolean underWay = ints(state, "underWay")[0] != 0;
        int position = ints(state, "position")[0];
        requireFit(position >= 0 && (underWay || position == 0), "there is no batch " + position);
        if (underWay) {
            int savedSize = ints(state, "batchSize")[0];
            requireFit(
                    savedSize == batchSize,
                    "it is from the middle of an epoch of " + savedSize + " samples a batch, but this loader has "
                            + batchSize);
            List<Integer> saved = Arrays.stream(ints(state, "shuffle")).boxed().toList();
            requireFit(
                    saved.equals(buffers),
                    "it is from the middle of an epoch that was shuffled by buffers of " + saved
                            + " samples, but this loader's stream has buffers of " + buffers);
        }
        LoaderGenerator.load(generator, state);
        return underWay
                ? new StreamPlace(word(state, "orderSeed"), word(state, "seed"), position, word(state, "samples"))
                : null;
    }

    private static void requireFit(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(
                    "StreamLoader: the state does not fit, and nothing was loaded: " + problem);
        }
    }

    private static long word(Map<String, NdArray> state, String name) {
        int[] halves = ints(state, name);
        return Integer.toUnsignedLong(halves[0]) | (long) halves[1] << 32;
    }

    private static int[] ints(Map<String, NdArray> state, String name) {
        return Objects.requireNonNull(state.get(name), name).toIntArray();
    }
}
