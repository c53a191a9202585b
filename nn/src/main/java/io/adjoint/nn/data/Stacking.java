package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Stacks tensors, and records of them component by component. */
final class Stacking {
    private Stacking() {}

    @SuppressWarnings("unchecked") // a stack of tensors is a tensor, one of records a record of the same class
    static <S> S stack(List<? extends S> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("Collate.stack: expected at least one sample, got none");
        }
        return (S) stackAny(samples, "a sample");
    }

    private static Object stackAny(List<?> parts, String what) {
        Object first = parts.get(0);
        for (Object part : parts) {
            if (part == null) {
                throw new IllegalArgumentException("Collate.stack: " + what + " is null");
            }
            if (part.getClass() != first.getClass()) {
                throw new IllegalArgumentException(
                        "Collate.stack: " + what + " is a " + first.getClass().getSimpleName() + ", but another is a "
                                + part.getClass().getSimpleName());
            }
        }
        if (first instanceof Tensor) {
            return Tensor.stack(0, parts.stream().map(Tensor.class::cast).toList());
        } else if (first instanceof Record) {
            return stackRecords(parts, first.getClass());
        }
        throw new IllegalArgumentException("Collate.stack: " + what + " is a "
                + first.getClass().getSimpleName()
                + ", neither a Tensor nor a record of tensors; give the DataLoader a Collate, as in"
                + " new DataLoader<>(dataset, 32, samples -> …)");
    }

    private static Object stackRecords(List<?> records, Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        List<Object> stacked = new ArrayList<>();
        try {
            for (RecordComponent component : components) {
                Method accessor = component.getAccessor();
                accessor.trySetAccessible();
                List<Object> parts = new ArrayList<>();
                for (Object record : records) {
                    parts.add(accessor.invoke(record));
                }
                stacked.add(stackAny(parts, "'" + component.getName() + "' of " + type.getSimpleName()));
            }
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.trySetAccessible();
            return constructor.newInstance(stacked.toArray());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "Collate.stack: cannot read record " + type.getName() + "; its module must say 'opens "
                            + type.getPackageName() + " to io.adjoint.nn;', or give the DataLoader a Collate",
                    e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "Collate.stack: record " + type.getSimpleName() + " refuses stacked components: " + e.getCause(),
                    e.getCause());
        } catch (NoSuchMethodException | InstantiationException e) {
            throw new LinkageError("every record has a canonical constructor", e);
        }
    }
}
