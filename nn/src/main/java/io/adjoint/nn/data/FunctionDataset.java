package io.adjoint.nn.data;

import java.util.function.IntFunction;

/** Samples computed from their numbers. */
record FunctionDataset<S>(int size, IntFunction<? extends S> sample) implements Dataset<S> {
    FunctionDataset {
        if (size < 0) {
            throw new IllegalArgumentException("Dataset: the number of samples must not be negative, got " + size);
        }
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
