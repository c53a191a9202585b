package io.adjoint.autograd;

import io.adjoint.core.Fusion;
import io.adjoint.core.NdArray;
import io.adjoint.core.Reuse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass: visits nodes from the youngest to the oldest, carries each node's summed gradient over its links, and ends in
 * the leaves. Iterative, so depth costs no stack; in creation order, so every run adds in the same order.
 */
final class Engine {
    /** The operation that asked for the pass, for messages. */
    private final String op;

    private final GraphMode graph;
    /** The nodes to visit, all others being skipped; null for all. */
    private final @Nullable Set<Node> needed;
    /** Is offered each node's gradient and returns whether it keeps it; null when gradients are accumulated where nodes keep them. */
    private final @Nullable BiPredicate<Node, Tensor> taker;

    /** Takes the gradients of nodes that are not {@link #inside}, part by part, before broadcasting is undone; null if all are. */
    private @Nullable BiConsumer<Node, Tensor> beyond;

    private Predicate<Node> inside = node -> true;
    /** Who is told of every step; null in all passes but those that are shown. */
    private @Nullable PassObserver observer;

    private final TreeMap<Node, Sum> pending = new TreeMap<>();
    private final Accumulations accumulations = new Accumulations();

    private final Reuse reuse = new Reuse();

    private Recorder recorder = Recorder.current();

    private Engine(String op, GraphMode graph, @Nullable Set<Node> needed, @Nullable BiPredicate<Node, Tensor> taker) {
        this.op = op;
        this.graph = graph;
        this.needed = needed;
        this.taker = taker;
    }

    /** Accumulates the gradients of all leaves that the root was computed from. */
    static void backward(Tensor root, Tensor seed, GraphMode graph) {
        Recorder.current().announceBackward(root);
        new Engine("backward", graph, null, null).walk(List.of(root), List.of(seed));
    }

    /** The gradients of one root with respect to the inputs alone, each of which it must depend on. */
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

    /** The gradients of the inputs alone; none for one that no root depends on. */
    static Map<Node, Tensor> gradients(List<Tensor> roots, List<Tensor> seeds, GraphMode graph, List<Tensor> inputs) {
        Set<Node> targets = nodes("gradients", inputs);
        Set<Node> onPath = Paths.onPathTo("gradients", targets, nodes("gradients", roots));
        return gradients("gradients", roots, seeds, graph, targets, onPath);
    }

    /**
     * Walks the part of the graph that is inside a boundary, and hands over its contributions to the nodes beyond that it links to: a
     * gradient for each link, in the order in which a pass over the whole graph would add them up.
     */
    static void contributions(
            String op,
            Tensor root,
            Tensor seed,
            GraphMode graph,
            Predicate<Node> inside,
            BiConsumer<Node, Tensor> beyond) {
        Engine engine = new Engine(op, graph, null, null);
        engine.inside = inside;
        engine.beyond = beyond;
        engine.walk(List.of(root), List.of(seed));
    }

    /** The gradients of all leaves that the roots were computed from, accumulated nowhere. */
    static Map<Node, Tensor> gradients(List<Tensor> roots, List<Tensor> seeds, GraphMode graph) {
        Set<Node> all = new HashSet<>(Paths.reachable("gradients", nodes("gradients", roots), node -> true));
        return gradients(
                "gradients",
                roots,
                seeds,
                graph,
                all.stream().filter(Node::isLeaf).collect(Collectors.toSet()),
                all);
    }

    /** Walks back as {@link #backward} does and tells the observer of every step, but accumulates and releases nothing. */
    static void watch(String op, Tensor root, Tensor seed, PassObserver observer) {
        Engine engine = new Engine(op, GraphMode.KEEP, null, (node, gradient) -> false);
        engine.observer = observer;
        engine.walk(List.of(root), List.of(seed));
    }

    private static Map<Node, Tensor> gradients(
            String op, List<Tensor> roots, List<Tensor> seeds, GraphMode graph, Set<Node> targets, Set<Node> needed) {
        Map<Node, Tensor> found = new HashMap<>();
        new Engine(op, graph, needed, (node, gradient) -> {
                    boolean isTarget = targets.contains(node);
                    if (isTarget) {
                        found.put(node, gradient.asGradient());
                    }
                    return isTarget;
                })
                .walk(roots, seeds);
        return found;
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

    private static Node requireNode(Tensor tensor, String op) {
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

    private Tensor checkSeed(Tensor root, Tensor seed) {
        if (!seed.shape().equals(root.shape()) || seed.dtype() != root.dtype()) {
            throw new GraphException(op + ": the gradient is " + describe(seed) + ", but the output is "
                    + describe(root) + "; they must be equal in shape and dtype");
        }
        return seed;
    }

    private static String describe(Tensor tensor) {
        return tensor.dtype() + " " + tensor.shape();
    }

    private void walk(List<Tensor> roots, List<Tensor> seeds) {
        for (int k = 0; k < roots.size(); k++) {
            Node node = requireNode(roots.get(k), op);
            Tensor seed = checkSeed(roots.get(k), seeds.get(k));
            if (needed == null || needed.contains(node)) {
                // A gradient that a plain pass leaves behind must not hold the graph that its seed came from.
                send(node, graph == GraphMode.CREATE ? seed : seed.detach(), false);
            }
        }
        // A pass that is looked at shows every array.
        boolean reuses = graph != GraphMode.CREATE && observer == null && !recorder.tracing();
        recorder.pass(op, graph == GraphMode.CREATE, needed, () -> {
            // A pass deep within others goes on in another thread.
            recorder = Recorder.current();
            reuse.run(() -> walk(reuses));
        });
    }

    private void walk(boolean reuses) {
        for (Map.Entry<Node, Sum> next = pending.pollLastEntry(); next != null; next = pending.pollLastEntry()) {
            visit(next.getKey(), next.getValue().take(), reuses);
            reuse.settle();
        }
        accumulations.make(reuse);
    }

    private void visit(Node node, Tensor upstream, boolean reuses) {
        List<Node.Link> links = node.links(op);
        Node.Fan fan = node.fan();
        Arrivals arrivals = node.arrivals();
        if (!node.isOurs() && reuse.mayOwn()) {
            reuse.forget(upstream.data());
        }
        Tensor gradient = arrivals == null ? upstream : arrivals.throughHooks(op, node, upstream, reuse);
        if (observer != null) {
            observer.arrived(node, upstream, gradient);
        }
        if (taker != null) {
            if (taker.test(node, gradient)) {
                reuse.forget(gradient.data());
            }
        } else if (arrivals != null) {
            reuse.hold(gradient.data());
            Fused.requireElements(gradient);
            accumulations.add(arrivals, gradient.asGradient());
        }
        if (graph == GraphMode.FREE) {
            node.release();
        }
        // A deferred array holds those that it is to be computed from.
        reuse.serve(reuses && node.isOurs() && !node.isDeferred());
        for (int k = 0; k < links.size(); k++) {
            if (isNeeded(links.get(k).to())) {
                follow(node, k, links.get(k), gradient);
            }
        }
        if (fan != null) {
            visitFan(node, fan, gradient);
        }
    }

    private void follow(Node node, int input, Node.Link link, Tensor gradient) {
        // A recorded pass needs backward rules of tensors, and what is looked at for NaN must be there to look at.
        boolean inPlace = graph != GraphMode.CREATE && !recorder.detectingNaN() && !node.isDeferred();
        AddingRule adding = inPlace && link.rule() instanceof AddingRule rule ? rule : null;
        Sum sum = adding == null ? null : pending.get(link.to());
        if (adding != null && sum != null) {
            recorder.applying(
                    node,
                    g -> {
                        addTo(sum.own(), adding, g, node);
                        return g;
                    },
                    gradient);
            if (!node.isOurs()) {
                reuse.forget(sum.total().data());
            }
            if (observer != null) {
                Tensor part = recorder.applying(node, link.rule(), gradient);
                observer.passed(node, input, part, link.to().fit(op, "the backward rule of", node, part));
            }
        } else {
            Tensor part = recorder.applying(node, link.rule(), gradient);
            deliver(node, input, gradient, link.to(), part, adding != null && adding.fresh());
        }
    }

    private void addTo(NdArray sum, AddingRule adding, Tensor gradient, Node node) {
        long before = sum.modified();
        adding.adder().accept(gradient.data(), sum);
        if (sum.modified() != before) {
            throw new GraphException(op + ": the adder of '" + node.op + "' assigned to its sum " + sum.shape()
                    + ", which may hold gradients of other operations; add to it by InPlace.accumulate, indexAdd or"
                    + " scatterAdd");
        }
    }

    private void visitFan(Node node, Node.Fan fan, Tensor gradient) {
        if (fan.to().stream().noneMatch(to -> to != null && isNeeded(to))) {
            return;
        }
        SummingRule summing = beyond == null && fan.rule() instanceof SummingRule rule ? rule : null;
        if (summing != null) {
            addTo(fan.to(), summing, node, gradient);
            if (observer == null) {
                return;
            }
        }
        List<? extends @Nullable Tensor> parts =
                Callbacks.result(op, "the backward rule of '" + node.op + "'", recorder.applying(node, fan, gradient));
        if (parts.size() != fan.to().size()) {
            throw new GraphException(op + ": the backward rule of '" + node.op + "' returned " + parts.size()
                    + " gradients for " + fan.to().size() + " inputs");
        }
        int input = 0;
        for (int k = 0; k < parts.size(); k++) {
            Node to = fan.to().get(k);
            if (to != null && isNeeded(to)) {
                if (summing == null) {
                    deliver(node, input, gradient, to, parts.get(k), false);
                } else if (observer != null) {
                    observer.passed(
                            node,
                            input,
                            parts.get(k),
                            to.requireFitting(op, "the backward rule of", node, parts.get(k)));
                }
            }
            input += to == null ? 0 : 1;
        }
    }

    /** Replaces the sums of all inputs by those that the rule makes of them. */
    private void addTo(List<@Nullable Node> inputs, SummingRule rule, Node node, Tensor gradient) {
        List<@Nullable Tensor> before = new ArrayList<>();
        for (Node to : inputs) {
            Sum sum = to == null ? null : pending.get(to);
            before.add(sum == null ? null : sum.total());
        }
        List<? extends @Nullable Tensor> after = recorder.applying(node, g -> rule.addTo(before, g), gradient);
        for (int k = 0; k < inputs.size(); k++) {
            Node to = inputs.get(k);
            if (to != null && isNeeded(to)) {
                Tensor total = Objects.requireNonNull(after.get(k));
                recorder.checkFinite(node, gradient, total);
                Sum sum = pending.put(to, new Sum(reuse, total, false));
                if (sum != null) {
                    reuse.release(sum.total().data());
                }
            }
        }
    }

    private boolean isNeeded(Node node) {
        return needed == null || needed.contains(node);
    }

    private void deliver(Node from, int input, Tensor gradient, Node to, @Nullable Tensor part, boolean owned) {
        Tensor returned = to.requireFitting(op, "the backward rule of", from, part);
        Tensor fitted = isBeyond(to) ? returned : to.summed(returned);
        recorder.checkFinite(from, gradient, returned);
        if (observer != null) {
            observer.passed(from, input, returned, fitted);
        }
        send(to, fitted, owned);
    }

    private void send(Node to, Tensor part, boolean owned) {
        if (beyond != null && isBeyond(to)) {
            if (Fusion.isDeferred(part.data())) {
                // The passes around this one need not let go: it is computed in their step, or becomes a sum of theirs.
                reuse.hold(part.data());
            } else {
                reuse.forget(part.data());
            }
            reuse.serve(false);
            beyond.accept(to, part);
            return;
        }
        Sum sum = pending.get(to);
        if (sum == null) {
            pending.put(to, new Sum(reuse, part, owned));
        } else {
            sum.add(part, graph == GraphMode.CREATE || to.isDeferred() || recorder.tracing());
        }
    }

    private boolean isBeyond(Node node) {
        return beyond != null && !inside.test(node);
    }
}
