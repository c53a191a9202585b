package io.adjoint.autograd.transforms;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record class, whose instances can be split into their components and built from new components. */
final class RecordType {
    private static final ClassValue<RecordType> TYPES = new ClassValue<>() {
        @Override
        protected RecordType computeValue(Class<?> type) {
            return new RecordType(type);
        }
    };

    private final Class<?> type;
    private final List<Method> accessors;
    private final Constructor<?> constructor;

    private RecordType(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] classes =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toList();
        try {
            constructor = type.getDeclaredConstructor(classes);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("every record has a canonical constructor", e);
        }
        // Where a module forbids access, later calls still work for public records, and fail with a clear error for all
        // other records.
        constructor.trySetAccessible();
        accessors.forEach(Method::trySetAccessible);
    }

    static RecordType of(Class<? extends Record> type) {
        return TYPES.get(type);
    }

    int size() {
        return accessors.size();
    }

    String name(int k) {
        return accessors.get(k).getName();
    }

    @Nullable
    Object get(Record record, int k) {
        try {
            return accessors.get(k).invoke(record);
        } catch (IllegalAccessException e) {
            throw inaccessible(e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "Trees: " + type.getSimpleName() + "." + name(k) + "() failed: " + e.getCause(), e.getCause());
        }
    }

    Object create(List<@Nullable Object> components, String position) {
        try {
            return constructor.newInstance(components.toArray());
        } catch (IllegalAccessException e) {
            throw inaccessible(e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "Trees: the constructor of record " + type.getSimpleName() + position
                            + " refuses other tensors instead of its own: " + e.getCause(),
                    e.getCause());
        } catch (InstantiationException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Trees: record " + type.getSimpleName() + position
                            + " declares a component as a class of collection; declare it as List, Map or SortedMap",
                    e);
        }
    }

    private IllegalArgumentException inaccessible(IllegalAccessException cause) {
        return new IllegalArgumentException(
                "Trees: cannot read record " + type.getName() + "; its module must say 'opens " + type.getPackageName()
                        + " to io.adjoint.autograd;' in module-info.java",
                cause);
    }
}
