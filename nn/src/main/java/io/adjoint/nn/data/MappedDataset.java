package io.adjoint.nn.data;

import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/** Applies a function, which may be random, to each sample of another data set. */
record MappedDataset<S, T>(
        Dataset<S> source, BiFunction<? super S, ? super RandomGenerator, ? extends T> function, boolean isRandom)
        implements Dataset<T> {
    @Override
    public int size() {
        return source.size();
    }

    @Override
    public T get(int index) {
        if (isRandom) {
            throw new IllegalStateException(
                    "Dataset: samples are augmented at random; take them with get(index, generator) or a DataLoader");
        }
        // The function is not random, so it ignores its generator.
        return function.apply(source.get(index), LoaderGenerator.NONE);
    }

    @Override
    public T get(int index, RandomGenerator generator) {
        return function.apply(source.get(index, generator), generator);
    }
}
