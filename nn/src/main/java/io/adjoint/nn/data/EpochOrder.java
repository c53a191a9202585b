package io.adjoint.nn.data;

import io.adjoint.core.StateFields;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** An epoch over a data set: the order of its samples, and the number of batches taken so far. */
final class EpochOrder<B> implements BatchMaker<B> {
    private final BatchSource<?, B> source;
    private final int[] order;
    /** The position in the order where each batch begins, followed by the length of the order. */
    private final int[] starts;

    private final long seed;
    private int position;
    private boolean over;

    private EpochOrder(BatchSource<?, B> source, int[] order, int[] sizes, long seed, int position) {
        this.source = source;
        this.order = order;
        this.seed = seed;
        this.position = position;
        starts = new int[sizes.length + 1];
        for (int batch = 0; batch < sizes.length; batch++) {
            starts[batch + 1] = starts[batch] + sizes[batch];
        }
    }

    static <B> EpochOrder<B> of(BatchSource<?, B> source, List<int[]> batches, long seed) {
        return new EpochOrder<>(
                source,
                batches.stream().flatMapToInt(Arrays::stream).toArray(),
                batches.stream().mapToInt(batch -> batch.length).toArray(),
                seed,
                0);
    }

    /** The number of batches in the epoch. */
    private int size() {
        return starts.length - 1;
    }

    @Override
    public String loader() {
        return "DataLoader";
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public void taken() {
        position++;
    }

    /** {@inheritDoc} Once it has none, a saved state counts as saved between epochs. */
    @Override
    public boolean hasBatch() {
        over |= position >= size();
        return !over;
    }

    @Override
    public boolean mayHave(int number) {
        return number < size();
    }

    @Override
    public B make(int number) {
        return source.batch(Arrays.copyOfRange(order, starts[number], starts[number + 1]), starts[number], seed);
    }

    // ---- states ----

    /**
     * Declares the current epoch and the generator as parts of a loader's state.
     *
     * @param epoch the current epoch; null between epochs
     * @param setter receives the epoch of a loaded state, or null if the state was saved between epochs
     */
    static <B> void declareState(
            StateFields fields,
            BatchSource<?, B> source,
            @Nullable EpochOrder<B> epoch,
            RandomGenerator generator,
            int batchSize,
            Consumer<@Nullable EpochOrder<B>> setter) {
        int samples = source.size();
        EpochOrder<B> now = epoch == null || epoch.over ? of(source, List.of(), 0) : epoch;
        int[] order = fields.integers("order", now.order);
        int[] sizes = fields.integers("sizes", now.sizes());
        int position = fields.count("position", now.position);
        long seed = LoaderGenerator.declareLong(fields, "seed", now.seed);
        int savedSamples = fields.count("samples", samples);
        int savedBatchSize = fields.count("batchSize", batchSize);
        LoaderGenerator.declareState(DataLoader.class, fields, generator);
        if (sizes.length > 0) {
            requireEqual(fields, "samples", savedSamples, samples);
            requireEqual(fields, "samples a batch", savedBatchSize, batchSize);
        }
        int most = Arrays.stream(order).max().orElse(-1);
        fields.require(
                most < samples
                        && Arrays.stream(order).allMatch(index -> index >= 0)
                        && Arrays.stream(sizes).allMatch(size -> size >= 1)
                        && Arrays.stream(sizes).asLongStream().sum() == order.length
                        && position <= sizes.length,
                "batch " + position + " of " + sizes.length + " with " + order.length + " samples up to number " + most
                        + " is no place in a data set of " + samples + " samples");
        fields.onLoad(
                () -> setter.accept(sizes.length == 0 ? null : new EpochOrder<>(source, order, sizes, seed, position)));
    }

    /** The number of samples of each batch. */
    private int[] sizes() {
        int[] sizes = new int[size()];
        Arrays.setAll(sizes, batch -> starts[batch + 1] - starts[batch]);
        return sizes;
    }

    /**
     * Refuses a loaded epoch whose number of samples or batch size differs from this loader's, since this loader couldn't continue that
     * epoch.
     */
    private static void requireEqual(StateFields fields, String unit, int given, int expected) {
        fields.require(
                given == expected,
                "it is from the middle of an epoch of " + given + " " + unit + ", but this loader has " + expected);
    }
}
