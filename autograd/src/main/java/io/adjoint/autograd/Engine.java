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
 * The walk of a backward pass: visits nodes from the youngest to the oldest, lets each node's backward rule compute its inputs' gradients,
 * and ends at the leaves. The walk is iterative, so a deep graph needs no deep stack. The walk follows the order of creation, so every run
 * adds gradients in the same order.
 */
final class Engine {
    /**
     * The limits of a walk that visits only a part of the graph.
     *
     * @param inside true for the nodes to visit
     * @param beyond receives the gradients that flow to nodes outside the part, not yet summed over the axes that broadcasting repeated
     */
    record Boundary(Predicate<Node> inside, BiConsumer<Node, Tensor> beyond) {}

    /** The operation that asked for the pass, for messages. */
    final String op;

    private final GraphMode graph;
    /** The nodes to visit; all others are skipped. Null to visit all nodes. */
    private @Nullable Set<Node> needed;
    /**
     * Receives each node's gradient and returns whether it keeps a reference to the gradient; null if the pass accumulates gradients in the
     * nodes that store them.
     */
    private @Nullable BiPredicate<Node, Tensor> taker;

    private @Nullable Boundary boundary;
    /** The observer of every step; null unless the pass is observed. */
    private @Nullable PassObserver observer;

    private final TreeMap<Node, Sum> pending = new TreeMap<>();
    private final Accumulations accumulations = new Accumulations();
    private final Reuse reuse = new Reuse();
    private Recorder recorder = Recorder.current();
    private Parts parts = parts(recorder);

    /** A pass over the whole graph, which accumulates gradients in the nodes that store them. */
    Engine(String op, GraphMode graph) {
        this.op = op;
        this.graph = graph;
    }

    /** Limits the pass to the given nodes, and passes the gradients of these nodes to a taker instead of accumulating them. */
    Engine through(Set<Node> needed, BiPredicate<Node, Tensor> taker) {
        this.needed = needed;
        this.taker = taker;
        return this;
    }

    /** Limits the walk to the nodes inside a boundary. */
    Engine within(Boundary boundary) {
        this.boundary = boundary;
        return this;
    }

    /** Notifies an observer of every step, and accumulates no gradient. */
    Engine observedBy(PassObserver observer) {
        this.observer = observer;
        taker = (node, gradient) -> false;
        return this;
    }

    /**
     * Makes the pass's {@link Parts}, which hold the gradients of one step at a time. An observed pass hides the sums from backward rules:
     * the rules then return every gradient, instead of adding to a sum in place, so that the observer sees all gradients.
     */
    private Parts parts(Recorder recorder) {
        return new Parts(recorder, node -> observer == null ? pending.get(node) : null);
    }

    /** Walks back from some nodes, each of which starts with a gradient of its shape and dtype. */
    void walk(List<Node> roots, List<Tensor> seeds) {
        for (int k = 0; k < roots.size(); k++) {
            Tensor seed = seeds.get(k);
            if (needed == null || needed.contains(roots.get(k))) {
                // Without GraphMode.CREATE the seed is detached, so that no gradient of the pass keeps the seed's graph
                // in memory.
                send(roots.get(k), graph == GraphMode.CREATE ? seed : seed.detach(), false);
            }
        }
        // The observer or the trace sees every array that the pass computes, so the pass must overwrite none of these
        // arrays.
        boolean reuses = graph != GraphMode.CREATE && observer == null && !recorder.tracing();
        recorder.pass(op, graph == GraphMode.CREATE, needed, () -> {
            // Deeply nested passes continue in another thread, which has another recorder.
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
        // An addition in place can't be recorded, would change a sum that is on a tape, and hides the single gradients,
        // each of which detectNaN checks.
        boolean addsInPlace = graph != GraphMode.CREATE && !recorder.tracing() && !node.isDeferred();
        parts.begin(inputs, addsInPlace);
        if (needed == null ? inputs.length > 0 : parts.wantsAny()) {
            // A deferred array refers to the arrays from which it will be computed, so these arrays must not be
            // overwritten yet.
            reuse.serve(reuses && node.isOurs() && !node.isDeferred());
            recorder.applying(node, inputs, rule, gradient, parts);
            if (observer != null) {
                observer.passed(node, parts);
            }
            deliver(node, gradient);
        }
        parts.end();
    }

    /**
     * Passes a node's complete gradient through the node's hooks, then to the observer, and to the taker or, without a taker, to the
     * accumulation.
     */
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

    /** Adds the gradients that a node's backward rule has computed to the sums of the gradients of the node's inputs. */
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
                // The elements of a deferred gradient are computed later, from arrays that this pass must not have
                // overwritten by then, so hold makes this pass give up all its arrays. Enclosing passes keep their
                // arrays (forget would take them away): an enclosing pass either computes the gradient's elements in
                // its current step, and overwrites arrays only after the step, or holds the gradient as a sum, and then
                // gives up its own arrays as well.
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
