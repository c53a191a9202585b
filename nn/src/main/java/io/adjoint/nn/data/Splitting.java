package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Splits a batch into parts of consecutive rows: a tensor along axis 0, a list by its elements, a record component by component. */
final class Splitting {
    private static final String CALL = "Collate.split: ";
    private static final String OTHERWISE =
            "; give functions of your own that split the batch and, by batchSize, weigh its parts";

    private Splitting() {}

    @SuppressWarnings("unchecked") // each part has the class of the batch
    static <B> List<B> split(B batch, int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException(CALL + "the number of parts must be at least 1, got " + parts);
        }
        int rows = rows(batch);
        List<B> all = new ArrayList<>();
        int from = 0;
        for (int k = 0; k < Math.min(rows, parts); k++) {
            int to = from + rows / parts + (k < rows % parts ? 1 : 0);
            all.add((B) part(batch, from, to));
            from = to;
        }
        return all;
    }

    /** The number of rows of a batch. */
    static int rows(Object batch) {
        int rows = rows(batch, "the batch", -1);
        if (rows < 0) {
            throw new IllegalArgumentException(
                    CALL + "the batch is a " + batch.getClass().getSimpleName() + " without components" + OTHERWISE);
        }
        return rows;
    }

    /**
     * The number of rows of a component of the batch, which must be equal to the number of rows of the components before it.
     *
     * @param known the number of rows of the components before this one; −1 for the first component
     */
    private static int rows(@Nullable Object value, String name, int known) {
        int rows = known;
        if (value instanceof Tensor tensor && tensor.shape().rank() > 0) {
            rows = tensor.shape().dim(0);
        } else if (value instanceof List<?> list) {
            rows = list.size();
        } else if (value instanceof Record record) {
            List<@Nullable Object> values = Records.components(CALL, record);
            List<String> names = Records.names(record);
            for (int k = 0; k < names.size(); k++) {
                rows = rows(
                        values.get(k),
                        "'" + names.get(k) + "' of " + record.getClass().getSimpleName(),
                        rows);
            }
        } else {
            String is = value instanceof Tensor
                    ? "a scalar"
                    : value == null ? "null" : "a " + value.getClass().getSimpleName();
            throw new IllegalArgumentException(CALL + name + " is " + is
                    + ", but only tensors with rows, lists and records of them are split" + OTHERWISE);
        }
        if (known >= 0 && rows != known) {
            throw new IllegalArgumentException(
                    CALL + name + " has " + rows + " rows, but another component has " + known + OTHERWISE);
        }
        return rows;
    }

    private static Object part(@Nullable Object value, int from, int to) {
        if (value instanceof Tensor tensor) {
            return tensor.slice(0, from, to);
        } else if (value instanceof Record record) {
            return Records.map(CALL, record, (name, component) -> part(component, from, to), "parts of its components");
        }
        return List.copyOf(((List<?>) Objects.requireNonNull(value)).subList(from, to));
    }
}
