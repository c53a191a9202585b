package io.adjoint.autograd;

import io.adjoint.core.Fusion;
import io.adjoint.core.Reuse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a backward pass: visits nodes from the youngest to the oldest, lets each node's backward rule give its inputs their parts of
 * the gradient, and ends in the leaves. Iterative, so depth costs no stack; in creation order, so every run adds in the same order.
 */
final class Engine {
    /**
     * The end of a walk within the graph.
     *
     * @param inside true for the nodes to visit
     * @param beyond takes the parts for other nodes, before broadcasting is undone
     */
    record Boundary(Predicate<Node> inside, BiConsumer<Node, Tensor> beyond) {}

    /** The operation that asked for the pass, for messages. */
    final String op;

    private final GraphMode graph;
    /** The nodes to visit, all others being skipped; null for all. */
    private @Nullable Set<Node> needed;
    /** Is offered each node's gradient and returns whether it keeps it; null when gradients are accumulated where nodes keep them. */
    private @Nullable BiPredicate<Node, Tensor> taker;

    private @Nullable Boundary boundary;
    /** The observer of every step; null in all passes but those that are shown. */
    private @Nullable PassObserver observer;

    private final TreeMap<Node, Sum> pending = new TreeMap<>();
    private final Accumulations accumulations = new Accumulations();
    private final Reuse reuse = new Reuse();
    private Recorder recorder = Recorder.current();
    private Parts parts = parts(recorder);

    /** A pass over the whole graph, which accumulates gradients where nodes keep them. */
    Engine(String op, GraphMode graph) {
        this.op = op;
        this.graph = graph;
    }

    /** Visits some nodes only, and offers their gradients to a taker, in place of accumulating any. */
    Engine through(Set<Node> needed, BiPredicate<Node, Tensor> taker) {
        this.needed = needed;
        this.taker = taker;
        return this;
    }

    /** Ends at a boundary. */
    Engine within(Boundary boundary) {
        this.boundary = boundary;
        return this;
    }

    /** Tells an observer of every step, and accumulates nothing. */
    Engine observedBy(PassObserver observer) {
        this.observer = observer;
        taker = (node, gradient) -> false;
        return this;
    }

    /** The parts of a pass. An observer is to see every one, so rules add none by themselves then. */
    private Parts parts(Recorder recorder) {
        return new Parts(recorder, node -> observer == null ? pending.get(node) : null);
    }

    /** Walks back from some nodes, each with a gradient of its shape and dtype. */
    void walk(List<Node> roots, List<Tensor> seeds) {
        for (int k = 0; k < roots.size(); k++) {
            Tensor seed = seeds.get(k);
            if (needed == null || needed.contains(roots.get(k))) {
                // A gradient that a plain pass leaves behind must not hold the graph that its seed came from.
                send(roots.get(k), graph == GraphMode.CREATE ? seed : seed.detach(), false);
            }
        }
        // A pass that is looked at shows every array.
        boolean reuses = graph != GraphMode.CREATE && observer == null && !recorder.tracing();
        recorder.pass(op, graph == GraphMode.CREATE, needed, () -> {
            // A pass deep within others goes on in another thread.
            recorder = Recorder.current();
            parts = parts(recorder);
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
        @Nullable Node[] inputs = node.inputs(op);
        Rule rule = node.rule();
        Tensor gradient = arrive(node, upstream);
        if (graph == GraphMode.FREE) {
            node.release();
        }
        // A recorded pass computes with tensors, and detectNaN looks at each part.
        boolean addsInPlace = graph != GraphMode.CREATE && !recorder.detectingNaN() && !node.isDeferred();
        parts.begin(inputs, addsInPlace);
        if (needed == null ? inputs.length > 0 : parts.wantsAny()) {
            // A deferred array holds those that it is to be computed from.
            reuse.serve(reuses && node.isOurs() && !node.isDeferred());
            recorder.applying(node, inputs, rule, gradient, parts);
            if (observer != null) {
                observer.passed(node, parts);
            }
            deliver(node, gradient);
        }
        parts.end();
    }

    /** Takes a node's gradient, which is complete, through its hooks to whoever wants it. */
    private Tensor arrive(Node node, Tensor upstream) {
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
        return gradient;
    }

    /** Adds the parts that a rule has given to the gradients of its inputs. */
    private void deliver(Node from, Tensor gradient) {
        for (int k = 0; k < parts.count(); k++) {
            Node to = parts.input(k);
            if (to == null || !parts.wants(k)) {
                continue;
            }
            if (parts.isAdded(k)) {
                Tensor total = Objects.requireNonNull(pending.get(to)).total();
                recorder.checkFinite(from, gradient, total);
                if (!from.isOurs()) {
                    reuse.forget(total.data());
                }
            } else {
                Tensor part = to.requireFitting(op, "the backward rule of", from, parts.of(k));
                recorder.checkFinite(from, gradient, part);
                send(to, isBeyond(to) ? part : to.summed(part), parts.isOwned(k));
            }
        }
    }

    private void send(Node to, Tensor part, boolean owned) {
        if (boundary != null && isBeyond(to)) {
            if (Fusion.isDeferred(part.data())) {
                // The passes around this one need not let go: it is computed in their step, or becomes a sum of theirs.
                reuse.hold(part.data());
            } else {
                reuse.forget(part.data());
            }
            reuse.serve(false);
            boundary.beyond().accept(to, part);
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
        return boundary != null && !boundary.inside().test(node);
    }
}
