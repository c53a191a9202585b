package io.adjoint.autograd;

import io.adjoint.core.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a computation, with all values, constants included. A tape is separate from the graph, and only a {@link Recording} keeps a
 * tape, so the graph's nodes need not hold values.
 */
final class Tape {
    /** One operation, with its inputs in the order of its arguments. */
    record Step(String op, List<Tensor> inputs, Tensor output, String layer, long time) {}

    private final Map<Object, Step> steps = new HashMap<>();

    void add(String op, List<Tensor> inputs, Tensor output, String layer) {
        steps.put(key(output), new Step(op, List.copyOf(inputs), output, layer, Clock.tick()));
    }

    /**
     * The step that computed the tensor with the given {@link #key}; null if no operation computed the tensor while this tape was written.
     */
    @Nullable
    Step of(Object key) {
        return steps.get(key);
    }

    /** The key by which a tape finds the step that computed a tensor: the tensor's node, or the tensor itself if it has no node. */
    static Object key(Tensor tensor) {
        Node node = tensor.node();
        return node == null ? tensor : node;
    }
}
