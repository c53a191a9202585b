package io.adjoint.nn.data;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The samples of several data sets, one after the other. */
final class ConcatDataset<S> implements Dataset<S> {
    private final List<? extends Dataset<? extends S>> parts;
    /** For each of the data sets the number of its first sample, followed by the total number of samples. */
    private final int[] starts;

    ConcatDataset(List<? extends Dataset<? extends S>> parts) {
        this.parts = List.copyOf(parts);
        starts = new int[parts.size() + 1];
        for (int part = 0; part < parts.size(); part++) {
            long end = (long) starts[part] + parts.get(part).size();
            if (end > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Dataset.concat: " + starts[part] + " and "
                        + parts.get(part).size() + " samples are more than an int can count");
            }
            starts[part + 1] = (int) end;
        }
    }

    @Override
    public int size() {
        return starts[parts.size()];
    }

    @Override
    public boolean isRandom() {
        return parts.stream().anyMatch(Dataset::isRandom);
    }

    /** The index of the data set, among {@link #parts}, that has the sample of the given number. */
    private int part(int index) {
        FunctionDataset.requireIndex(index, size());
        int found = Arrays.binarySearch(starts, index);
        int part = found >= 0 ? found : -found - 2;
        // A data set without samples starts at the same sample number as the next data set.
        while (starts[part + 1] == index) {
            part++;
        }
        return part;
    }

    @Override
    public S get(int index) {
        int part = part(index);
        return parts.get(part).get(index - starts[part]);
    }

    @Override
    public S get(int index, RandomGenerator generator) {
        int part = part(index);
        return parts.get(part).get(index - starts[part], generator);
    }
}
