package io.adjoint.autograd;

import io.adjoint.core.Fusion;
import io.adjoint.core.NdArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise functions as one operation. The function runs once, on deferred tensors, which have no elements yet: its elementwise
 * operations are recorded as usual, but their values are evaluated together, in one loop. The recorded nodes are kept. The backward rules
 * of the nodes run on deferred tensors too, so one loop evaluates all gradients; this loop recomputes the intermediate values between
 * inputs and result. A pass with {@link GraphMode#CREATE} records its own operations as a fused operation again.
 */
final class Fused {
    private static final String OP = "fused";

    /** True if a tensor of the input was deferred already, which means that an enclosing fused function calls this function. */
    private boolean nested;

    private Fused() {}

    /**
     * Runs an elementwise function as one operation, and returns its value. The function receives an operator that defers a tensor, and
     * applies this operator to each tensor of its input.
     */
    static Tensor run(Function<UnaryOperator<Tensor>, Tensor> function) {
        if (ThreadState.current().watched()) {
            // Tracing, for detectNaN or for a picture, shows each operation by itself.
            return Callbacks.result(OP, "the function", function.apply(UnaryOperator.identity()));
        }
        Fused own = new Fused();
        Tensor value = Callbacks.result(OP, "the function", function.apply(own::input));
        return own.nested ? value : evaluated(value);
    }

    private Tensor input(Tensor x) {
        nested |= Fusion.isDeferred(x.data());
        return deferred(x);
    }

    private static Tensor deferred(Tensor x) {
        return Fusion.isDeferred(x.data()) ? x : new Tensor(Fusion.defer(x.data()), x.node, x.isOfGradient());
    }

    /** Throws if a tensor is deferred: its elements can't be read outside its fused function. */
    static void requireElements(Tensor x) {
        if (Fusion.isDeferred(x.data())) {
            throw Fusion.refusal(x.data());
        }
    }

    /** Evaluates a deferred tensor as one operation; any other tensor is returned as it is. */
    static Tensor evaluated(Tensor x) {
        return Fusion.isDeferred(x.data()) ? evaluated(List.of(x)).get(0) : x;
    }

    /** Evaluates all deferred tensors of a list together, in one loop; the other tensors stay as they are. */
    private static List<Tensor> evaluated(List<Tensor> tensors) {
        List<NdArray> values =
                Fusion.evaluate(tensors.stream().map(Tensor::data).toList(), Fused::refuseChanged);
        List<Tensor> evaluated = new ArrayList<>();
        for (int k = 0; k < values.size(); k++) {
            Tensor x = tensors.get(k);
            evaluated.add(Fusion.isDeferred(x.data()) ? operation(x, values.get(k)) : x);
        }
        return evaluated;
    }

    private static void refuseChanged(NdArray read) {
        throw new GraphException(
                "fused: a value of shape " + read.shape() + " that the function read was changed in place"
                        + " after it (by assign or an optimizer's step); call backward before changing parameters, or compute"
                        + " the forward pass again");
    }

    private static Tensor operation(Tensor x, NdArray value) {
        Node recorded = x.node;
        if (recorded == null || !recorded.isDeferred()) {
            return new Tensor(value, recorded, x.isOfGradient());
        }
        List<Node> inputs =
                new ArrayList<>(new LinkedHashSet<>(Paths.frontier(OP, List.of(recorded), Node::isDeferred)));
        Node node = Node.of(OP, value);
        node.link(inputs.toArray(Node[]::new), new Backward(x, inputs), true);
        return new Tensor(value, node);
    }

    /**
     * The backward rule of a fused function: of all operations that lead from {@code inputs}, the nodes that the function's deferred
     * operations read, to the deferred tensor {@code output}. The loop that evaluates the gradients also adds them to the inputs' sums of
     * gradients, in the order in which separate operations would have added them.
     */
    private record Backward(Tensor output, List<Node> inputs) implements Rule {
        @Override
        public void pull(Tensor gradient, GivenGradients given) {
            ThreadState thread = ThreadState.current();
            GraphMode graph = thread.recording() ? GraphMode.CREATE : GraphMode.KEEP;
            Map<Node, List<Tensor>> pending = new HashMap<>();
            for (int k = 0; k < inputs.size(); k++) {
                Tensor sum = given.wants(k) ? given.total(k) : null;
                pending.put(inputs.get(k), new ArrayList<>(sum == null ? List.of() : List.of(deferred(sum))));
            }
            // If detectNaN is on, the enclosing pass checks this rule's results, so the operations within need no
            // check.
            List<@Nullable Tensor> sums = thread.debugging(false, false, () -> {
                Passes.contributions(
                        given.pass.op,
                        output,
                        deferred(gradient),
                        graph,
                        Node::isDeferred,
                        (to, term) -> Objects.requireNonNull(pending.get(to)).add(term));
                pending.keySet().removeIf(input -> !given.isInput(input));
                return sums(pending);
            });
            for (int k = 0; k < inputs.size(); k++) {
                Tensor sum = sums.get(k);
                if (sum != null) {
                    given.giveTotal(k, sum);
                }
            }
        }

        /** The sum of each input's partial gradients; the partial gradients of all inputs are evaluated in one loop. */
        private List<@Nullable Tensor> sums(Map<Node, List<Tensor>> byInput) {
            List<Tensor> open = new ArrayList<>();
            byInput.replaceAll((input, terms) ->
                    terms.stream().allMatch(term -> term.shape().equals(input.shape))
                            ? List.of(terms.stream().reduce(Tensor::add).orElseThrow())
                            : terms);
            inputs.forEach(input -> open.addAll(byInput.getOrDefault(input, List.of())));
            Deque<Tensor> terms = new ArrayDeque<>(evaluated(open));
            List<@Nullable Tensor> sums = new ArrayList<>();
            for (Node input : inputs) {
                // Only after all gradients have been evaluated together, gradients of broadcast inputs are summed over
                // the repeated axes.
                sums.add(byInput.getOrDefault(input, List.of()).stream()
                        .map(term -> input.summed(terms.remove()))
                        .reduce(Tensor::add)
                        .orElse(null));
            }
            return sums;
        }
    }
}
