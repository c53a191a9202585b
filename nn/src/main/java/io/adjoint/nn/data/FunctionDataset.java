package io.adjoint.nn.data;

import io.adjoint.nn.Settings;
import java.util.function.IntFunction;

/** A data set whose samples a function computes from their numbers. */
record FunctionDataset<S>(int size, IntFunction<? extends S> sample) implements Dataset<S> {
    FunctionDataset {
        Settings.require(size >= 0, Dataset.class, "number of samples", "not be negative", size);
    }

    static void requireIndex(int index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("Dataset: sample " + index + " of " + size
                    + (size == 0 ? ": it is empty" : "; they are numbered 0 to " + (size - 1)));
        }
    }

    @Override
    public S get(int index) {
        requireIndex(index, size);
        return sample.apply(index);
    }
}
