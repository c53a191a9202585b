package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Samples, numbered from 0. A sample may be of any type: a {@link Tensor}, a {@link Batch} of an input and its target, your own record, a
 * text. {@link #map}, {@link #concat}, {@link #subset}, {@link #split} and {@link #folds} return views, which copy no samples. If a {@link
 * DataLoader} has workers, several threads call {@code get} at once.
 *
 * @param <S> the type of a sample
 */
@CheckReturnValue
public interface Dataset<S> {
    /** The number of samples. */
    int size();

    /**
     * A sample.
     *
     * @throws IndexOutOfBoundsException if there is no sample of that number
     * @throws IllegalStateException if {@link #isRandom}: such samples need a generator
     */
    S get(int index);

    /** A sample, for which a data set that {@link #isRandom} draws from the generator; other data sets don't use the generator. */
    default S get(int index, RandomGenerator generator) {
        return get(index);
    }

    /** Returns whether samples are drawn at random, so that {@link #get(int, RandomGenerator)} must be used; usually false. */
    default boolean isRandom() {
        return false;
    }

    /**
     * The samples of the given numbers in that order, stacked as {@link Collate#stack} does. A data set that has a faster way than one
     * sample after the other, as tensors have, overrides this; the array is the caller's and may change afterwards.
     *
     * @throws IllegalArgumentException if such samples cannot be stacked
     * @throws IllegalStateException if {@link #isRandom}
     */
    default S batch(int... indices) {
        return Collate.stack(Arrays.stream(indices).mapToObj(this::get).toList());
    }

    /** All samples, stacked: {@code batch(0, 1, …)}. */
    default S all() {
        return batch(IntStream.range(0, size()).toArray());
    }

    // ---- data sets made of tensors, lists and functions ----

    /**
     * The data set whose sample k is entry k of axis 0 of x, with entry k of axis 0 of y as its target. It takes batches at once by
     * {@code indexSelect}, and so do its subsets.
     *
     * @throws ShapeException if the two are not equally long, or one has no axis
     */
    static Dataset<Batch> of(Tensor x, Tensor y) {
        return new TensorDataset<>(new Batch(x, y));
    }

    /**
     * The data set whose samples are the entries of a tensor along axis 0, such as images without targets.
     *
     * @throws ShapeException if the tensor is a scalar
     */
    static Dataset<Tensor> of(Tensor x) {
        return new TensorDataset<>(x);
    }

    /**
     * The data set of a record of tensors of any number, each with the samples along axis 0; a component may be such a record, too. A
     * sample is a record of the same class with the entries of one number, a batch one with the entries of several numbers, taken at once
     * by {@code indexSelect}:
     *
     * <pre>{@code
     * record Rating(Tensor user, Tensor film, Tensor stars) {}
     * Dataset<Rating> ratings = Dataset.of(new Rating(users, films, stars));    // INT32 [N], INT32 [N], FLOAT64 [N]
     * for (Rating batch : new DataLoader<>(ratings, 256).shuffle(rng)) { … }
     * }</pre>
     *
     * @throws ShapeException if the tensors are not equally long, or one is a scalar
     * @throws IllegalArgumentException if a component is neither a tensor nor a record of tensors, or there is no tensor
     */
    static <S extends Record> Dataset<S> of(S tensors) {
        return new TensorDataset<>(tensors);
    }

    /** The data set of the samples of a list, which is copied. */
    static <S> Dataset<S> of(List<? extends S> samples) {
        List<S> all = List.copyOf(samples);
        return of(all.size(), all::get);
    }

    /**
     * The data set whose samples a function computes anew each time, such as one that reads a file.
     *
     * @throws IllegalArgumentException if the size is negative
     */
    static <S> Dataset<S> of(int size, IntFunction<? extends S> sample) {
        return new FunctionDataset<>(size, sample);
    }

    // ---- data sets made of others ----

    /** The data set of a function of each sample, computed anew each time; {@link #cached} computes it once. */
    default <T> Dataset<T> map(Function<? super S, ? extends T> function) {
        return new MappedDataset<>(this, (sample, generator) -> function.apply(sample), isRandom());
    }

    /**
     * The data set of a random function of each sample, drawn anew each time: {@code augment((sample, random) -> …)}. A {@link DataLoader}
     * gives each sample of each epoch a generator of its own, so that results do not depend on threads.
     */
    default <T> Dataset<T> augment(BiFunction<? super S, ? super RandomGenerator, ? extends T> function) {
        return new MappedDataset<>(this, function, true);
    }

    /**
     * The same samples, computed now and kept in memory.
     *
     * @throws IllegalStateException if {@link #isRandom}
     */
    default Dataset<S> cached() {
        return Lease.outside(
                () -> of(IntStream.range(0, size()).mapToObj(this::get).toList()));
    }

    /**
     * The samples of this data set, then the other's.
     *
     * @throws IllegalArgumentException if together they are more than an int can count
     */
    default Dataset<S> concat(Dataset<? extends S> other) {
        return new ConcatDataset<>(List.of(this, other));
    }

    /**
     * The samples of several data sets, one after the other; PyTorch's {@code ConcatDataset}.
     *
     * @throws IllegalArgumentException if together they are more than an int can count
     */
    static <S> Dataset<S> concat(List<? extends Dataset<? extends S>> datasets) {
        return new ConcatDataset<>(datasets);
    }

    /**
     * The samples of the given numbers, in that order; a number may occur several times.
     *
     * @throws IndexOutOfBoundsException if there is no such sample
     */
    default Dataset<S> subset(int... indices) {
        return new SubsetDataset<>(this, indices);
    }

    /**
     * The samples for which a condition holds, which is asked for each of them now.
     *
     * @throws IllegalStateException if {@link #isRandom}
     */
    default Dataset<S> filter(Predicate<? super S> condition) {
        return subset(IntStream.range(0, size())
                .filter(index -> condition.test(get(index)))
                .toArray());
    }

    /**
     * The samples from one number up to but without another, as for data in the order of time.
     *
     * @throws IndexOutOfBoundsException if the range is not in this data set
     */
    default Dataset<S> slice(int from, int to) {
        if (from < 0 || to < from || to > size()) {
            throw new IndexOutOfBoundsException(
                    "Dataset.slice: " + from + " to " + to + " is not a range of the " + size() + " samples");
        }
        return subset(IntStream.range(from, to).toArray());
    }

    /**
     * Subsets of about the given fractions of the samples, drawn at random: {@code split(rng, 0.8, 0.2)}. Sizes are as PyTorch's {@code
     * random_split} has them: rounded down, and the remaining samples go one by one to the first subsets. Samples of a subset stay in the
     * order of this data set.
     *
     * @throws IllegalArgumentException if a fraction is negative or NaN, or they do not add up to 1
     */
    default List<Dataset<S>> split(RandomGenerator generator, double... fractions) {
        return Splits.of(this, Splits.random(size(), generator, Splits.counts(size(), fractions)));
    }

    /**
     * Subsets of the given numbers of samples, drawn at random: {@code splitCounts(rng, 800, 200)}. Samples of a subset stay in the order
     * of this data set. It is the {@link #split} of fractions that give these numbers.
     *
     * @throws IllegalArgumentException if a number is negative, or they do not add up to the number of samples
     */
    default List<Dataset<S>> splitCounts(RandomGenerator generator, int... counts) {
        return Splits.of(this, Splits.random(size(), generator, Splits.requireCounts(size(), counts)));
    }

    /**
     * Subsets as by {@link #split}, in which each class has its fraction, to within one sample: {@code stratifiedSplit(sample ->
     * sample.y().item(), rng, 0.8, 0.2)}. A class with fewer samples than there are subsets is in some of them, drawn at random.
     *
     * @param label returns the class of a sample: any object that {@code equals} compares by value, so no tensor
     * @throws IllegalArgumentException as for {@link #split}, or if a label is a tensor or array, or no two samples are of one class
     */
    default List<Dataset<S>> stratifiedSplit(
            Function<? super S, ?> label, RandomGenerator generator, double... fractions) {
        return Splits.of(this, Splits.stratified(Splits.classes("stratifiedSplit", this, label), generator, fractions));
    }

    /**
     * Splits for cross-validation: the samples are dealt at random to k subsets of equal size (the first ones have one more if need be),
     * and each subset is the test set once, with all others to train on. Samples stay in the order of this data set.
     *
     * @throws IllegalArgumentException if k is less than 2 or more than there are samples
     */
    default List<Split<S>> folds(int k, RandomGenerator generator) {
        return Splits.folds(
                this, Splits.random(size(), generator, Splits.counts(size(), Splits.equal("folds", k, size()))));
    }

    /**
     * Folds as {@link #folds(int, RandomGenerator)}, whose test sets are successive ranges of this data set, in its order, as the folds of
     * scikit-learn's {@code KFold}: for series, or for samples that are shuffled already.
     *
     * @throws IllegalArgumentException if k is less than 2 or more than there are samples
     */
    default List<Split<S>> folds(int k) {
        return Splits.folds(this, Splits.inOrder(Splits.counts(size(), Splits.equal("folds", k, size()))));
    }

    /**
     * Folds as {@link #folds(int, RandomGenerator)}, in which each class has its share, to within one sample; one with fewer samples than
     * folds is in the test sets of some of them, drawn at random.
     *
     * @param label returns the class of a sample: any object that {@code equals} compares by value, so no tensor
     * @throws IllegalArgumentException if k is less than 2 or more than there are samples, a label is a tensor or array, or no two samples
     *     are of one class
     */
    default List<Split<S>> stratifiedFolds(int k, Function<? super S, ?> label, RandomGenerator generator) {
        return Splits.folds(
                this,
                Splits.stratified(
                        Splits.classes("stratifiedFolds", this, label),
                        generator,
                        Splits.equal("stratifiedFolds", k, size())));
    }
}
