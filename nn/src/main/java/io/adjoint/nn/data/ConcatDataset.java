package io.adjoint.nn.data;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The samples of several data sets, one after the other. */
final class ConcatDataset<S> implements Dataset<S> {
    private final List<? extends Dataset<? extends S>> datasets;
    /** For each of the data sets the number of its first sample, followed by the total number of samples. */
    private final int[] starts;

    ConcatDataset(List<? extends Dataset<? extends S>> datasets) {
        this.datasets = List.copyOf(datasets);
        starts = new int[datasets.size() + 1];
        for (int at = 0; at < datasets.size(); at++) {
            long end = (long) starts[at] + datasets.get(at).size();
            if (end > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Dataset.concat: " + starts[at] + " and "
                        + datasets.get(at).size() + " samples are more than an int can count");
            }
            starts[at + 1] = (int) end;
        }
    }

    @Override
    public int size() {
        return starts[datasets.size()];
    }

    @Override
    public boolean isRandom() {
        return datasets.stream().anyMatch(Dataset::isRandom);
    }

    /** The index of the data set, among {@link #datasets}, that has the sample of the given number. */
    private int indexOfDataset(int index) {
        FunctionDataset.requireIndex(index, size());
        int found = Arrays.binarySearch(starts, index);
        int at = found >= 0 ? found : -found - 2;
        // A data set without samples starts at the same sample number as the next data set.
        while (starts[at + 1] == index) {
            at++;
        }
        return at;
    }

    @Override
    public S get(int index) {
        int at = indexOfDataset(index);
        return datasets.get(at).get(index - starts[at]);
    }

    @Override
    public S get(int index, RandomGenerator generator) {
        int at = indexOfDataset(index);
        return datasets.get(at).get(index - starts[at], generator);
    }
}
