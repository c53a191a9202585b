package io.adjoint.nn.data;

import io.adjoint.core.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of a data set's samples.
 *
 * @param whole makes a batch of sample numbers at once, null if it must be made of samples
 * @param collate makes a batch of samples
 */
record BatchSource<S, B>(Dataset<S> dataset, @Nullable Function<int[], B> whole, Collate<S, ? extends B> collate) {
    static <B> BatchSource<B, B> stacking(Dataset<B> dataset) {
        return new BatchSource<>(dataset, dataset.isRandom() ? null : dataset::batch, Collate::stack);
    }

    static <S, B> BatchSource<S, B> collating(Dataset<S> dataset, Collate<S, ? extends B> collate) {
        return new BatchSource<>(dataset, null, collate);
    }

    int size() {
        return dataset.size();
    }

    boolean isRandom() {
        return dataset.isRandom();
    }

    /** Refuses a sample that there is not; {@code by} is what drew it. */
    void requireIndex(String by, int index) {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException("DataLoader: the " + by + " drew sample " + index
                    + ", but the data set has " + size() + " samples");
        }
    }

    /** A batch of the samples of the given numbers, the first of which has a position in its epoch, from which it draws. */
    B batch(int[] indices, int position, long seed) {
        return SampleMaker.batch(
                DataLoader.class,
                () -> whole == null ? collate.of(samples(indices, position, seed)) : whole.apply(indices),
                () -> "the batch of samples " + shortened(indices));
    }

    private List<S> samples(int[] indices, int position, long seed) {
        return SampleMaker.all(
                DataLoader.class,
                indices.length,
                // Generators of different seeds are unrelated.
                k -> dataset.get(indices[k], new Generator(seed + position + k)),
                k -> "sample " + indices[k]);
    }

    private static String shortened(int[] indices) {
        String all = Arrays.toString(Arrays.copyOf(indices, Math.min(indices.length, 10)));
        return indices.length <= 10 ? all : all.substring(0, all.length() - 1) + ", …]";
    }
}
