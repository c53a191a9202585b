package io.adjoint.nn.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A subset of the samples of another data set, in a given order. */
final class SubsetDataset<S> implements Dataset<S> {
    private final Dataset<S> source;
    private final int[] indices;

    SubsetDataset(Dataset<S> source, int[] indices) {
        this.source = source;
        this.indices = indices.clone();
        for (int index : this.indices) {
            FunctionDataset.requireIndex(index, source.size());
        }
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public boolean isRandom() {
        return source.isRandom();
    }

    private int sourceIndex(int index) {
        FunctionDataset.requireIndex(index, indices.length);
        return indices[index];
    }

    @Override
    public S get(int index) {
        return source.get(sourceIndex(index));
    }

    @Override
    public S get(int index, RandomGenerator generator) {
        return source.get(sourceIndex(index), generator);
    }

    @Override
    public S batch(int... chosen) {
        return source.batch(Arrays.stream(chosen).map(this::sourceIndex).toArray());
    }
}
