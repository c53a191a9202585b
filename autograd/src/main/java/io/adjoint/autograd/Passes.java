package io.adjoint.autograd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The kinds of backward passes. Each kind determines the nodes that the {@link BackwardPass} visits, and the receiver of their gradients.
 */
final class Passes {
    private Passes() {}

    /** Accumulates gradients in all leaves, and in the tensors that retain their gradients, from which the root was computed. */
    static void backward(Tensor root, Tensor seed, GraphMode graph) {
        ThreadState.current().announceBackward(root);
        walk(new BackwardPass("backward", graph), List.of(root), List.of(seed));
    }

    /** The gradients of one root with respect to the inputs only; an error if the root doesn't depend on some input. */
    static Map<Node, Tensor> grad(Tensor root, Tensor seed, GraphMode graph, List<Tensor> inputs) {
        Set<Node> targets = nodes("grad", inputs);
        Set<Node> onPath = Paths.onPathTo("grad", targets, nodes("grad", List.of(root)));
        for (Tensor input : inputs) {
            if (!onPath.contains(requireNode(input, "grad"))) {
                throw new GraphException("grad: the output does not depend on the input of shape " + input.shape()
                        + (root.isOfGradient()
                                ? " but, perhaps, through gradients of a backward pass that was not recorded; pass"
                                        + " GraphMode.CREATE to that pass to differentiate them"
                                : "; leave it out, or ask gradients(outputs, gradients, inputs, graph), whose"
                                        + " find(input) is empty then"));
            }
        }
        return gradients("grad", List.of(root), List.of(seed), graph, targets, onPath);
    }

    /** The gradients of several roots with respect to the inputs only; an input that no root depends on has no entry. */
    static Map<Node, Tensor> gradients(List<Tensor> roots, List<Tensor> seeds, GraphMode graph, List<Tensor> inputs) {
        Set<Node> targets = nodes("gradients", inputs);
        Set<Node> onPath = Paths.onPathTo("gradients", targets, nodes("gradients", roots));
        return gradients("gradients", roots, seeds, graph, targets, onPath);
    }

    /**
     * Walks the nodes inside a boundary. For each link from a node inside to a node outside, the walk passes the gradient of
     * this link to {@code beyond}, in the order in which a pass over the whole graph would add these gradients.
     */
    static void contributions(
            String op,
            Tensor root,
            Tensor seed,
            GraphMode graph,
            Predicate<Node> inside,
            BiConsumer<Node, Tensor> beyond) {
        BackwardPass.Boundary boundary = new BackwardPass.Boundary(inside, beyond);
        walk(new BackwardPass(op, graph).within(boundary), List.of(root), List.of(seed));
    }

    /** Returns, instead of accumulating, the gradients of all leaves from which the roots were computed. */
    static Map<Node, Tensor> gradients(List<Tensor> roots, List<Tensor> seeds, GraphMode graph) {
        Set<Node> all = nodes("gradients", roots);
        List<Node> reached = Paths.reachable("gradients", all, node -> true);
        return gradients(
                "gradients",
                roots,
                seeds,
                graph,
                reached.stream().filter(Node::isLeaf).collect(Collectors.toSet()),
                all);
    }

    /**
     * Runs a backward pass like {@link #backward} that notifies the observer of every visit, but neither accumulates gradients nor releases
     * the graph.
     */
    static void watch(String op, Tensor root, Tensor seed, PassObserver observer) {
        walk(new BackwardPass(op, GraphMode.KEEP).observedBy(observer), List.of(root), List.of(seed));
    }

    private static Map<Node, Tensor> gradients(
            String op, List<Tensor> roots, List<Tensor> seeds, GraphMode graph, Set<Node> targets, Set<Node> needed) {
        Map<Node, Tensor> found = new HashMap<>();
        BiPredicate<Node, Tensor> taker = (node, gradient) -> {
            boolean isTarget = targets.contains(node);
            if (isTarget) {
                found.put(node, gradient.asGradient());
            }
            return isTarget;
        };
        walk(new BackwardPass(op, graph).through(needed, taker), roots, seeds);
        return found;
    }

    private static void walk(BackwardPass pass, List<Tensor> roots, List<Tensor> seeds) {
        List<Node> nodes = new ArrayList<>(roots.size());
        for (int k = 0; k < roots.size(); k++) {
            Tensor root = roots.get(k);
            Tensor seed = seeds.get(k);
            nodes.add(requireNode(root, pass.op));
            if (!seed.shape().equals(root.shape()) || seed.dtype() != root.dtype()) {
                throw new GraphException(pass.op + ": the gradient is " + describe(seed) + ", but the output is "
                        + describe(root) + "; they must be equal in shape and dtype");
            }
        }
        pass.walk(nodes, seeds);
    }

    private static String describe(Tensor tensor) {
        return tensor.dtype() + " " + tensor.shape();
    }

    private static Set<Node> nodes(String op, List<Tensor> tensors) {
        Set<Node> nodes = new HashSet<>();
        for (Tensor tensor : tensors) {
            nodes.add(requireNode(tensor, op));
        }
        return nodes;
    }

    static Tensor implicitSeed(String op, Tensor root) {
        if (root.shape().size() != 1) {
            throw new GraphException(op + ": only a scalar has a gradient of its own, but the shape is " + root.shape()
                    + "; reduce it, e.g. with sum() or mean(), or pass its upstream gradient");
        }
        return Tensor.onesLike(root);
    }

    static Node requireNode(Tensor tensor, String op) {
        Node node = tensor.node();
        if (node == null) {
            throw new GraphException(op + ": the tensor of shape " + tensor.shape()
                    + (tensor.isOfGradient()
                            ? " was computed from gradients of a backward pass that was not recorded; pass GraphMode.CREATE"
                                    + " to that pass to differentiate them"
                            : " does not require grad and was not computed from one that does, other than through BOOL"
                                    + " and INT32, which carry no gradient; compute with the new tensor that"
                                    + " requiresGrad(true) returns, and not under noGrad"));
        }
        return node;
    }
}
