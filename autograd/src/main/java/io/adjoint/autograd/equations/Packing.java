package io.adjoint.autograd.equations;

import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The floating tensors of a tree as one tensor, and back. A tree that is a tensor stays as it is. The elements of any other tree make one
 * axis, behind a first axis of entries if there is one.
 */
final class Packing<P> {
    private final String op;
    private final P like;
    private final Map<String, Tensor> leaves;
    private final boolean byRows;
    /** The given tree's tensors. */
    final Tensor start;

    /** The packing of trees that are like a given one, all of whose tensors begin with an axis of entries if {@code byRows}. */
    Packing(String op, P like, boolean byRows) {
        this.op = op;
        this.like = like;
        this.leaves = Trees.leaves(like);
        this.byRows = byRows;
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException(
                    op + ": the start, a " + like.getClass().getSimpleName() + ", contains no floating tensor");
        }
        Tensor first = leaves.values().iterator().next();
        leaves.forEach((path, leaf) -> {
            if (leaf.dtype() != first.dtype()) {
                throw new DTypeException(op + ": the start's tensor" + position(path) + " is " + leaf.dtype()
                        + ", another is " + first.dtype() + "; convert with to(...)");
            }
            if (byRows && (leaf.shape().rank() == 0 || leaf.shape().dim(0) != entries(first))) {
                throw new ShapeException(op + ": the start's tensor" + position(path) + " is " + leaf.shape()
                        + "; with separate rows all tensors need one entry for each along axis 0"
                        + (first.shape().rank() == 0 ? "" : ", as the first has " + entries(first)));
            }
        });
        start = pack("the start", like);
    }

    private static int entries(Tensor x) {
        return x.shape().rank() == 0 ? -1 : x.shape().dim(0);
    }

    /**
     * The tensors of a tree that a function returned.
     *
     * @param name the tree's name in messages, such as {@code the function's value}
     */
    Tensor pack(String name, @Nullable Object returned) {
        Object tree = Internals.result(op, "the function", returned);
        if (like instanceof Tensor first && tree instanceof Tensor other && fits(first, other)) {
            return other;
        }
        Map<String, Tensor> others = Trees.leaves(tree);
        if (!others.keySet().equals(leaves.keySet())) {
            throw new IllegalArgumentException(op + ": " + name + " has tensors at " + others.keySet()
                    + ", the start at " + leaves.keySet() + "; they must have one structure");
        }
        List<Tensor> parts = new ArrayList<>();
        leaves.forEach((path, leaf) -> {
            Tensor other = Objects.requireNonNull(others.get(path));
            if (!fits(leaf, other)) {
                throw new ShapeException(op + ": " + name + position(path) + " is " + other.dtype() + " "
                        + other.shape() + ", but the start is " + leaf.dtype() + " " + leaf.shape()
                        + " there; they must be equal");
            }
            parts.add(flat(other));
        });
        return parts.size() == 1 ? parts.get(0) : Tensor.concat(-1, parts);
    }

    private static boolean fits(Tensor leaf, Tensor other) {
        return other.shape().equals(leaf.shape()) && other.dtype() == leaf.dtype();
    }

    private Tensor flat(Tensor leaf) {
        return byRows ? leaf.reshape(leaf.shape().dim(0), -1) : leaf.reshape(-1);
    }

    /** The tree of a packed tensor; each of its tensors has the same additional first axes as the packed tensor. */
    P unpack(Tensor packed) {
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

    static String position(String path) {
        return path.isEmpty() ? "" : " at " + path;
    }
}
