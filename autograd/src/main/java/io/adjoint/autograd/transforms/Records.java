package io.adjoint.autograd.transforms;

import io.adjoint.core.Internal;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the components of records by reflection, and constructs records from components. A call is named in messages by its beginning, such
 * as {@code "Trees: "}.
 *
 * @hidden
 */
@Internal
public final class Records {
    /** The members of a record class, which are looked up once, since a look-up takes as long as a small batch. */
    private record Members(List<String> names, List<Method> accessors, Constructor<?> constructor) {
        static Members of(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            List<Method> accessors =
                    Arrays.stream(components).map(RecordComponent::getAccessor).toList();
            accessors.forEach(Method::trySetAccessible);
            try {
                Constructor<?> constructor = type.getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
                constructor.trySetAccessible();
                return new Members(
                        Arrays.stream(components).map(RecordComponent::getName).toList(), accessors, constructor);
            } catch (NoSuchMethodException e) {
                throw new LinkageError("every record has a canonical constructor", e);
            }
        }
    }

    private static final ClassValue<Members> MEMBERS = new ClassValue<>() {
        @Override
        protected Members computeValue(Class<?> type) {
            return Members.of(type);
        }
    };

    private Records() {}

    /** The names of a record's components in their order. */
    public static List<String> names(Record record) {
        return MEMBERS.get(record.getClass()).names();
    }

    /** The components of a record in their order; a component may be null. */
    public static List<@Nullable Object> components(String call, Record record) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Method accessor : MEMBERS.get(record.getClass()).accessors()) {
            try {
                values.add(accessor.invoke(record));
            } catch (IllegalAccessException e) {
                throw closed(call, record.getClass(), e);
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException(
                        call + record.getClass().getSimpleName() + "." + accessor.getName() + "() failed: "
                                + e.getCause(),
                        e.getCause());
            }
        }
        return values;
    }

    /**
     * Applies a function to each component of a record, and constructs a record of the same class from the results.
     *
     * @param function takes the name and the value of a component
     * @param name the words for the results in messages
     */
    public static Object map(
            String call, Record record, BiFunction<String, @Nullable Object, Object> function, String name) {
        List<String> names = names(record);
        List<@Nullable Object> values = components(call, record);
        List<Object> made = new ArrayList<>(names.size());
        for (int k = 0; k < names.size(); k++) {
            made.add(function.apply(names.get(k), values.get(k)));
        }
        return of(call, record.getClass(), made, name);
    }

    /**
     * Constructs a record of a class.
     *
     * @param values the components of the record
     * @param name the words for the values in messages
     */
    public static Object of(String call, Class<?> type, List<? extends @Nullable Object> values, String name) {
        try {
            return MEMBERS.get(type).constructor().newInstance(values.toArray());
        } catch (IllegalAccessException e) {
            throw closed(call, type, e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    call + "record " + type.getSimpleName() + " refuses " + name + ": " + e.getCause(), e.getCause());
        } catch (InstantiationException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    call + "record " + type.getSimpleName()
                            + " declares a component as a class of collection; declare it as List, Map or SortedMap",
                    e);
        }
    }

    private static IllegalArgumentException closed(String call, Class<?> type, IllegalAccessException cause) {
        return new IllegalArgumentException(
                call + "cannot read record " + type.getName() + "; its module must say 'opens "
                        + type.getPackageName()
                        + " to io.adjoint.autograd;' in module-info.java",
                cause);
    }
}
