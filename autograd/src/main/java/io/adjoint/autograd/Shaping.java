package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.List;

/**
 * Other shapes and orders of the same elements, parts of them and joins. Each rule is the opposite movement, and captures shapes
 * alone: a tensor in it would be kept in memory until the backward pass.
 */
final class Shaping {
    private Shaping() {}

    static Tensor reshape(Tensor x, Shape shape) {
        Shape from = x.shape();
        return from.equals(shape) ? x : op("reshape", x.data().reshape(shape), edge(x, g -> g.reshape(from)));
    }

    static Tensor permute(Tensor x, int... axes) {
        NdArray value = x.data().permute(axes);
        int[] inverse = inverse(x.shape(), axes);
        return op("permute", value, edge(x, g -> g.permute(inverse)));
    }

    private static int[] inverse(Shape shape, int... axes) {
        int[] inverse = new int[axes.length];
        for (int k = 0; k < axes.length; k++) {
            inverse[shape.axis("permute", axes[k])] = k;
        }
        return inverse;
    }

    static Tensor transpose(Tensor x, int axis0, int axis1) {
        return op("transpose", x.data().transpose(axis0, axis1), edge(x, g -> g.transpose(axis0, axis1)));
    }

    static Tensor slice(Tensor x, int axis, int from, int to, int step) {
        Shape whole = x.shape();
        return op("slice", x.data().slice(axis, from, to, step), edge(x, g -> unslice(g, whole, axis, from, to, step)));
    }

    private static Tensor unslice(Tensor x, Shape target, int axis, int from, int to, int step) {
        return op(
                "unslice", x.data().unslice(target, axis, from, to, step), edge(x, g -> g.slice(axis, from, to, step)));
    }

    static Tensor concat(int axis, List<Tensor> parts) {
        NdArray value = NdArray.concat(axis, parts.stream().map(Tensor::data).toList());
        Edge[] edges = new Edge[parts.size()];
        int at = 0;
        for (int k = 0; k < edges.length; k++) {
            int from = at;
            int to = at + parts.get(k).shape().dim(axis);
            edges[k] = edge(parts.get(k), g -> g.slice(axis, from, to));
            at = to;
        }
        return op("concat", value, edges);
    }

    static Tensor flip(Tensor x, int... axes) {
        return op("flip", x.data().flip(axes), edge(x, g -> g.flip(axes)));
    }

    static Tensor broadcastTo(Tensor x, Shape shape) {
        Shape from = x.shape();
        return from.equals(shape) ? x : op("broadcastTo", x.data().broadcastTo(shape), edge(x, g -> g.sumTo(from)));
    }

    static Tensor sumTo(Tensor x, Shape shape) {
        Shape from = x.shape();
        return from.equals(shape) ? x : op("sumTo", x.data().sumTo(shape), edge(x, g -> g.broadcastTo(from)));
    }

    static Tensor squeeze(Tensor x, int... axes) {
        return reshape(x, x.data().squeeze(axes).shape());
    }

    static Tensor unsqueeze(Tensor x, int axis) {
        return reshape(x, x.data().unsqueeze(axis).shape());
    }

    static Tensor stack(int axis, List<Tensor> parts) {
        for (int k = 1; k < parts.size(); k++) {
            if (!parts.get(k).shape().equals(parts.get(0).shape())) {
                throw new ShapeException(
                        "stack: part " + k + " has shape " + parts.get(k).shape() + ", but part 0 has "
                                + parts.get(0).shape() + "; stacked tensors must have equal shapes");
            }
        }
        return concat(axis, parts.stream().map(part -> part.unsqueeze(axis)).toList());
    }
}
