package io.adjoint.autograd.transforms;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tensors in a structure, such as the parameters of a model: a tensor; a record whose components are such structures, of any
 * visibility; a list, a map's values, an array or an optional of them. Its leaves are the tensors of floating point numbers, in the
 * order of components, of elements, of the map's iteration. A tensor of INT32 and everything else (numbers, strings, functions, null)
 * belongs to the structure and stays as it is, except in {@link #stack}.
 *
 * <pre>{@code
 * record Model(Tensor weight, Tensor bias, List<Tensor> more) {}
 * Model step = Trees.zip(model, gradient, (p, g) -> p.sub(g.mul(0.1)));
 * }</pre>
 *
 * <p>A changed structure has the classes of the original, except for collections: lists and maps are replaced by unmodifiable lists and
 * maps, so a record should declare its components as {@code List}, {@code Map} or {@code SortedMap}. A part without leaves is not copied.
 */
public final class Trees {
    private Trees() {}

    /**
     * The leaves by their paths, such as {@code .layers[0].weight} or {@code ["bias"]}, in order; the path of a tree that is a tensor
     * is empty.
     *
     * @throws IllegalArgumentException if a part is a collection without order, or a record that cannot be read
     */
    public static Map<String, Tensor> leaves(@Nullable Object tree) {
        Map<String, Tensor> leaves = tensors(tree);
        leaves.values().removeIf(tensor -> !tensor.dtype().isFloating());
        return Collections.unmodifiableMap(leaves);
    }

    /** The tensors of every dtype by their paths, in order. */
    static Map<String, Tensor> tensors(@Nullable Object tree) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        rebuild(tree, "", (path, tensor) -> {
            if (tensors.put(path, tensor) != null) {
                throw new IllegalArgumentException(
                        "Trees: two tensors are at " + path + "; keys of a map must differ as text");
            }
            return tensor;
        });
        return tensors;
    }

    /**
     * A tree of the same structure, with each leaf replaced by the function's result for this leaf.
     *
     * @throws IllegalArgumentException as {@link #leaves}, or if a record's constructor refuses its new components
     */
    public static <P> P map(P tree, UnaryOperator<Tensor> function) {
        return rebuilt(tree, (path, leaf) -> function.apply(leaf));
    }

    /**
     * The structure of the first tree, with each leaf replaced by a function of this leaf and the second tree's leaf at the same path.
     *
     * @throws IllegalArgumentException as {@link #map}, or if the paths of the leaves differ; their shapes may differ
     */
    public static <P> P zip(P first, P second, BinaryOperator<Tensor> function) {
        Iterator<Tensor> others = matching("Trees.zip", "the first tree", leaves(first), "the second", leaves(second))
                .iterator();
        return rebuilt(first, (path, leaf) -> function.apply(leaf, others.next()));
    }

    /**
     * One tree of several: at each path the tensors of all trees, {@linkplain Tensor#stack stacked} along a new axis 0, INT32 and BOOL
     * tensors, too. Everything else is the first tree's. The parameters of n models of one architecture become tensors {@code [n, …]};
     * their gradients reach each model's.
     *
     * <pre>{@code
     * Map<String, Tensor> all = Trees.stack(models.stream().map(Block::namedParameters).toList());
     * }</pre>
     *
     * @throws IllegalArgumentException if the list is empty, a tree has a tensor where the first one has none, or the reverse, or as {@link
     *     #map}
     * @throws ShapeException if two tensors at one path are of different shapes
     * @throws DTypeException if two tensors at one path are of different dtypes
     */
    public static <P> P stack(List<? extends P> trees) {
        return LeadingAxis.stack("Trees.stack", "tree", trees);
    }

    /** A tree of constants with the elements of the given tree, whose lists, maps and arrays may change afterwards. */
    static <P> P copy(P tree) {
        return map(tree, x -> Tensor.of(x.data()));
    }

    /** A tree of the same structure with other leaves, one for each leaf of the given tree. */
    static <P> P with(P tree, List<Tensor> leaves) {
        Iterator<Tensor> others = leaves.iterator();
        return rebuilt(tree, (path, leaf) -> others.next());
    }

    /** The second tree's tensors, in the order of the first tree's tensors at the same paths. */
    static List<Tensor> matching(
            String op, String name, Map<String, Tensor> first, String otherName, Map<String, Tensor> second) {
        requireIn(op, name, first, otherName, second);
        requireIn(op, otherName, second, name, first);
        return first.keySet().stream()
                .map(path -> Objects.requireNonNull(second.get(path)))
                .toList();
    }

    private static void requireIn(
            String op, String name, Map<String, Tensor> tensors, String otherName, Map<String, Tensor> others) {
        tensors.forEach((path, x) -> {
            if (!others.containsKey(path)) {
                throw new IllegalArgumentException(op + ": " + name + position(path) + " is " + describe(x) + ", but "
                        + otherName + " has no such tensor there");
            }
        });
    }

    /** As {@link #matching}, and two tensors at one path must have the same dtype and shape. */
    static List<Tensor> alike(
            String op, String name, Map<String, Tensor> first, String otherName, Map<String, Tensor> second) {
        List<Tensor> matching = matching(op, name, first, otherName, second);
        first.forEach((path, x) -> {
            Tensor other = Objects.requireNonNull(second.get(path));
            boolean sameDType = other.dtype() == x.dtype();
            if (!sameDType || !other.shape().equals(x.shape())) {
                String message = op + ": " + otherName + position(path) + " is " + describe(other) + ", but " + name
                        + " is " + describe(x) + " there";
                throw sameDType
                        ? new ShapeException(message)
                        : new DTypeException(message + "; convert with to(" + x.dtype() + ")");
            }
        });
        return matching;
    }

    private static String describe(Tensor x) {
        return x.dtype() + " " + x.shape();
    }

    /** The position of a leaf, for messages. */
    static String position(String path) {
        return path.isEmpty() ? "" : " at " + path;
    }

    private static <P> P rebuilt(P tree, BiFunction<String, Tensor, Tensor> leaf) {
        return withTensors(tree, (path, tensor) -> tensor.dtype().isFloating() ? leaf.apply(path, tensor) : tensor);
    }

    /** A tree of the same structure, with each tensor of any dtype replaced by the function's result for it. */
    @SuppressWarnings("unchecked") // rebuild returns its argument, or an object of the same class or interface
    static <P> P withTensors(P tree, BiFunction<String, Tensor, Tensor> function) {
        return (P) Objects.requireNonNull(rebuild(tree, "", function), "the tree is null");
    }

    @CanIgnoreReturnValue
    private static @Nullable Object rebuild(
            @Nullable Object node, String path, BiFunction<String, Tensor, Tensor> function) {
        if (node instanceof Tensor tensor) {
            return Callbacks.result("Trees", "the function", function.apply(path, tensor));
        } else if (node instanceof Record record) {
            return rebuildRecord(record, path, function);
        } else if (node instanceof Object[] array) {
            Object[] parts = array.clone();
            return rebuildAll(Arrays.asList(parts), path, function) ? parts : array;
        } else if (node instanceof List<?> list) {
            List<@Nullable Object> parts = new ArrayList<>(list);
            return rebuildAll(parts, path, function) ? Collections.unmodifiableList(parts) : list;
        } else if (node instanceof Map<?, ?> map) {
            return rebuildMap(map, path, function);
        } else if (node instanceof Optional<?> optional) {
            return optional.map(value -> rebuild(value, path, function));
        } else if (node instanceof Collection<?> other) {
            throw new IllegalArgumentException("Trees: a " + other.getClass().getSimpleName() + position(path)
                    + " has no order to rely on; put tensors into a List or a Map");
        }
        return node;
    }

    private static Object rebuildRecord(Record record, String path, BiFunction<String, Tensor, Tensor> function) {
        String call = path.isEmpty() ? "Trees: " : "Trees: at " + path + ", ";
        List<String> names = Records.names(record);
        List<@Nullable Object> parts = Records.components(call, record);
        boolean changed = false;
        for (int k = 0; k < parts.size(); k++) {
            Object before = parts.get(k);
            parts.set(k, rebuild(before, path + "." + names.get(k), function));
            changed |= parts.get(k) != before;
        }
        return changed ? Records.of(call, record.getClass(), parts, "other tensors instead of its own") : record;
    }

    /** Rebuilds each element of a list in place, and returns whether an element has changed. */
    private static boolean rebuildAll(
            List<@Nullable Object> parts, String path, BiFunction<String, Tensor, Tensor> function) {
        boolean changed = false;
        for (int k = 0; k < parts.size(); k++) {
            Object before = parts.get(k);
            Object after = rebuild(before, path + "[" + k + "]", function);
            parts.set(k, after);
            changed |= after != before;
        }
        return changed;
    }

    private static <K> Map<K, ?> rebuildMap(Map<K, ?> map, String path, BiFunction<String, Tensor, Tensor> function) {
        Map<K, @Nullable Object> parts =
                map instanceof SortedMap<K, ?> sorted ? new TreeMap<>(sorted.comparator()) : new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<K, ?> entry : map.entrySet()) {
            Object after = rebuild(entry.getValue(), path + "[\"" + entry.getKey() + "\"]", function);
            parts.put(entry.getKey(), after);
            changed |= after != entry.getValue();
        }
        if (!changed) {
            return map;
        }
        return parts instanceof SortedMap<K, @Nullable Object> sorted
                ? Collections.unmodifiableSortedMap(sorted)
                : Collections.unmodifiableMap(parts);
    }
}
