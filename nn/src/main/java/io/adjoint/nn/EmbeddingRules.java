package io.adjoint.nn;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The operation that looks up rows of a table, with its backward rule. */
final class EmbeddingRules {
    private EmbeddingRules() {}

    /** The rows {@code [..., features]} of a table at indices {@code [...]}; the row {@code padding}, if there is one, gets no gradient. */
    static Tensor rows(String name, Tensor index, Tensor table, int padding) {
        requireTable(name, table);
        Shape shape = table.shape();
        index.dtype().requireIndex(name);
        int[] at = index.data().toIntArray();
        requireRange(name, index.shape(), shape.dim(0), at);
        NdArray flat = NdArray.of(Shape.of(at.length), at);
        int[] dims = Arrays.copyOf(index.shape().toArray(), index.shape().rank() + 1);
        dims[dims.length - 1] = shape.dim(1);
        NdArray value = table.data().indexSelect(0, flat).reshape(Shape.of(name, dims));
        Shape matrix = Shape.of(at.length, shape.dim(1));
        int[] used = IntStream.range(0, at.length).filter(k -> at[k] != padding).toArray();
        boolean isWhole = used.length == at.length;
        NdArray positions = NdArray.of(Shape.of(used.length), used);
        NdArray kept = isWhole ? flat : flat.indexSelect(0, positions);
        UnaryOperator<Tensor> rows =
                g -> isWhole ? g.reshape(matrix) : g.reshape(matrix).indexSelect(0, Tensor.of(positions));
        return op(
                name,
                value,
                Edge.adding(
                        table,
                        g -> added(rows.apply(g), kept, shape),
                        (g, sum) -> InPlace.indexAdd(
                                sum, 0, kept, rows.apply(Tensor.of(g)).data())),
                LibraryOps.read(index));
    }

    static void requireTable(String name, Tensor table) {
        if (table.shape().rank() != 2) {
            throw new ShapeException(name + ": expected weights [count, features], got " + table.shape());
        }
        table.dtype().requireFloating(name);
    }

    /**
     * The gradient of a table from the gradients of looked-up rows: each of them is added to the row at its index, in a table of zeros.
     * This gradient can itself be differentiated.
     */
    private static Tensor added(Tensor rows, NdArray index, Shape shape) {
        NdArray table = NdArray.zeros(rows.dtype(), shape);
        InPlace.indexAdd(table, 0, index, rows.data());
        return op("embeddingGradient", table, edge(rows, h -> h.indexSelect(0, Tensor.of(index))));
    }

    private static void requireRange(String name, Shape shape, int count, int... at) {
        for (int k = 0; k < at.length; k++) {
            if (at[k] < 0 || at[k] >= count) {
                throw new ShapeException(name + ": index " + at[k] + " at position "
                        + Arrays.toString(shape.unravelIndex(k))
                        + " is out of range for a table of " + count + " rows; expected 0 to " + (count - 1));
            }
        }
    }
}
