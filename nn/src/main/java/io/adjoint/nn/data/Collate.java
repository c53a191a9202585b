package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * Makes a batch of samples. Its static methods make its tensors:
 *
 * <pre>{@code
 * record Name(Tensor letters, int label) {}
 * record Names(Padded letters, Tensor labels) {}
 * Collate<Name, Names> names = samples -> new Names(
 *         Collate.pad(samples, Name::letters, 0), Collate.ints(samples, Name::label));
 * }</pre>
 *
 * @param <S> the type of a sample
 * @param <B> the type of a batch
 */
@FunctionalInterface
public interface Collate<S, B> {
    /** A batch of samples, at least one. */
    B of(List<S> samples);

    /**
     * A batch that has the type of the samples: tensors stacked along a new axis 0; records, such as {@link Batch}, with each component
     * stacked.
     *
     * @throws IllegalArgumentException if the samples, or a component of their record, are neither tensors nor records
     * @throws ShapeException if shapes differ; {@link #pad} is for sequences
     */
    static <S> S stack(List<? extends S> samples) {
        return Stacking.stack(samples);
    }

    /**
     * A function that makes a batch record of sample records, component by component in their order, as a record that holds numbers needs:
     * {@code Collate.into(Batch.class)} of {@code record Word(Tensor letters, int label)} has the stacked letters as x and the labels as y.
     * A tensor component of the batch is the samples' tensors stacked along a new axis 0, or their numbers {@code [N]}: whole numbers as
     * INT32, {@code double} as FLOAT64, {@code float} as FLOAT32, {@code boolean} as BOOL. A {@code List} component has the samples'
     * components as they are, and a record component is made of the samples' records in the same way.
     *
     * @param batch the class of the batch
     * @throws IllegalArgumentException from the function, if the records don't correspond
     */
    static <S extends Record, B extends Record> Collate<S, B> into(Class<B> batch) {
        return samples -> Stacking.into(batch, samples);
    }

    /**
     * A batch record of sample records, as the function of {@link #into(Class)} makes it, for samples that no loader draws, such as the
     * steps of a replay buffer: {@code Steps steps = Collate.into(Steps.class, drawn)}.
     *
     * @throws IllegalArgumentException if there are no samples, or the records don't correspond
     */
    static <B extends Record> B into(Class<B> batch, List<? extends Record> samples) {
        return Stacking.into(batch, samples);
    }

    /**
     * The parts of a batch, such as the shards of {@link io.adjoint.nn.train.DataParallel}: of a tensor consecutive rows along axis 0, of a
     * list consecutive elements, of a record the record of its components' parts. With N rows there are min(N, parts) parts, the first
     * N mod parts of which have one row more; {@code torch.tensor_split} without its empty parts.
     *
     * @param parts at least 1
     * @throws IllegalArgumentException if components differ in their number of rows, or are something else
     */
    static <B> List<B> split(B batch, int parts) {
        return Splitting.split(batch, parts);
    }

    /**
     * The number of rows of a batch, as {@link #split} counts them.
     *
     * @throws IllegalArgumentException as {@link #split}
     */
    static int rows(Object batch) {
        return Splitting.rows(batch);
    }

    /** One tensor of each sample, stacked along a new axis 0. */
    static <S> Tensor stack(List<? extends S> samples, Function<? super S, Tensor> function) {
        return Tensor.stack(0, samples.stream().<Tensor>map(function).toList());
    }

    /** A whole number of each sample, such as the index of its class, as INT32 {@code [N]}. */
    static <S> Tensor ints(List<? extends S> samples, ToIntFunction<? super S> function) {
        return Tensor.of(samples.stream().mapToInt(function).toArray());
    }

    /** A number of each sample, as FLOAT64 {@code [N]}. */
    static <S> Tensor doubles(List<? extends S> samples, ToDoubleFunction<? super S> function) {
        return Tensor.of(samples.stream().mapToDouble(function).toArray());
    }

    /** A sequence of each sample, padded as {@link #pad(List, double)} does. */
    static <S> Padded pad(List<? extends S> samples, Function<? super S, Tensor> sequence, double value) {
        return pad(samples.stream().<Tensor>map(sequence).toList(), value);
    }

    /**
     * Sequences {@code [L, …]} that may differ in length, padded with a value at their ends to the longest; PyTorch's {@code
     * pad_sequence} with the batch first.
     *
     * @throws ShapeException if there are none, one has no axis, or they differ in other axes
     * @throws DTypeException if they differ in their dtype
     */
    static Padded pad(List<Tensor> sequences, double value) {
        if (sequences.isEmpty()) {
            throw new ShapeException("Collate.pad: expected at least one sequence, got none");
        }
        Shape first = sequences.get(0).shape();
        int longest = 0;
        for (Tensor sequence : sequences) {
            Shape shape = sequence.shape();
            if (shape.rank() == 0 || first.rank() == 0 || !rest(shape).equals(rest(first))) {
                throw new ShapeException(
                        "Collate.pad: sequences [L, ...] may differ in axis 0 only, got " + first + " and " + shape);
            }
            longest = Math.max(longest, shape.dim(0));
        }
        int[] before = new int[first.rank()];
        int[] after = new int[first.rank()];
        int end = longest;
        List<NdArray> padded = sequences.stream()
                .map(sequence -> {
                    after[0] = end - sequence.shape().dim(0);
                    return sequence.data().pad(before, after, value).unsqueeze(0);
                })
                .toList();
        return new Padded(
                Tensor.of(NdArray.concat("Collate.pad", 0, padded)),
                ints(sequences, sequence -> sequence.shape().dim(0)));
    }

    /** A shape without axis 0. */
    private static Shape rest(Shape shape) {
        return shape.reduce("Collate.pad", Dims.DROP, 0);
    }
}
