package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sizes;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reshapes, reorderings and parts of tensors. Each backward rule moves gradients back, and captures shapes only: a captured tensor would
 * stay in memory until the backward pass.
 */
final class ShapingRules {
    private ShapingRules() {}

    /** An identity operation on x, so that the gradient of the result is separate from the gradients of other uses of x. */
    static Tensor alias(String op, Tensor x) {
        return op(op, x.data(), edge(x, g -> g));
    }

    // ---- other shapes ----

    static Tensor reshape(Tensor x, Shape shape) {
        Shape from = x.shape();
        return from.equals(shape) ? x : op("reshape", x.data().reshape(shape), edge(x, g -> g.reshape(from)));
    }

    static Tensor flatten(Tensor x, int firstAxis, int lastAxis) {
        Shape shape = x.shape();
        int first = shape.axis("flatten", firstAxis);
        int last = shape.axis("flatten", lastAxis);
        if (first > last) {
            throw new ShapeException("flatten: axis " + firstAxis + " of " + shape + " comes after axis " + lastAxis
                    + "; expected the first axis, then the last");
        }
        int[] dims = shape.toArray();
        long joined = 1;
        for (int axis = first; axis <= last; axis++) {
            joined = Math.min(joined * dims[axis], 1L << 31);
        }
        return reshape(x, Sizes.replaced("flatten", shape, first, last - first + 1, joined));
    }

    static Tensor unflatten(Tensor x, int axis, int... dims) {
        Shape shape = x.shape();
        int a = shape.axis("unflatten", axis);
        Shape parts = Shape.of(shape.dim(a)).reshaped("unflatten: axis " + axis + " of " + shape, dims);
        return reshape(x, Sizes.replaced("unflatten", shape, a, 1, Sizes.of(parts)));
    }

    // ---- other orders ----

    static Tensor permute(Tensor x, int... axes) {
        int[] order = axes.clone();
        NdArray value = x.data().permute(order);
        int[] inverse = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            inverse[x.shape().axis("permute", order[k])] = k;
        }
        return op("permute", () -> with("axes", order), value, edge(x, g -> g.permute(inverse)));
    }

    static Tensor transpose(Tensor x, int axis0, int axis1) {
        return op(
                "transpose",
                () -> axis0 == -2 && axis1 == -1 ? Map.of() : with("axis0", axis0, "axis1", axis1),
                x.data().transpose(axis0, axis1),
                edge(x, g -> g.transpose(axis0, axis1)));
    }

    static Tensor moveAxis(Tensor x, int[] from, int[] to) {
        if (from.length != to.length) {
            throw new ShapeException("moveAxis: the axes " + Arrays.toString(from) + " of " + x.shape()
                    + " and their new positions " + Arrays.toString(to) + " must be equally many");
        }
        int rank = x.shape().rank();
        int[] order = new int[rank];
        Arrays.fill(order, -1);
        boolean[] moved = new boolean[rank];
        requireDistinct(x.shape(), from);
        requireDistinct(x.shape(), to);
        for (int k = 0; k < from.length; k++) {
            int source = x.shape().axis("moveAxis", from[k]);
            order[x.shape().axis("moveAxis", to[k])] = source;
            moved[source] = true;
        }
        int next = 0;
        for (int k = 0; k < rank; k++) {
            if (order[k] < 0) {
                while (moved[next]) {
                    next++;
                }
                order[k] = next++;
            }
        }
        return permute(x, order);
    }

    private static void requireDistinct(Shape shape, int... axes) {
        if (axes.length > 0) {
            shape.axes("moveAxis", axes);
        }
    }

    static Tensor flip(Tensor x, int... axes) {
        int[] named = axes.clone();
        return op(
                "flip",
                () -> with("axes", x.shape().axes("flip", named)),
                x.data().flip(named),
                edge(x, g -> g.flip(named)));
    }

    static Tensor rot90(Tensor x, int axis0, int axis1, int k) {
        int a = x.shape().axis("rot90", axis0);
        int b = x.shape().axis("rot90", axis1);
        if (a == b) {
            throw new ShapeException("rot90: axes " + axis0 + " and " + axis1 + " of " + x.shape()
                    + " are the same; expected two different ones, which span the plane of the rotation");
        }
        return switch (Math.floorMod(k, 4)) {
            case 0 -> x;
            case 1 -> x.flip(b).transpose(a, b);
            case 2 -> x.flip(a, b);
            default -> x.transpose(a, b).flip(b);
        };
    }

    // ---- parts ----

    /** Records a view that shows each element at most once. The backward rule writes the gradient to the elements that the view shows. */
    static Tensor view(String name, Attributes attributes, Tensor x, UnaryOperator<NdArray> view) {
        return op(name, attributes, view.apply(x.data()), Edge.view(x, view));
    }

    static Tensor slice(Tensor x, int axis, int from, int to, int step) {
        return view("slice", slicing(axis, from, to, step), x, whole -> whole.slice(axis, from, to, step));
    }

    private static Attributes slicing(int axis, int from, int to, int step) {
        return () -> step == 1
                ? with("axis", axis, "from", from, "to", to)
                : with("axis", axis, "from", from, "to", to, "step", step);
    }

    static Tensor narrow(Tensor x, int axis, int from, int length) {
        int size = x.shape().dim(x.shape().axis("narrow", axis));
        int first = from < 0 ? from + size : from;
        if (first < 0 || length < 0 || (long) first + length > size) {
            throw new ShapeException("narrow: " + length + " entries from " + from + " on do not fit axis " + axis
                    + " of " + x.shape() + ", which has " + size);
        }
        return slice(x, axis, first, first + length, 1);
    }

    static Tensor select(Tensor x, int axis, int index) {
        return view("select", () -> with("axis", axis, "index", index), x, whole -> whole.select(axis, index));
    }

    // ---- repeated views ----

    static Tensor broadcastTo(Tensor x, Shape shape) {
        Shape from = x.shape();
        return from.equals(shape) ? x : op("broadcastTo", x.data().broadcastTo(shape), edge(x, g -> g.sumTo(from)));
    }

    static Tensor sumTo(Tensor x, Shape shape) {
        Shape from = x.shape();
        return from.equals(shape) ? x : op("sumTo", x.data().sumTo(shape), edge(x, g -> g.broadcastTo(from)));
    }
}
