package io.adjoint.nn.data;

import io.adjoint.core.DType;
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

/** The order of an epoch, and how far it has come. */
final class EpochOrder {
    private final int[] order;
    /** The position in the order where each batch begins, and its end. */
    private final int[] starts;

    private final long seed;
    private int position;
    private boolean over;

    private EpochOrder(int[] order, int[] sizes, long seed, int position) {
        this.order = order;
        this.seed = seed;
        this.position = position;
        starts = new int[sizes.length + 1];
        for (int batch = 0; batch < sizes.length; batch++) {
            starts[batch + 1] = starts[batch] + sizes[batch];
        }
    }

    static EpochOrder of(List<int[]> batches, long seed) {
        return new EpochOrder(
                batches.stream().flatMapToInt(Arrays::stream).toArray(),
                batches.stream().mapToInt(batch -> batch.length).toArray(),
                seed,
                0);
    }

    /** The number of batches. */
    int size() {
        return starts.length - 1;
    }

    /** The number of batches that were taken. */
    int position() {
        return position;
    }

    void taken() {
        position++;
    }

    /** Returns whether all batches were taken; then the epoch is no longer under way. */
    boolean isOver() {
        over |= position >= size();
        return over;
    }

    <B> B batch(BatchSource<?, B> source, int number) {
        return source.batch(Arrays.copyOfRange(order, starts[number], starts[number + 1]), starts[number], seed);
    }

    // ---- states ----

    static Map<String, NdArray> state(
            @Nullable EpochOrder epoch, RandomGenerator generator, int samples, int batchSize) {
        boolean underWay = epoch != null && !epoch.over;
        int[] order = epoch != null && underWay ? epoch.order : new int[0];
        int[] starts = epoch != null && underWay ? epoch.starts : new int[1];
        int[] sizes = new int[starts.length - 1];
        Arrays.setAll(sizes, batch -> starts[batch + 1] - starts[batch]);
        long seed = epoch != null && underWay ? epoch.seed : 0;
        Map<String, NdArray> state = new LinkedHashMap<>();
        state.put("order", ints(order));
        state.put("sizes", ints(sizes));
        state.put("position", NdArray.scalar(DType.INT32, epoch == null || epoch.over ? 0 : epoch.position));
        state.put("seed", ints((int) seed, (int) (seed >>> 32)));
        state.put("samples", NdArray.scalar(DType.INT32, samples));
        state.put("batchSize", NdArray.scalar(DType.INT32, batchSize));
        LoaderGenerator.save(DataLoader.class, generator, state);
        return state;
    }

    private static NdArray ints(int... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    /** The epoch of a state, null if none was under way; loads the generator as well. */
    static @Nullable EpochOrder load(
            Map<String, NdArray> state, RandomGenerator generator, int samples, int batchSize) {
        Map<String, Slot> expected = new LinkedHashMap<>();
        // These two may have any length.
        for (String name : List.of("order", "sizes")) {
            NdArray given = state.get(name);
            expected.put(
                    name,
                    new Slot(DType.INT32, given != null && given.shape().rank() == 1 ? given.shape() : Shape.of(0)));
        }
        expected.put("position", new Slot(DType.INT32, Shape.scalar()));
        expected.put("seed", new Slot(DType.INT32, Shape.of(2)));
        expected.put("samples", new Slot(DType.INT32, Shape.scalar()));
        expected.put("batchSize", new Slot(DType.INT32, Shape.scalar()));
        LoaderGenerator.expect(generator, expected);
        State.requireMatch("DataLoader", expected, state);
        int[] order = ints(state, "order");
        int[] sizes = ints(state, "sizes");
        int position = ints(state, "position")[0];
        int[] seed = ints(state, "seed");
        if (sizes.length > 0) {
            requireEqual("samples", ints(state, "samples")[0], samples);
            requireEqual("samples a batch", ints(state, "batchSize")[0], batchSize);
        }
        int most = Arrays.stream(order).max().orElse(-1);
        if (most >= samples
                || Arrays.stream(order).anyMatch(index -> index < 0)
                || Arrays.stream(sizes).anyMatch(size -> size < 1)
                || Arrays.stream(sizes).asLongStream().sum() != order.length
                || position < 0
                || position > sizes.length) {
            throw new IllegalArgumentException(
                    "DataLoader: the state does not fit, and nothing was loaded: batch " + position
                            + " of " + sizes.length + " with " + order.length + " samples up to number " + most
                            + " is no place in a data set of " + samples + " samples");
        }
        LoaderGenerator.load(generator, state);
        return sizes.length == 0
                ? null
                : new EpochOrder(order, sizes, Integer.toUnsignedLong(seed[0]) | (long) seed[1] << 32, position);
    }

    /** Refuses an epoch of other data or batches, whose rest would neither be that of there nor one of here. */
    private static void requireEqual(String unit, int given, int expected) {
        if (given != expected) {
            throw new IllegalArgumentException(
                    "DataLoader: the state does not fit, and nothing was loaded: it is from the"
                            + " middle of an epoch of " + given + " " + unit + ", but this loader has " + expected);
        }
    }

    private static int[] ints(Map<String, NdArray> state, String name) {
        return Objects.requireNonNull(state.get(name), name).toIntArray();
    }
}
