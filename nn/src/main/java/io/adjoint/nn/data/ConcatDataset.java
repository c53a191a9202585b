package io.adjoint.nn.data;

import java.util.random.RandomGenerator;

/** The samples of one data set, then those of another. */
record ConcatDataset<S>(Dataset<? extends S> first, Dataset<? extends S> second) implements Dataset<S> {
    ConcatDataset {
        if ((long) first.size() + second.size() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Dataset.concat: " + first.size() + " and " + second.size()
                    + " samples are more than an int can count");
        }
    }

    @Override
    public int size() {
        return first.size() + second.size();
    }

    @Override
    public boolean isRandom() {
        return first.isRandom() || second.isRandom();
    }

    @Override
    public S get(int index) {
        FunctionDataset.requireIndex(index, size());
        return index < first.size() ? first.get(index) : second.get(index - first.size());
    }

    @Override
    public S get(int index, RandomGenerator generator) {
        FunctionDataset.requireIndex(index, size());
        return index < first.size() ? first.get(index, generator) : second.get(index - first.size(), generator);
    }
}
