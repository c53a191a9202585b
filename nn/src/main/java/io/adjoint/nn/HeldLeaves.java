package io.adjoint.nn;

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
import org.jspecify.annotations.Nullable;

/**
 * Finds leaves that blocks of a model keep in fields without having registered them: tensors that require a gradient, alone or in
 * collections, maps, arrays and records. Fields are read by reflection, as far as their modules allow it.
 *
 * @hidden
 */
@Internal
public final class HeldLeaves {
    private final Map<Tensor, String> names = new LinkedHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private HeldLeaves() {}

    /** The leaves, each with its name, such as {@code layer.weights.0}: the path of a block, its field, and the position there. */
    public static Map<Tensor, String> of(Block model) {
        HeldLeaves held = new HeldLeaves();
        for (BlockPath path : BlockPath.firstFrom(model)) {
            held.addFields(path.prefix(), path.block());
        }
        held.names.keySet().removeAll(Set.copyOf(model.parameters()));
        return held.names;
    }

    private void addFields(String prefix, Object holder) {
        for (Field field : SharedObjects.fields(holder.getClass())) {
            add(prefix + field.getName(), SharedObjects.value(field, holder));
        }
    }

    private void add(String name, @Nullable Object value) {
        if (value == null || value instanceof Block || !seen.add(value)) {
            return;
        }
        if (value instanceof Tensor tensor) {
            if (tensor.isLeaf() && tensor.requiresGrad()) {
                names.put(tensor, name);
            }
        } else if (value instanceof Object[] array) {
            addAll(name, Arrays.asList(array));
        } else if (value instanceof Record) {
            addFields(name + ".", value);
        } else if (SharedObjects.isPlatform(value.getClass())) {
            // Only Java's own collections are read, since others may compute or load their elements.
            if (value instanceof Collection<?> collection) {
                addAll(name, collection);
            } else if (value instanceof Map<?, ?> map) {
                map.forEach((key, each) -> add(name + "." + key, each));
            }
        }
    }

    private void addAll(String name, Collection<?> values) {
        int position = 0;
        for (Object each : values) {
            add(name + "." + position++, each);
        }
    }
}
