package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Internal;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds leaves that blocks of a model keep in fields without having registered them: tensors that require a gradient, alone or in
 * collections, maps, arrays and records. Fields are read by reflection, as far as their modules allow it. They may hold data of any size
 * and depth, so the search within each field is bounded.
 *
 * @hidden
 */
@Internal
public final class HeldLeaves {
    /** The largest number of elements inspected within one field of a block. */
    private static final int MOST = 10_000;
    /** The largest depth of collections, maps, arrays and records within one another. */
    private static final int DEEPEST = 8;

    private final Map<Tensor, String> names = new LinkedHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private int inspected;

    private HeldLeaves() {}

    /** The leaves, each with its name, such as {@code layer.weights.0}: the path of a block, its field, and the position there. */
    public static Map<Tensor, String> of(Block model) {
        HeldLeaves held = new HeldLeaves();
        for (BlockPath path : BlockPath.firstFrom(model)) {
            for (Field field : SharedObjects.fields(path.block().getClass())) {
                held.addField(path.prefix() + field.getName(), SharedObjects.value(field, path.block()));
            }
        }
        held.names.keySet().removeAll(Set.copyOf(model.parameters()));
        return held.names;
    }

    private void addField(String name, @Nullable Object value) {
        inspected = 0;
        try {
            add(() -> name, value, 0);
        } catch (RuntimeException e) {
            // Another thread may change a collection meanwhile; this search must not end a training.
        }
    }

    /** Adds the leaves of a value. The name is made for leaves only, since most values are data. */
    private void add(Supplier<String> name, @Nullable Object value, int depth) {
        if (value instanceof Tensor tensor) {
            if (tensor.isLeaf() && tensor.requiresGrad()) {
                names.putIfAbsent(tensor, name.get());
            }
        } else if (depth == DEEPEST) {
            return;
        } else if (value instanceof Object[] array && seen.add(array)) {
            addAll(name, Arrays.asList(array), depth);
        } else if (value instanceof Record && seen.add(value)) {
            for (Field field : SharedObjects.fields(value.getClass())) {
                addPart(name, field.getName(), SharedObjects.value(field, value), depth);
            }
        } else if (value instanceof Collection<?> collection && isRead(collection)) {
            addAll(name, collection, depth);
        } else if (value instanceof Map<?, ?> map && isRead(map)) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!addPart(name, entry.getKey(), entry.getValue(), depth)) {
                    return;
                }
            }
        }
    }

    /** Only Java's own collections are read, since others may compute or load their elements. */
    private boolean isRead(Object holder) {
        return SharedObjects.isPlatform(holder.getClass()) && seen.add(holder);
    }

    private void addAll(Supplier<String> name, Collection<?> values, int depth) {
        int position = 0;
        for (Object each : values) {
            if (!addPart(name, position++, each, depth)) {
                return;
            }
        }
    }

    /** Adds the leaves of one part; returns false if the field has been searched enough. */
    @CanIgnoreReturnValue
    private boolean addPart(Supplier<String> name, @Nullable Object key, @Nullable Object part, int depth) {
        boolean isWithin = inspected++ < MOST;
        if (isWithin) {
            add(() -> name.get() + "." + key, part, depth + 1);
        }
        return isWithin;
    }
}
