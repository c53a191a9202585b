package io.adjoint.autograd;

import io.adjoint.core.Fusion;
import io.adjoint.core.GradientPool;
import io.adjoint.core.Threads;
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
final class BackwardPass {
    /**
     * The limits of a walk that visits only some nodes of the graph.
     *
     * @param inside true for the nodes to visit
     * @param beyond receives the gradients that flow to other nodes, not yet summed over the axes that broadcasting repeated
     */
    record Boundary(Predicate<Node> inside, BiConsumer<Node, Tensor> beyond) {}

    /**
     * The largest number of nested passes that run on one thread's stack. A pass takes about 1.5 kB of the stack, so this many passes fit
     * even in the smallest stacks that people configure.
     */
    private static final int LEVELS_PER_STACK = 50;

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
    /** The observer of every visit; null unless the pass is observed. */
    private @Nullable PassObserver observer;

    private final TreeMap<Node, PendingGradient> pending = new TreeMap<>();
    private final Accumulations accumulations = new Accumulations();
    private final GradientPool pool = new GradientPool();
    private final GivenGradients given = new GivenGradients(this);
    private final ThreadState thread = ThreadState.current();
    /** The number of passes that enclose this one, each of which has a backward rule or a hook that started the next one. */
    private final int depth = thread.pass() == null ? 0 : thread.pass().depth + 1;
    /** The gradients that the backward rule that runs gives; null if none runs. */
    private @Nullable GivenGradients running;

    /** A pass over the whole graph, which accumulates gradients in the nodes that store them. */
    BackwardPass(String op, GraphMode graph) {
        this.op = op;
        this.graph = graph;
    }

    /** Limits the pass to the given nodes, and passes the gradients of these nodes to a taker instead of accumulating them. */
    BackwardPass through(Set<Node> needed, BiPredicate<Node, Tensor> taker) {
        this.needed = needed;
        this.taker = taker;
        return this;
    }

    /** Limits the walk to the nodes inside a boundary. */
    BackwardPass within(Boundary boundary) {
        this.boundary = boundary;
        return this;
    }

    /** Notifies an observer of every visit, and accumulates no gradient. */
    BackwardPass observedBy(PassObserver observer) {
        this.observer = observer;
        taker = (node, gradient) -> false;
        return this;
    }

    /** Walks back from some nodes, each of which starts with a gradient of its shape and dtype. */
    void walk(List<Node> roots, List<Tensor> seeds) {
        Runnable walk = () -> thread.run(this, graph == GraphMode.CREATE, () -> walkHere(roots, seeds));
        if (depth > 0 && depth % LEVELS_PER_STACK == 0) {
            // Nested passes (a pass in a backward rule of a pass …) use up the stack, so the next pass gets a new one.
            Threads.runOnNewStack("adjoint-backward-" + depth, 0, () -> {
                thread.takeOver();
                walk.run();
            });
        } else {
            walk.run();
        }
    }

    private void walkHere(List<Node> roots, List<Tensor> seeds) {
        // The observer or the trace sees every array that the pass computes, so the pass must overwrite none of these
        // arrays.
        boolean reuses = graph != GraphMode.CREATE && observer == null && !thread.watched();
        pool.begin();
        try {
            for (int k = 0; k < roots.size(); k++) {
                if (visits(roots.get(k))) {
                    // Without GraphMode.CREATE the seed is detached, so that no gradient of the pass keeps the seed's
                    // graph in memory.
                    Tensor seed = seeds.get(k);
                    send(roots.get(k), graph == GraphMode.CREATE ? seed : seed.detach());
                }
            }
            walk(reuses);
        } finally {
            pool.end();
        }
    }

    private void walk(boolean reuses) {
        while (!pending.isEmpty()) {
            Map.Entry<Node, PendingGradient> next = pending.pollLastEntry();
            visit(next.getKey(), next.getValue().take(), reuses);
            pool.settle();
        }
        accumulations.make(thread.watched());
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
        boolean addsInPlace = graph != GraphMode.CREATE && !thread.watched() && !node.isDeferred();
        given.begin(node, inputs, addsInPlace);
        if (given.wantsAny()) {
            // A deferred array refers to the arrays from which it will be computed, so these arrays must not be
            // overwritten yet.
            pool.serve(reuses && node.isOurs() && !node.isDeferred());
            apply(rule, gradient, given);
            if (observer != null) {
                observer.passed(node, given);
            }
            deliver(node, gradient);
        }
        given.end();
    }

    /** Runs a backward rule. During the run, {@link #wants} returns whether the rule must compute the gradient of an input. */
    private void apply(Rule rule, Tensor gradient, GivenGradients gradients) {
        GivenGradients before = running;
        running = gradients;
        try {
            gradients.apply(rule, gradient);
        } finally {
            running = before;
        }
    }

    /** Runs the backward rule of a node outside of the observed pass that is under way. */
    static GivenGradients applyApart(Node node, Tensor upstream) {
        BackwardPass pass = ThreadState.current().pass();
        if (pass == null) {
            throw new IllegalStateException(
                    "the gradients of an operation can be computed during the observed pass only");
        }
        GivenGradients gradients = new GivenGradients(pass);
        gradients.begin(node, node.inputs(pass.op), false);
        pass.apply(node.rule(), upstream, gradients);
        return gradients;
    }

    /** Returns whether the pass visits a node. */
    boolean visits(Node node) {
        return needed == null || needed.contains(node);
    }

    /**
     * Returns whether the running backward rule must return a gradient for an input. The rule must return it if the pass visits the input
     * and if the rule's node was linked to the input when the node was recorded, even if the input has been frozen since.
     */
    boolean wants(Tensor input) {
        Node node = running == null ? input.node() : input.node;
        return node != null && (running == null ? visits(node) : running.isInput(node));
    }

    /**
     * The sum of a node's gradients from the backward rules that have run; null before the first of these rules. An observed pass hides the
     * sums from backward rules: the rules then return every gradient, instead of adding to a sum in place, so that the observer sees all
     * gradients.
     */
    @Nullable
    PendingGradient sum(Node node) {
        return observer == null ? pending.get(node) : null;
    }

    /** Throws if a value was changed in place after the node of the running rule was recorded. */
    void requireUnchanged(Tensor tensor, long modified) {
        if (running != null && modified > running.node().created) {
            throw new GraphException(op + ": a value of shape " + tensor.shape() + " that '" + running.node().op
                    + "' saved was changed in place after it (by assign or an optimizer's step);"
                    + " call backward before changing parameters, or compute the forward pass again");
        }
    }

    /** Throws if a backward rule's result is not finite although the upstream gradient is finite. */
    private void checkFinite(Node node, Tensor gradient, Tensor result) {
        if (thread.detectingNaN() && Debug.isBad(result.data()) && !Debug.isBad(gradient.data())) {
            throw new NaNException("the backward rule of '" + node.op + "' of shape " + node.shape
                    + " returned a gradient that is not finite" + Debug.where(node.trace));
        }
    }

    /**
     * Passes a node's complete gradient through the node's hooks, then to the observer, and to the taker or, without a taker, to the
     * accumulation.
     */
    private Tensor arrive(Node node, Tensor upstream) {
        GradientSlot slot = node.slot();
        if (!node.isOurs() && pool.mayOwn()) {
            pool.forget(upstream.data());
        }
        Tensor gradient = slot == null ? upstream : slot.throughHooks(op, node, upstream, pool);
        if (observer != null) {
            observer.arrived(node, upstream, gradient);
        }
        if (taker != null) {
            if (taker.test(node, gradient)) {
                pool.forget(gradient.data());
            }
        } else if (slot != null && slot.keeps()) {
            Fused.requireElements(gradient);
            accumulations.add(slot, pool, gradient.asGradient());
        }
        return gradient;
    }

    /** Adds the gradients that a node's backward rule has computed to the sums of the gradients of the node's inputs. */
    private void deliver(Node from, Tensor gradient) {
        for (int k = 0; k < given.count(); k++) {
            Node to = given.input(k);
            if (to == null) {
                continue;
            }
            if (given.isAdded(k)) {
                Tensor total = Objects.requireNonNull(pending.get(to)).total();
                checkFinite(from, gradient, total);
                if (!from.isOurs()) {
                    pool.forget(total.data());
                }
            } else {
                Tensor contribution = to.requireFitting(op, "the backward rule of", from, given.of(k));
                checkFinite(from, gradient, contribution);
                send(to, isBeyond(to) ? contribution : to.summed(contribution));
            }
        }
    }

    private void send(Node to, Tensor contribution) {
        if (boundary != null && isBeyond(to)) {
            if (Fusion.isDeferred(contribution.data())) {
                // The elements of a deferred gradient are computed later, from arrays that this pass must not have
                // overwritten by then, so hold makes this pass give up all its arrays. Enclosing passes keep their
                // arrays (forget would take them away): an enclosing pass either computes the gradient's elements in
                // its current visit, and overwrites arrays only after it, or holds the gradient as a sum, and then
                // gives up its own arrays as well.
                pool.hold(contribution.data());
            } else {
                pool.forget(contribution.data());
            }
            pool.serve(false);
            boundary.beyond().accept(to, contribution);
            return;
        }
        PendingGradient sum = pending.get(to);
        if (sum == null) {
            pending.put(to, new PendingGradient(pool, contribution));
        } else {
            sum.add(contribution, graph == GraphMode.CREATE || to.isDeferred() || thread.watched());
        }
    }

    private boolean isBeyond(Node node) {
        return boundary != null && !boundary.inside().test(node);
    }
}
