package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Records;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A data set whose samples are the rows, along axis 0, of a tensor, or of all tensors of a record.
 *
 * @param <S> the class of the tensor or record, which is that of a sample and of a batch, too
 */
final class TensorDataset<S> implements Dataset<S> {
    private static final String CALL = "Dataset: ";

    private final S all;
    private final int size;

    TensorDataset(S all) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        this.all = picked(all, (name, array) -> {
            shapes.put(name, array.shape());
            return array;
        });
        size = size(shapes);
    }

    private static int size(Map<String, Shape> shapes) {
        Map.Entry<String, Shape> first = null;
        for (Map.Entry<String, Shape> next : shapes.entrySet()) {
            if (next.getValue().rank() == 0) {
                throw new ShapeException(CALL + "samples lie along axis 0, but " + next.getKey() + " is a scalar");
            }
            first = first == null ? next : first;
            int samples = first.getValue().dim(0);
            if (next.getValue().dim(0) != samples) {
                throw new ShapeException(CALL + first.getKey() + " " + first.getValue() + " has " + samples
                        + " samples, but " + next.getKey() + " " + next.getValue() + " has "
                        + next.getValue().dim(0));
            }
        }
        if (first == null) {
            throw new IllegalArgumentException(CALL + "the record has no tensor, so there are no samples");
        }
        return first.getValue().dim(0);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public S get(int index) {
        FunctionDataset.requireIndex(index, size);
        return picked(all, (name, array) -> array.select(0, index));
    }

    @Override
    public S batch(int... indices) {
        NdArray index = NdArray.of(Shape.of(indices.length), indices);
        return picked(all, (name, array) -> array.indexSelect(0, index));
    }

    /** The tensor or record of the arrays that a function makes of each name and array. */
    @SuppressWarnings("unchecked") // the result has the class of the given object
    private static <S> S picked(S all, BiFunction<String, NdArray, NdArray> pick) {
        return (S) picked(all, all instanceof Record ? "" : "x", pick);
    }

    private static Object picked(@Nullable Object value, String name, BiFunction<String, NdArray, NdArray> pick) {
        if (value instanceof Tensor tensor) {
            return Tensor.of(pick.apply(name, tensor.data()));
        } else if (value instanceof Record record) {
            String prefix = name.isEmpty() ? "" : name + ".";
            return Records.map(
                    CALL,
                    record,
                    (component, part) -> picked(part, prefix + component, pick),
                    "the rows of its tensors");
        }
        throw new IllegalArgumentException(
                CALL + name + " is "
                        + (value == null ? "null" : "a " + value.getClass().getSimpleName())
                        + ", but only tensors and records of them have rows; samples of any other kind are a list: Dataset.of(samples)");
    }
}
