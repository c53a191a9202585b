package io.adjoint.autograd;

import io.adjoint.core.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a computation, with its values, constants included. It lies beside the graph and lives as long as whoever asked for
 * it, so that nodes hold no values.
 */
final class Tape {
    /** One operation; its inputs in the order in which it was given them. */
    record Step(String op, List<Tensor> inputs, Tensor output, String layer, long time) {}

    private final Map<Object, Step> steps = new HashMap<>();

    void add(String op, List<Tensor> inputs, Tensor output, String layer) {
        steps.put(key(output), new Step(op, List.copyOf(inputs), output, layer, Clock.tick()));
    }

    /** The step that computed the tensor of the given key; null if that was not while this tape ran, or nothing did. */
    @Nullable
    Step of(Object key) {
        return steps.get(key);
    }

    /** The identity of a tensor: its node, or the tensor itself where it has none. */
    static Object key(Tensor tensor) {
        Node node = tensor.node();
        return node == null ? tensor : node;
    }
}
