package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.Fusion;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.parallel.Clock;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A recorded operation: the shape and dtype of its value, the nodes from which it was computed, and its backward rule. A node holds no
 * value; the backward rule captures the values that it needs. A leaf is a node without inputs that keeps its gradient.
 */
final class Node implements Comparable<Node> {
    private static final Rule NONE = (g, given) -> {};
    private static final Node[] NO_INPUTS = {};

    final String op;
    final Shape shape;
    final DType dtype;
    /**
     * A node's number is larger than the numbers of all nodes from which the node was computed, so descending order of numbers is a valid
     * order for a backward pass.
     */
    final long created = Clock.tick();
    /** The position in the user's code that called the operation; null unless {@link Debug} is on. */
    final Debug.@Nullable Trace trace;

    private final boolean leaf;
    private final boolean deferred;
    private volatile boolean frozen;
    private boolean dead;
    private boolean isOurs;
    /** The nodes of the operation's inputs, with null for constants; the array is null once a pass has released this node. */
    private @Nullable Node @Nullable [] inputs = NO_INPUTS;

    private Rule rule = NONE;
    private volatile @Nullable GradientSlot slot;

    private Node(String op, NdArray value, boolean leaf, Debug.@Nullable Trace trace) {
        this.op = op;
        this.shape = value.shape();
        this.dtype = value.dtype();
        this.leaf = leaf;
        this.isOurs = leaf;
        this.deferred = Fusion.isDeferred(value);
        this.trace = trace;
        if (leaf) {
            // Null stays without a write, which would be a fence for each operation.
            slot = new GradientSlot().keep();
        }
    }

    static Node leaf(NdArray value) {
        if (Fusion.isDeferred(value)) {
            throw Fusion.refusal(value);
        }
        return new Node("leaf", value, true, null);
    }

    static Node of(String op, NdArray value) {
        return of(op, value, ThreadState.current());
    }

    /** Makes a node like {@link #of(String, NdArray)}, for a caller that already has this thread's state. */
    static Node of(String op, NdArray value, ThreadState thread) {
        return new Node(op, value, false, thread.traceOf(op, value));
    }

    /** A node for a value without a derivative; a pass that reaches this node throws an error. */
    static Node dead(String op, NdArray value) {
        Node node = of(op, value);
        node.inputs = null;
        node.dead = true;
        return node;
    }

    /**
     * Links this node to the nodes of the operation's inputs, with null for constants.
     *
     * @param isOurs whether the library wrote the backward rule
     */
    void link(@Nullable Node[] inputs, Rule rule, boolean isOurs) {
        this.inputs = inputs;
        this.rule = rule;
        this.isOurs = isOurs;
        // The output refers to this node already: a rule may read the output. Another thread that gets the output
        // without synchronization must see these fields as it sees the output's own final fields.
        VarHandle.storeStoreFence();
        for (Node input : inputs) {
            if (input != null) {
                requireAlike(input);
            }
        }
    }

    /**
     * Throws if this node has elements although the input is deferred, that is, has no elements yet: the operation is then not elementwise.
     */
    private void requireAlike(Node input) {
        if (input.isDeferred() && !deferred) {
            throw Fusion.refusal();
        }
    }

    /**
     * Returns whether the library wrote the backward rule: such a rule keeps no reference to the gradients that it receives.
     */
    boolean isOurs() {
        return isOurs;
    }

    boolean isLeaf() {
        return leaf;
    }

    /**
     * Returns whether two conditions hold: the node's value has no elements yet, because the node is an operation within a {@linkplain
     * Fused fused} function, and the value has a derivative.
     */
    boolean isDeferred() {
        return deferred && !dead;
    }

    /** Returns whether this node is a leaf that counts as a constant until it is unfrozen. */
    boolean isFrozen() {
        return frozen;
    }

    void freeze(boolean on) {
        frozen = on;
    }

    /**
     * The nodes of the operation's inputs, with null for constants; empty for a leaf.
     *
     * @param asking the operation that asks, for messages
     * @throws GraphException if an earlier pass released this node
     */
    @Nullable
    Node[] inputs(String asking) {
        @Nullable Node[] present = inputs;
        if (present == null && dead) {
            throw new GraphException(asking + ": the backward rule of '" + op
                    + "' is declared first-order only, so its gradient cannot be differentiated; give '" + op
                    + "' a backward rule of tensor operations, or don't ask for a second derivative through it");
        }
        if (present == null) {
            throw new GraphException(
                    asking + ": the graph behind '" + op + "' " + shape
                            + " was released by an earlier backward pass; pass GraphMode.CREATE to the earlier one if its gradients"
                            + " are part of what is differentiated now, else cut off the past by detach() or pass GraphMode.KEEP");
        }
        return present;
    }

    Rule rule() {
        return rule;
    }

    /** Calls the body with each node from which this node was computed, in the order of the operation's inputs. */
    void forEachInput(String asking, Consumer<Node> body) {
        for (Node input : inputs(asking)) {
            if (input != null) {
                body.accept(input);
            }
        }
    }

    /** Returns whether an earlier pass released this node's links to its inputs. */
    boolean isReleased() {
        return inputs == null && !dead;
    }

    /** Returns whether the value has no derivative, so that a pass that arrives at this node fails. */
    boolean isDead() {
        return dead;
    }

    void release() {
        if (!leaf) {
            inputs = null;
            rule = NONE;
        }
    }

    @Nullable
    GradientSlot slot() {
        return slot;
    }

    /** The object with this node's hooks and stored gradient, created on first use. */
    synchronized GradientSlot ownSlot() {
        if (deferred) {
            throw Fusion.refusal();
        }
        GradientSlot present = slot;
        if (present == null) {
            present = new GradientSlot();
            slot = present;
        }
        return present;
    }

    /**
     * Checks a gradient that a rule or hook returned for this node, and sums the gradient over the axes that broadcasting repeated.
     *
     * @param asking the operation that walks, for messages
     * @param giver the origin of the gradient, for messages: a backward rule or a hook of {@code from}
     */
    Tensor fit(String asking, String giver, Node from, @Nullable Tensor gradient) {
        return summed(requireFitting(asking, giver, from, gradient));
    }

    /**
     * Checks a gradient that a rule or hook returned: it must have this node's dtype, and this node's shape or a shape to which this node's
     * shape broadcasts.
     */
    Tensor requireFitting(String asking, String giver, Node from, @Nullable Tensor gradient) {
        if (gradient == null
                || gradient.dtype() != dtype
                || (!gradient.shape().equals(shape) && !shape.broadcastsTo(gradient.shape()))) {
            throw new GraphException(asking + ": " + giver + " '" + from.op + "' returned "
                    + (gradient == null ? "null" : gradient.dtype() + " " + gradient.shape()) + " for an input of "
                    + dtype + " "
                    + shape);
        }
        return gradient;
    }

    /** Sums a gradient over the axes that broadcasting repeated; no other method undoes broadcasting. */
    Tensor summed(Tensor gradient) {
        return gradient.shape().equals(shape)
                ? gradient
                : Fused.evaluated(gradient).sumTo(shape);
    }

    /** The number: a search through the graph, whose nodes have successive numbers, then fills a hash table in order. */
    @Override
    public int hashCode() {
        return Long.hashCode(created);
    }

    @Override
    public int compareTo(Node other) {
        return Long.compare(created, other.created);
    }
}
