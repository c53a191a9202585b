package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Records;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stacks samples into a batch: tensors along a new axis 0, records component by component. */
final class Stacking {
    /** The dtype of the tensor that is made from numbers of a class; a {@code long} has to fit in an {@code int}. */
    private static final Map<Class<?>, DType> NUMBERS = Map.of(
            Integer.class, DType.INT32,
            Short.class, DType.INT32,
            Byte.class, DType.INT32,
            Long.class, DType.INT32,
            Double.class, DType.FLOAT64,
            Float.class, DType.FLOAT32,
            Boolean.class, DType.BOOL);

    private Stacking() {}

    @SuppressWarnings("unchecked") // a stack has the class of its samples
    static <S> S stack(List<? extends S> samples) {
        requireSome(samples, null);
        return (S) made(samples, null, "a sample");
    }

    /** Makes a record of the class {@code batch}, each component of which is stacked from the same component of all samples. */
    static <B extends Record> B into(Class<B> batch, List<? extends Record> samples) {
        requireSome(samples, batch);
        return batch.cast(made(samples, batch, "a sample"));
    }

    private static void requireSome(List<?> samples, @Nullable Class<?> target) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(call(target) + "expected at least one sample, got none");
        }
    }

    /** The name of the public method that was called; messages begin with it. */
    private static String call(@Nullable Class<?> target) {
        return target == null ? "Collate.stack: " : "Collate.into: ";
    }

    /**
     * Makes a value of a class from one value of each sample.
     *
     * @param target the class; null to make a value of the samples' own class
     */
    private static Object made(List<?> values, @Nullable Class<?> target, String what) {
        if (values.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(call(target) + what + " is null");
        }
        if (target == List.class) {
            return List.copyOf(values);
        }
        Class<?> type = values.get(0).getClass();
        for (Object value : values) {
            if (value.getClass() != type) {
                throw new IllegalArgumentException(call(target) + what + " is a " + type.getSimpleName()
                        + ", but another is a " + value.getClass().getSimpleName());
            }
        }
        if (type == Tensor.class && (target == null || target == Tensor.class)) {
            return Tensor.stack(0, values.stream().map(Tensor.class::cast).toList());
        } else if (type.isRecord() && (target == null || target.isRecord())) {
            return record(values, type, target);
        }
        DType numbers = NUMBERS.get(type);
        if (target == Tensor.class && numbers != null) {
            return numbers(values, numbers, what);
        }
        String is = call(target) + what + " is a " + type.getSimpleName();
        throw new IllegalArgumentException(
                target == null
                        ? is + ", neither a Tensor nor a record of tensors; give the DataLoader a Collate, as in"
                                + " new DataLoader<>(dataset, 32, samples -> …), or, of records with numbers,"
                                + " Collate.into(Batch.class)"
                        : is + ", of which no " + target.getSimpleName()
                                + " can be made; a batch has a Tensor for tensors and numbers, a List for anything, and"
                                + " a record for records");
    }

    private static Tensor numbers(List<?> values, DType dtype, String what) {
        return Tensor.of(NdArray.generate(dtype, Shape.of(values.size()), k -> number(values.get(k), what)));
    }

    private static double number(Object value, String what) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        } else if (value instanceof Long whole && whole != whole.intValue()) {
            throw new IllegalArgumentException(
                    "Collate.into: " + what + " is " + whole + ", which INT32 can't hold; use a double or a List");
        }
        return ((Number) value).doubleValue();
    }

    private static Object record(List<?> records, Class<?> type, @Nullable Class<?> target) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?> made = target == null ? type : target;
        RecordComponent[] wanted = made.getRecordComponents();
        if (components.length != wanted.length) {
            throw new IllegalArgumentException("Collate.into: " + type.getSimpleName() + " has " + components.length
                    + " components, but " + made.getSimpleName() + " has " + wanted.length
                    + "; they correspond in their order");
        }
        List<List<Object>> rows = records.stream()
                .map(record -> Records.components(call(target), (Record) record))
                .toList();
        List<Object> values = new ArrayList<>();
        for (int k = 0; k < components.length; k++) {
            int at = k;
            values.add(made(
                    rows.stream().map(row -> row.get(at)).toList(),
                    target == null ? null : wanted[k].getType(),
                    "'" + components[k].getName() + "' of " + type.getSimpleName()));
        }
        return Records.of(call(target), made, values, "stacked components");
    }
}
