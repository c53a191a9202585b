package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operations that join and split tensors. */
final class JoiningRules {
    private JoiningRules() {}

    /** {@link Tensor#concat} for use by another operation, whose name is in error messages; the recorded operation is named concat. */
    static Tensor concat(String name, int axis, List<Tensor> parts) {
        NdArray value =
                NdArray.concat(name, axis, parts.stream().map(Tensor::data).toList());
        Edge[] edges = new Edge[parts.size()];
        int at = 0;
        for (int k = 0; k < edges.length; k++) {
            int from = at;
            int to = at + parts.get(k).shape().dim(axis);
            edges[k] = edge(parts.get(k), g -> g.slice(axis, from, to));
            at = to;
        }
        return op("concat", () -> with("axis", axis), value, edges);
    }

    static Tensor stack(int axis, List<Tensor> parts) {
        NdArray value = NdArray.stack(axis, parts.stream().map(Tensor::data).toList());
        Edge[] edges = new Edge[parts.size()];
        Arrays.setAll(edges, k -> edge(parts.get(k), g -> g.select(axis, k)));
        return op("stack", () -> with("axis", axis), value, edges);
    }

    static Tensor hstack(List<Tensor> parts) {
        List<Tensor> rows = parts.stream()
                .map(part -> part.shape().rank() == 0 ? part.reshape(1) : part)
                .toList();
        return concat("hstack", requireSome("hstack", rows).shape().rank() == 1 ? 0 : 1, rows);
    }

    static Tensor vstack(List<Tensor> parts) {
        requireSome("vstack", parts);
        return concat(
                "vstack",
                0,
                parts.stream()
                        .map(part -> part.shape().rank() < 2
                                ? part.reshape(1, part.shape().size())
                                : part)
                        .toList());
    }

    @CanIgnoreReturnValue
    private static Tensor requireSome(String name, List<Tensor> parts) {
        if (parts.isEmpty()) {
            throw new ShapeException(name + ": expected at least one tensor, got none");
        }
        return parts.get(0);
    }

    static List<Tensor> split(Tensor x, int axis, int size) {
        int length = x.shape().dim(x.shape().axis("split", axis));
        if (size < 1) {
            throw new IllegalArgumentException(
                    "split: parts of size " + size + " of axis " + axis + " of " + x.shape() + "; expected at least 1");
        }
        return parts(x, size, length, axis);
    }

    static List<Tensor> chunk(Tensor x, int axis, int count) {
        int size = x.shape().dim(x.shape().axis("chunk", axis));
        if (count < 1) {
            throw new IllegalArgumentException(
                    "chunk: " + count + " parts of axis " + axis + " of " + x.shape() + "; expected at least 1");
        }
        return parts(x, Math.max(1, (int) (((long) size + count - 1) / count)), size, axis);
    }

    /**
     * Splits an axis of the given length into parts of the given size, of which the last may be smaller; a single part of size 0 if the
     * axis is empty.
     */
    private static List<Tensor> parts(Tensor x, int size, int length, int axis) {
        List<Tensor> parts = new ArrayList<>();
        int at = 0;
        do {
            int to = Math.min(length - at, size) + at;
            parts.add(x.slice(axis, at, to));
            at = to;
        } while (at < length);
        return parts;
    }

    static List<Tensor> split(Tensor x, int axis, int[] sizes) {
        int length = x.shape().dim(x.shape().axis("split", axis));
        long total = 0;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException(
                        "split: the size " + size + " in " + Arrays.toString(sizes) + " is negative");
            }
            total += size;
        }
        if (total != length) {
            throw new ShapeException("split: the sizes " + Arrays.toString(sizes) + " add up to " + total
                    + ", but axis " + axis + " of " + x.shape() + " has " + length + " entries");
        }
        List<Tensor> parts = new ArrayList<>();
        int at = 0;
        for (int size : sizes) {
            parts.add(x.slice(axis, at, at + size));
            at += size;
        }
        return parts;
    }

    static List<Tensor> unbind(Tensor x, int axis) {
        int a = x.shape().axis("unbind", axis);
        return IntStream.range(0, x.shape().dim(a))
                .mapToObj(k -> x.select(a, k))
                .toList();
    }

    static List<Tensor> meshgrid(GridOrder order, List<Tensor> vectors) {
        requireSome("meshgrid", vectors);
        int count = vectors.size();
        long[] dims = new long[count];
        for (int k = 0; k < count; k++) {
            Shape shape = vectors.get(k).shape();
            if (shape.rank() > 1) {
                throw new ShapeException("meshgrid: tensor " + k + " has shape " + shape
                        + "; expected vectors of coordinates, or scalars: flatten() it first");
            }
            dims[order.axis(k, count)] = shape.size();
        }
        Shape grid = Shape.of("meshgrid", vectors.get(0).shape(), dims);
        return IntStream.range(0, count)
                .mapToObj(k -> {
                    int[] along = new int[count];
                    Arrays.fill(along, 1);
                    along[order.axis(k, count)] = vectors.get(k).shape().size();
                    return vectors.get(k).reshape(Shape.of(along)).broadcastTo(grid);
                })
                .toList();
    }
}
