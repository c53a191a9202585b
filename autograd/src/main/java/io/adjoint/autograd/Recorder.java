package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records operations: LIBRARY for the library's, whose backward rules keep no gradients ({@link LibraryOps}), USER for all others
 * ({@link Autograd}).
 */
enum Recorder {
    LIBRARY,
    USER;

    Tensor op(String name, Attributes attributes, NdArray value, Edge... edges) {
        ThreadState thread = ThreadState.current();
        boolean records = thread.recording();
        // Each input's node is read once, since another thread may freeze or unfreeze the input meanwhile.
        @Nullable Node[] inputs = null;
        boolean ofGradient = false;
        for (int k = 0; k < edges.length; k++) {
            Tensor input = edges[k].input();
            input.requireLiveStill();
            ofGradient |= input.isOfGradient();
            Node node = records ? input.node() : null;
            if (node != null) {
                inputs = inputs == null ? new Node[edges.length] : inputs;
                inputs[k] = node;
            }
        }
        Node node = inputs == null ? null : Node.of(name, value, thread);
        Tensor output = new Tensor(value, node, ofGradient);
        if (node != null && inputs != null) {
            link(node, inputs, output, edges);
        }
        return thread.taped(name, attributes, output, edges);
    }

    /**
     * Links a node to the inputs that can have a gradient.
     *
     * @param inputs the node of each edge's input; null for an input that can't have a gradient
     */
    private void link(Node node, @Nullable Node[] inputs, Tensor output, Edge... edges) {
        int count = 0;
        for (Node input : inputs) {
            count += input == null ? 0 : 1;
        }
        node.link(
                count == inputs.length ? inputs : present(inputs, count),
                EdgeRule.of(edges, inputs, count, output),
                this == LIBRARY);
    }

    private static Node[] present(@Nullable Node[] inputs, int count) {
        Node[] present = new Node[count];
        int next = 0;
        for (Node input : inputs) {
            if (input != null) {
                present[next++] = input;
            }
        }
        return present;
    }

    Tensor op(
            String name,
            NdArray value,
            List<Tensor> inputs,
            BiFunction<Tensor, Tensor, ? extends List<? extends @Nullable Tensor>> rule) {
        Autograd.required(rule);
        @Nullable Node[] to = new Node[inputs.size()];
        boolean isLinked = false;
        boolean ofGradient = false;
        for (int k = 0; k < to.length; k++) {
            inputs.get(k).requireLiveStill();
            to[k] = inputs.get(k).node();
            isLinked |= to[k] != null;
            ofGradient |= inputs.get(k).isOfGradient();
        }
        ThreadState thread = ThreadState.current();
        Node node = isLinked && thread.recording() ? Node.of(name, value, thread) : null;
        Tensor output = new Tensor(value, node, ofGradient);
        if (node != null) {
            node.link(to, Rule.of(g -> rule.apply(g, output)), this == LIBRARY);
        }
        return thread.taped(name, Attributes.NONE, inputs, output);
    }

    Tensor fusedOp(
            String name,
            NdArray value,
            List<Tensor> inputs,
            BiFunction<Tensor, Tensor, ? extends List<? extends @Nullable Tensor>> rule,
            Function<? super List<Tensor>, Tensor> composition) {
        Autograd.required(rule);
        Callbacks.given("fusedOp", "the composition of '" + name + "'", composition);
        FusedRule fused = new FusedRule(name, value.dtype(), value.shape(), List.copyOf(inputs), rule, composition);
        return ThreadState.current().composing(name) ? fused.composed() : op(name, value, fused.inputs(), fused);
    }

    List<Tensor> ops(
            String name,
            List<NdArray> values,
            List<Tensor> inputs,
            BiFunction<List<Tensor>, List<Tensor>, ? extends List<? extends @Nullable Tensor>> rule) {
        Autograd.required(rule);
        List<Shape> shapes = values.stream().map(NdArray::shape).toList();
        // The outputs are slices of one vector, so that their gradients meet in one node.
        Tensor whole = op(
                name,
                NdArray.concat(
                        name,
                        0,
                        values.stream()
                                .map(value -> value.reshape(Shape.of(value.size())))
                                .toList()),
                inputs,
                (g, y) -> rule.apply(slices(g, shapes), slices(y, shapes)));
        return slices(whole, shapes);
    }

    private static List<Tensor> slices(Tensor whole, List<Shape> shapes) {
        List<Tensor> slices = new ArrayList<>();
        int at = 0;
        for (Shape shape : shapes) {
            slices.add(whole.slice(0, at, at + shape.size()).reshape(shape));
            at += shape.size();
        }
        return slices;
    }
}
