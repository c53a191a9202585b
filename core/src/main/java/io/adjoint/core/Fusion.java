package io.adjoint.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Elementwise operations that run together. Of {@linkplain #defer deferred} arrays elementwise operations make further ones, which are
 * evaluated in one loop: block by block, so that what lies between stays in the cache.
 *
 * @hidden
 */
@Internal
public final class Fusion {
    /** An operand has a lower rank than the result, or of equal rank more axes of size 1. */
    private static final Comparator<Shape> OPERANDS_FIRST = Comparator.comparingInt(Shape::rank)
            .thenComparing(shape ->
                    Arrays.stream(shape.dims()).filter(size -> size != 1).count());

    private Fusion() {}

    /** The same elements, to be read when what is computed of them is evaluated. */
    public static NdArray defer(NdArray x) {
        return Expression.of(x);
    }

    /** Returns whether the elements are still to be computed. */
    public static boolean isDeferred(NdArray x) {
        return x.isDeferred();
    }

    /**
     * The error of an operation that needs elements which are still to be computed. Its name is that of the call by the user, who is
     * the one to move it.
     */
    public static UnsupportedOperationException refusal() {
        return new UnsupportedOperationException(
                "fused: '" + Callers.operation() + "' is more than a function of corresponding"
                        + " elements; call it outside of the fused function, and pass its result as a part of the input");
    }

    /**
     * The arrays with elements, in their order; one that has them already is itself.
     *
     * @param changed takes an array that is to be read but was changed in place since an operation on it; it throws
     */
    public static List<NdArray> evaluate(List<NdArray> arrays, Consumer<NdArray> changed) {
        IdentityHashMap<NdArray, NdArray> values = new IdentityHashMap<>();
        Map<Shape, List<NdArray>> steps = new LinkedHashMap<>();
        Set<NdArray> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
        for (NdArray array : arrays) {
            wanted.add(Expression.source(array));
        }
        for (NdArray step : steps(wanted, changed)) {
            steps.computeIfAbsent(step.shape, shape -> new ArrayList<>()).add(step);
            Arrays.stream(expression(step).operands)
                    .filter(operand -> !operand.shape.equals(step.shape))
                    .forEach(wanted::add);
        }
        steps.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(OPERANDS_FIRST))
                .forEach(some -> new FusedLoop(some.getKey(), some.getValue(), wanted, values).run());
        return arrays.stream()
                .map(Expression::source)
                .map(array -> values.getOrDefault(array, array))
                .toList();
    }

    static ElementLoop.Maker loop(NdArray step) {
        return Objects.requireNonNull(expression(step).loop, "no step: an array's own elements");
    }

    static Expression expression(NdArray step) {
        return (Expression) step.storage;
    }

    /** All deferred arrays that the roots are computed of, in the order in which they were made. */
    private static List<NdArray> steps(Set<NdArray> roots, Consumer<NdArray> changed) {
        Set<NdArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<NdArray> steps = new ArrayList<>();
        Deque<NdArray> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            NdArray array = open.pop();
            if (array.isDeferred() && seen.add(array)) {
                steps.add(array);
                for (NdArray operand : expression(array).operands) {
                    if (operand.modified() > expression(array).created) {
                        changed.accept(operand);
                    }
                    open.push(operand);
                }
            }
        }
        steps.sort(Comparator.comparingLong(step -> expression(step).created));
        return steps;
    }
}
