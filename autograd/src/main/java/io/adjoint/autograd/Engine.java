package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass: visits nodes from the youngest to the oldest, carries each node's summed gradient over its links, and ends in
 * the leaves. Iterative, so depth costs no stack; in creation order, so every run adds in the same order.
 */
final class Engine {
    private final Graph graph;
    /** The nodes to visit, all others being skipped; null for all. */
    private final @Nullable Set<Node> needed;
    /** The nodes whose gradients are asked for, with what arrived so far; null when gradients go to the leaves' slots. */
    private final @Nullable Map<Node, Optional<Tensor>> wanted;

    private final TreeMap<Node, Sum> pending = new TreeMap<>();

    private Engine(Graph graph, @Nullable Set<Node> needed, @Nullable Map<Node, Optional<Tensor>> wanted) {
        this.graph = graph;
        this.needed = needed;
        this.wanted = wanted;
    }

    /** The gradient on its way to a node: borrowed from whoever sent the first part, ours to add to from the second on. */
    private static final class Sum {
        private Tensor total;
        private boolean owned;

        Sum(Tensor first) {
            total = first;
        }

        void add(Tensor part, boolean recording) {
            if (owned && !recording) {
                InPlace.accumulate(total.data(), part.data());
            } else {
                total = total.add(part);
                owned = true;
            }
        }
    }

    /** Accumulates the gradients of all leaves that the root was computed from. */
    static void backward(Tensor root, Tensor seed, Graph graph) {
        Node node = requireNode(root, "backward");
        new Engine(graph, null, null).walk(node, checkSeed(root, seed));
    }

    /** The gradients of the inputs alone; none for one that the root does not depend on. */
    static List<Optional<Tensor>> grad(Tensor root, Tensor seed, Graph graph, List<Tensor> inputs) {
        Node node = requireNode(root, "grad");
        Map<Node, Optional<Tensor>> arrived = new HashMap<>();
        for (Tensor input : inputs) {
            arrived.put(requireNode(input, "grad"), Optional.empty());
        }
        new Engine(graph, onPathTo(arrived.keySet(), node), arrived).walk(node, checkSeed(root, seed));
        List<Optional<Tensor>> gradients = new ArrayList<>();
        for (Tensor input : inputs) {
            gradients.add(arrived.get(requireNode(input, "grad")));
        }
        return gradients;
    }

    static Tensor implicitSeed(Tensor root) {
        if (root.shape().size() != 1) {
            throw new GraphException("backward: only a scalar has a gradient of its own, but the shape is "
                    + root.shape() + "; reduce it, e.g. with sum() or mean(), or pass the gradient that arrives at it");
        }
        return Tensor.of(NdArray.full(root.dtype(), root.shape(), 1));
    }

    private static Node requireNode(Tensor tensor, String op) {
        Node node = tensor.node;
        if (node == null) {
            throw new GraphException(
                    op + ": the tensor of shape " + tensor.shape() + " does not require grad and was not computed"
                            + " from one that does; create a leaf with requiresGrad(true), and don't compute under noGrad");
        }
        return node;
    }

    private static Tensor checkSeed(Tensor root, Tensor seed) {
        if (!seed.shape().equals(root.shape()) || seed.dtype() != root.dtype()) {
            throw new GraphException("backward: the gradient is " + describe(seed) + ", but the output is "
                    + describe(root) + "; they must be equal in shape and dtype");
        }
        return seed;
    }

    private static String describe(Tensor tensor) {
        return tensor.dtype() + " " + tensor.shape();
    }

    /** The nodes between the root and the targets, both included. */
    private static Set<Node> onPathTo(Set<Node> targets, Node root) {
        Set<Node> seen = new HashSet<>();
        List<Node> reached = new ArrayList<>();
        Deque<Node> open = new ArrayDeque<>(List.of(root));
        seen.add(root);
        while (!open.isEmpty()) {
            Node node = open.pop();
            reached.add(node);
            for (Node.Link link : node.links()) {
                if (seen.add(link.to())) {
                    open.push(link.to());
                }
            }
        }
        Collections.sort(reached);
        Set<Node> onPath = new HashSet<>();
        for (Node node : reached) {
            if (targets.contains(node) || node.links().stream().anyMatch(link -> onPath.contains(link.to()))) {
                onPath.add(node);
            }
        }
        return onPath;
    }

    private void walk(Node root, Tensor seed) {
        Recorder recorder = Recorder.current();
        pending.put(root, new Sum(seed));
        recorder.recording(graph == Graph.CREATE, () -> {
            for (Map.Entry<Node, Sum> next = pending.pollLastEntry(); next != null; next = pending.pollLastEntry()) {
                visit(next.getKey(), next.getValue().total, recorder);
            }
            return true;
        });
    }

    private void visit(Node node, Tensor gradient, Recorder recorder) {
        List<Node.Link> links = node.links();
        if (wanted != null) {
            wanted.computeIfPresent(node, (wantedNode, none) -> Optional.of(gradient));
        } else if (node.slot != null) {
            node.slot.add(gradient);
        }
        if (graph == Graph.FREE) {
            node.release();
        }
        for (Node.Link link : links) {
            if (needed == null || needed.contains(link.to())) {
                send(link.to(), fit(node, link.to(), recorder.applying(node, link, gradient)), recorder.recording());
            }
        }
    }

    private void send(Node to, Tensor part, boolean recording) {
        Sum sum = pending.get(to);
        if (sum == null) {
            pending.put(to, new Sum(part));
        } else {
            sum.add(part, recording);
        }
    }

    /** Checks what a rule returned and sums over what broadcasting had repeated: the one place where broadcasting is undone. */
    private static Tensor fit(Node from, Node to, Tensor part) {
        if (part.shape().equals(to.shape) && part.dtype() == to.dtype) {
            return part;
        }
        DType dtype = part.dtype();
        if (dtype != to.dtype || !to.shape.broadcastsTo(part.shape())) {
            throw new GraphException("backward: the rule of '" + from.op + "' returned " + describe(part)
                    + " for an input of " + to.dtype + " " + to.shape);
        }
        return part.sumTo(to.shape);
    }
}
