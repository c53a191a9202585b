package io.adjoint.autograd;

import io.adjoint.core.Clock;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A recorded step: what was computed and the links to what it was computed from. It holds shapes, not values; the values that a
 * rule needs are those that its lambda captured. A leaf is a node without links whose gradient is kept.
 */
final class Node implements Comparable<Node> {
    /** The way from a node to one of its inputs. */
    record Link(Node to, UnaryOperator<Tensor> rule) {}

    private static final List<Link> NONE = List.of();

    final String op;
    final Shape shape;
    final DType dtype;
    /** Later nodes have greater numbers than all that they were computed from, so descending order is a backward order. */
    final long created = Clock.tick();

    private @Nullable List<Link> links;
    /** Where the gradient is kept: for leaves. */
    final @Nullable GradientSlot slot;

    private Node(String op, NdArray value, @Nullable List<Link> links, @Nullable GradientSlot slot) {
        this.op = op;
        this.shape = value.shape();
        this.dtype = value.dtype();
        this.links = links;
        this.slot = slot;
    }

    static Node leaf(NdArray value) {
        return new Node("leaf", value, NONE, new GradientSlot());
    }

    static Node step(String op, NdArray value) {
        return new Node(op, value, NONE, null);
    }

    void link(List<Link> to) {
        links = to;
    }

    /**
     * The links to the inputs.
     *
     * @throws GraphException if an earlier pass released them
     */
    List<Link> links() {
        List<Link> present = links;
        if (present == null) {
            throw new GraphException("backward: the graph behind '" + op + "' " + shape
                    + " was released by an earlier backward pass; pass Graph.KEEP to the earlier one to walk it again");
        }
        return present;
    }

    void release() {
        if (slot == null) {
            links = null;
        }
    }

    @Override
    public int compareTo(Node other) {
        return Long.compare(created, other.created);
    }
}
