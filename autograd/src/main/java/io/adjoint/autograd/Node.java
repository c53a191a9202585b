package io.adjoint.autograd;

import io.adjoint.core.Clock;
import io.adjoint.core.DType;
import io.adjoint.core.Fusion;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A recorded step: what was computed and the links to what it was computed from. It holds shapes, not values; the values that a
 * rule needs are those that its lambda captured. A leaf is a node without links that keeps its gradient.
 */
final class Node implements Comparable<Node> {
    /** The way from a node to one of its inputs. */
    record Link(Node to, UnaryOperator<Tensor> rule) {}

    /** The way to several inputs through one backward rule, which returns a gradient for each, those of constants being ignored. */
    record Fan(List<@Nullable Node> to, Function<Tensor, ? extends List<? extends @Nullable Tensor>> rule) {}

    final String op;
    final Shape shape;
    final DType dtype;
    /** Later nodes have greater numbers than all that they were computed from, so descending order is a backward order. */
    final long created = Clock.tick();
    /** The position in the user's code that called the operation; null unless {@link Debug} is on. */
    final Debug.@Nullable Trace trace;

    private final boolean leaf;
    private final boolean deferred;
    private volatile boolean frozen;
    private boolean dead;
    private boolean isOurs;
    private @Nullable List<Link> links = List.of();
    private @Nullable Fan fan;
    private volatile @Nullable Arrivals arrivals;

    private Node(String op, NdArray value, boolean leaf, Debug.@Nullable Trace trace) {
        this.op = op;
        this.shape = value.shape();
        this.dtype = value.dtype();
        this.leaf = leaf;
        this.isOurs = leaf;
        this.deferred = Fusion.isDeferred(value);
        this.trace = trace;
        this.arrivals = leaf ? new Arrivals().keep() : null;
    }

    static Node leaf(NdArray value) {
        if (Fusion.isDeferred(value)) {
            throw Fusion.refusal();
        }
        return new Node("leaf", value, true, null);
    }

    static Node step(String op, NdArray value) {
        return new Node(op, value, false, Recorder.current().traceOf(op, value));
    }

    /** A node for a value that has no derivative: to walk on from it is an error. */
    static Node dead(String op, NdArray value) {
        Node node = step(op, value);
        node.links = null;
        node.dead = true;
        return node;
    }

    /**
     * Links this to what it was computed from.
     *
     * @param isOurs whether the library is known to have written the backward rules
     */
    void link(List<Link> to, boolean isOurs) {
        this.isOurs = isOurs;
        links = to;
        for (Link link : to) {
            requireAlike(link.to());
        }
    }

    /** As {@link #link(List, boolean)}, by one backward rule. */
    void link(Fan to, boolean isOurs) {
        this.isOurs = isOurs;
        fan = to;
        for (Node input : to.to()) {
            if (input != null) {
                requireAlike(input);
            }
        }
    }

    /** Refuses a value that has elements while its input has none: it was not computed element by element. */
    private void requireAlike(Node input) {
        if (input.isDeferred() && !deferred) {
            throw Fusion.refusal();
        }
    }

    /** Returns whether the library is known to have written the backward rules: then nobody keeps the gradients that they see. */
    boolean isOurs() {
        return isOurs;
    }

    boolean isLeaf() {
        return leaf;
    }

    /** Returns whether this is a step within a {@linkplain Fused fused} function, whose value has no elements, and no dead end. */
    boolean isDeferred() {
        return deferred && !dead;
    }

    /** Returns whether this is a leaf that is a constant for now. */
    boolean isFrozen() {
        return frozen;
    }

    void freeze(boolean on) {
        frozen = on;
    }

    /**
     * The links to single inputs.
     *
     * @param asking the operation that asks, for messages
     * @throws GraphException if an earlier pass released them
     */
    List<Link> links(String asking) {
        List<Link> present = links;
        if (present == null && dead) {
            throw new GraphException(asking + ": the backward rule of '" + op
                    + "' is declared first-order only, so its gradient cannot be differentiated; give '" + op
                    + "' a backward rule of tensor operations, or don't ask for a second derivative through it");
        }
        if (present == null) {
            throw new GraphException(asking + ": the graph behind '" + op + "' " + shape
                    + " was released by an earlier backward pass; pass GraphMode.CREATE to the earlier one if its gradients"
                    + " are part of what is differentiated now, else GraphMode.KEEP");
        }
        return present;
    }

    @Nullable
    Fan fan() {
        return fan;
    }

    /** Calls the body with each node that this one was computed from, in the order of the operation's inputs. */
    void forEachInput(String asking, Consumer<Node> body) {
        for (Link link : links(asking)) {
            body.accept(link.to());
        }
        Fan shared = fan;
        if (shared != null) {
            for (Node to : shared.to()) {
                if (to != null) {
                    body.accept(to);
                }
            }
        }
    }

    /** Returns whether an earlier pass released the links. */
    boolean isReleased() {
        return links == null && !dead;
    }

    /** Returns whether there is no walking on from here, other than by an error. */
    boolean isDead() {
        return dead;
    }

    void release() {
        if (!leaf) {
            links = null;
            fan = null;
        }
    }

    @Nullable
    Arrivals arrivals() {
        return arrivals;
    }

    /** The hooks and the kept gradient, made when first asked for. */
    synchronized Arrivals ownArrivals() {
        if (deferred) {
            throw Fusion.refusal();
        }
        Arrivals present = arrivals;
        if (present == null) {
            present = new Arrivals();
            arrivals = present;
        }
        return present;
    }

    /**
     * A gradient for this node as somebody returned it, summed over what broadcasting had repeated.
     *
     * @param asking the operation that walks, for messages
     * @param giver what returned it: a backward rule or a hook of {@code from}
     */
    Tensor fit(String asking, String giver, Node from, @Nullable Tensor part) {
        return summed(requireFitting(asking, giver, from, part));
    }

    /** A gradient as somebody returned it, which is of this node's dtype and shape or one that this broadcasts to. */
    Tensor requireFitting(String asking, String giver, Node from, @Nullable Tensor part) {
        if (part == null
                || part.dtype() != dtype
                || (!part.shape().equals(shape) && !shape.broadcastsTo(part.shape()))) {
            throw new GraphException(asking + ": " + giver + " '" + from.op + "' returned "
                    + (part == null ? "null" : part.dtype() + " " + part.shape()) + " for an input of " + dtype + " "
                    + shape);
        }
        return part;
    }

    /** A gradient for this node without what broadcasting had repeated: the one place where broadcasting is undone. */
    Tensor summed(Tensor part) {
        return part.shape().equals(shape) ? part : Fused.evaluated(part).sumTo(shape);
    }

    @Override
    public int compareTo(Node other) {
        return Long.compare(created, other.created);
    }
}
