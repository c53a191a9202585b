package io.adjoint.autograd.transforms;

import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Internal;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The floating tensors of a tree as one tensor, and back. A tree that is a tensor stays as it is. The elements of any other tree make one
 * axis, behind a first axis of entries if there is one.
 *
 * @hidden
 */
@Internal
public final class Packing<P> {
    private final String op;
    private final P like;
    private final Map<String, Tensor> leaves;
    private final boolean byRows;
    private final Tensor start;

    /** The packing of trees that are like a given one, all of whose tensors begin with an axis of entries if {@code byRows}. */
    public Packing(String op, P like, boolean byRows) {
        this.op = op;
        // A copy, since the caller may change the start.
        this.like = Trees.copy(like);
        this.leaves = Trees.leaves(like);
        this.byRows = byRows;
        if (leaves.values().stream().allMatch(leaf -> leaf.shape().size() == 0)) {
            throw new IllegalArgumentException(op + ": the start, a "
                    + like.getClass().getSimpleName() + ", contains no "
                    + (leaves.isEmpty() ? "floating tensor" : "elements; handle an empty start before the call"));
        }
        Tensor first = leaves.values().iterator().next();
        leaves.forEach((path, leaf) -> {
            if (leaf.dtype() != first.dtype()) {
                throw new DTypeException(op + ": the start" + Trees.position(path) + " is " + leaf.dtype()
                        + ", another tensor is " + first.dtype() + "; convert with to(...)");
            }
            if (byRows && (leaf.shape().rank() == 0 || leaf.shape().dim(0) != entries(first))) {
                throw new ShapeException(op + ": the start" + Trees.position(path) + " is " + leaf.shape()
                        + "; with separate rows all tensors need one entry for each along axis 0"
                        + (first.shape().rank() == 0 ? "" : ", as the first has " + entries(first)));
            }
        });
        start = packed(List.copyOf(leaves.values()));
    }

    private static int entries(Tensor x) {
        return x.shape().rank() == 0 ? -1 : x.shape().dim(0);
    }

    /** The given tree's tensors by their paths. */
    public Map<String, Tensor> leaves() {
        return leaves;
    }

    /** The given tree's tensors as one. */
    public Tensor start() {
        return start;
    }

    /**
     * The tensors of a tree that a function returned.
     *
     * @param name the tree's name in messages, such as {@code the function's value}
     */
    public Tensor pack(String name, @Nullable Object returned) {
        Object tree = Callbacks.result(op, "the function", returned);
        return packed(Trees.alike(op, "the start", leaves, name, Trees.leaves(tree)));
    }

    /** The tensors of a tree, each of which broadcasts to the start's tensor at the same path. */
    public Tensor packBroadcast(String name, Object tree) {
        Iterator<Tensor> others = Trees.matching(op, "the start", leaves, name, Trees.leaves(tree))
                .iterator();
        List<Tensor> parts = new ArrayList<>();
        leaves.forEach((path, leaf) -> {
            Tensor other = others.next();
            if (!other.shape().broadcastsTo(leaf.shape())) {
                throw new ShapeException(op + ": " + name + Trees.position(path) + " is " + other.shape()
                        + ", which does not broadcast to " + leaf.shape());
            }
            parts.add(other.to(leaf.dtype()).broadcastTo(leaf.shape()));
        });
        return packed(parts);
    }

    private Tensor packed(List<Tensor> parts) {
        if (like instanceof Tensor) {
            return parts.get(0);
        }
        List<Tensor> flat = parts.stream()
                .map(x -> byRows ? x.reshape(x.shape().dim(0), -1) : x.reshape(-1))
                .toList();
        return flat.size() == 1 ? flat.get(0) : Tensor.concat(-1, flat);
    }

    /** The tree of a packed tensor; each of its tensors has the same additional first axes as the packed tensor. */
    public P unpack(Tensor packed) {
        if (like instanceof Tensor) {
            return Trees.map(like, leaf -> packed);
        }
        int lead = packed.shape().rank() - (byRows ? 2 : 1);
        int[] from = {0};
        return Trees.map(like, leaf -> {
            int size = byRows
                    ? leaf.shape().size() / leaf.shape().dim(0)
                    : leaf.shape().size();
            int[] shape =
                    Arrays.copyOf(packed.shape().toArray(), lead + leaf.shape().rank());
            System.arraycopy(
                    leaf.shape().toArray(), 0, shape, lead, leaf.shape().rank());
            Tensor part = leaves.size() == 1 ? packed : packed.slice(-1, from[0], from[0] + size);
            from[0] += size;
            return part.reshape(Shape.of(shape));
        });
    }
}
