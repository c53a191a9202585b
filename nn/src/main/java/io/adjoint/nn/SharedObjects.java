package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Checks the objects that a block and its copy share, such as functions and options. An object that refers to a block, parameter or buffer
 * of the original is refused, since the copy would use this part of the original. Fields are read by reflection, as far as their modules
 * allow it.
 */
final class SharedObjects {
    /** The largest number of objects reachable from one shared object that are inspected, to bound the time. */
    private static final int MOST = 10_000;

    private final String call;
    private final Block root;
    private final Set<Block> blocks;
    /** The blocks, parameters and buffers of the original. */
    private final Set<Object> parts = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * Makes a check of the objects that the block {@code root} and its copy share.
     *
     * @param blocks the blocks that are copied
     */
    SharedObjects(String call, Block root, Set<Block> blocks) {
        this.call = call;
        this.root = root;
        this.blocks = blocks;
    }

    /** Refuses shared objects that refer to a block, parameter or buffer of the original. */
    void require(List<Object> shared) {
        if (shared.isEmpty()) {
            return;
        }
        for (Block block : blocks) {
            parts.add(block);
            parts.addAll(block.ownParameters().values());
            parts.addAll(block.ownBuffers().values());
        }
        shared.forEach(this::requireOutside);
    }

    /** Describes a part of the copied block for a message, such as {@code parameter 'layer.weight'}. */
    private String name(Object part) {
        for (BlockPath path : BlockPath.firstFrom(root)) {
            Block block = path.block();
            if (block == part) {
                return "block " + (path.parent() == null ? "" : "'" + path.text() + "' ") + block.title();
            }
            for (Map.Entry<String, Tensor> own : block.ownParameters().entrySet()) {
                if (own.getValue() == part) {
                    return "parameter '" + path.prefix() + own.getKey() + "'";
                }
            }
            for (Map.Entry<String, Buffer> own : block.ownBuffers().entrySet()) {
                if (own.getValue() == part) {
                    return "buffer '" + path.prefix() + own.getKey() + "'";
                }
            }
        }
        return part instanceof Block block ? "block " + block.title() : "part of a block that is no child";
    }

    private void requireOutside(Object shared) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(shared);
        while (!open.isEmpty() && seen.size() < MOST) {
            Object next = open.remove();
            if (!seen.add(next)) {
                continue;
            }
            if (parts.contains(next)) {
                throw new IllegalArgumentException(call + ": " + holder(shared) + " uses the " + name(next)
                        + " of the original, so the copy would go on using it; " + cure(shared));
            }
            open.addAll(heldBy(next));
        }
    }

    private static String cure(Object shared) {
        Class<?> type = shared.getClass();
        if (type.isSynthetic() || type.isHidden()) {
            return "make the lambda a method of the block, or cast it to Serializable as well";
        }
        return type.isRecord()
                ? "let the record implement java.io.Serializable"
                : "let its class implement java.io.Serializable, or declare the block's class static so that it does not hold"
                        + " the object around it";
    }

    /** Describes a shared object for a message, by the field of a block that holds it and by its class. */
    private String holder(Object shared) {
        String type = shared.getClass().getName();
        for (Block block : blocks) {
            for (Field field : fields(block.getClass())) {
                if (value(field, block) == shared) {
                    return "the field " + field.getName() + " of the " + name(block) + ", a " + type + ",";
                }
            }
        }
        return "a " + type + " in the block " + root.title();
    }

    /** The objects to which an object refers directly. */
    private static Collection<?> heldBy(Object holder) {
        List<@Nullable Object> held = new ArrayList<>();
        if (holder instanceof Collection<?> collection) {
            held.addAll(collection);
        } else if (holder instanceof Map<?, ?> map) {
            held.addAll(map.keySet());
            held.addAll(map.values());
        } else if (holder instanceof Object[] array) {
            held.addAll(Arrays.asList(array));
        } else if (holder instanceof Optional<?> optional) {
            held.add(optional.orElse(null));
        } else if (holder instanceof AtomicReference<?> reference) {
            held.add(reference.get());
        } else if (holder instanceof AtomicReferenceArray<?> array) {
            for (int k = 0; k < array.length(); k++) {
                held.add(array.get(k));
            }
        } else if (!(holder instanceof Reference<?> || holder instanceof Tensor || isPlatform(holder.getClass()))) {
            fields(holder.getClass()).forEach(field -> held.add(value(field, holder)));
            if (holder instanceof Block block) {
                held.addAll(block.children().values());
                held.addAll(block.ownParameters().values());
                held.addAll(block.ownBuffers().values());
            }
        }
        held.removeIf(Objects::isNull);
        return held;
    }

    static boolean isPlatform(Class<?> type) {
        return type.getName().startsWith("java.") || type.isPrimitive();
    }

    static List<Field> fields(Class<?> type) {
        List<Field> all = new ArrayList<>();
        for (Class<?> at = type; at != null && at != Block.class && !isPlatform(at); at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    all.add(field);
                }
            }
        }
        return all;
    }

    /** The value of a field; null if the module of its class doesn't allow reading it. */
    static @Nullable Object value(Field field, Object holder) {
        try {
            return field.trySetAccessible() ? field.get(holder) : null;
        } catch (IllegalAccessException e) {
            return null;
        }
    }
}
