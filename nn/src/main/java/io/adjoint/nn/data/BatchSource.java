package io.adjoint.nn.data;

import io.adjoint.core.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of a data set's samples.
 *
 * @param whole makes a batch from an array of sample numbers; null if batches have to be collated from single samples
 * @param collate makes a batch from a list of samples
 */
record BatchSource<S, B>(Dataset<S> dataset, @Nullable Function<int[], B> whole, Collate<S, ? extends B> collate) {
    int size() {
        return dataset.size();
    }

    boolean isRandom() {
        return dataset.isRandom();
    }

    /** Refuses a sample number out of range; {@code by} is the name of the sampler that drew the number. */
    void requireIndex(String by, int index) {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException("DataLoader: the " + by + " drew sample " + index
                    + ", but the data set has " + size() + " samples");
        }
    }

    /**
     * Makes a batch of the samples of the given numbers. {@code position} is the position of the first sample in the epoch; sample k of the
     * batch draws from a generator with the seed {@code seed + position + k}.
     */
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
                // Consecutive seeds are good enough, since generators with different seeds give unrelated numbers.
                k -> dataset.get(indices[k], new Generator(seed + position + k)),
                k -> "sample " + indices[k]);
    }

    private static String shortened(int[] indices) {
        String all = Arrays.toString(Arrays.copyOf(indices, Math.min(indices.length, 10)));
        return indices.length <= 10 ? all : all.substring(0, all.length() - 1) + ", …]";
    }
}
