package io.adjoint.core;

import io.adjoint.core.loops.ElementLoop;
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
 * Fuses elementwise operations. On {@linkplain #defer deferred} arrays an elementwise operation gives another deferred array; all of them
 * are evaluated in one loop, block by block, so that intermediate results stay in the cache.
 *
 * @hidden
 */
@Internal
public final class Fusion {
    /**
     * Sorts shapes such that operands precede results: an operand of another shape than the result has a lower rank, or the same rank and
     * more axes of size 1.
     */
    private static final Comparator<Shape> OPERANDS_FIRST = Comparator.comparingInt(Shape::rank)
            .thenComparing(shape ->
                    Arrays.stream(shape.dims()).filter(size -> size != 1).count());

    private Fusion() {}

    /** Wraps x so that elementwise operations on it are deferred; x's elements are read when these operations are evaluated. */
    public static NdArray defer(NdArray x) {
        return Expression.of(x);
    }

    /** Returns whether x has no elements to read: they have not been computed yet, or the step that computed them has ended. */
    public static boolean isDeferred(NdArray x) {
        return x.lacksElements();
    }

    /**
     * The exception of an operation that needs the elements of a deferred array. Its message names the method that the user called, since
     * the user has to move that call out of the fused function.
     */
    public static UnsupportedOperationException refusal() {
        return new UnsupportedOperationException(
                "fused: '" + StackNames.operation() + "' is more than a function of corresponding"
                        + " elements; call it outside of the fused function, and pass its result as a part of the input");
    }

    /**
     * The exception of an operation that reads an array without elements: an array whose step has ended (see {@link Lease}), or a deferred
     * array.
     */
    public static RuntimeException refusal(NdArray x) {
        if (x.hasEnded()) {
            return new EndedException("'" + StackNames.reader() + "' reads an array of the shape " + x.shape
                    + " that ended with its step: Workspace.run, or a Trainer unless withoutWorkspace(), uses its memory"
                    + " again. Within the step, call backward, item() or data().copy(), or let the tensor live on by"
                    + " Workspace.keep(tensor.detach()), a recurrent state by state.detach(), and a layer's value as"
                    + " its buffer or parameter");
        }
        return refusal();
    }

    /**
     * Evaluates arrays and returns them in the same order; an array that is not deferred is returned as it is.
     *
     * @param changed is called with an operand that was changed in place after an operation on this operand was deferred; the call must
     *     throw an exception
     */
    public static List<NdArray> evaluate(List<NdArray> arrays, Consumer<NdArray> changed) {
        IdentityHashMap<NdArray, NdArray> values = new IdentityHashMap<>();
        Map<Shape, List<NdArray>> deferred = new LinkedHashMap<>();
        Set<NdArray> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
        for (NdArray array : arrays) {
            wanted.add(Expression.source(array));
        }
        for (NdArray array : deferred(wanted, changed)) {
            deferred.computeIfAbsent(array.shape, shape -> new ArrayList<>()).add(array);
            Arrays.stream(expression(array).operands)
                    .filter(operand -> !operand.shape.equals(array.shape))
                    .forEach(wanted::add);
        }
        deferred.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(OPERANDS_FIRST))
                .forEach(some -> new FusedLoop(some.getKey(), some.getValue(), wanted, values).run());
        return arrays.stream()
                .map(Expression::source)
                .map(array -> values.getOrDefault(array, array))
                .toList();
    }

    static ElementLoop.Maker loop(NdArray array) {
        return Objects.requireNonNull(expression(array).loop, "not deferred: an array's own elements");
    }

    static Expression expression(NdArray array) {
        array.requireLive();
        return (Expression) array.storage();
    }

    /** The deferred arrays among the roots and their direct and indirect operands, in the order of creation. */
    private static List<NdArray> deferred(Set<NdArray> roots, Consumer<NdArray> changed) {
        Set<NdArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<NdArray> deferred = new ArrayList<>();
        Deque<NdArray> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            NdArray array = open.pop();
            if (array.lacksElements() && seen.add(array)) {
                deferred.add(array);
                for (NdArray operand : expression(array).operands) {
                    if (operand.modified() > expression(array).created) {
                        changed.accept(operand);
                    }
                    open.push(operand);
                }
            }
        }
        deferred.sort(Comparator.comparingLong(array -> expression(array).created));
        return deferred;
    }
}
