package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static io.adjoint.autograd.LibraryOps.plain;

import io.adjoint.core.AxisIndex;
import io.adjoint.core.Comparison;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.InPlace;
import io.adjoint.core.IndexPlan;
import io.adjoint.core.Indices;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sizes;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Reading elements at indices, and writing elements at indices; where an index repeats, gradients are summed. */
final class IndexingRules {
    private IndexingRules() {}

    // ---- the index language ----

    static Tensor get(String op, Tensor x, AxisIndex... indices) {
        IndexPlan plan = new IndexPlan(op, x.shape(), indices);
        Tensor view = plan.looksAtAll()
                ? x
                : ShapingRules.view("get", () -> with("indices", Arrays.toString(indices)), x, plan::view);
        IndexPlan.Pick pick = plan.pick(view.shape());
        if (pick == null) {
            return view;
        }
        Tensor front = pick.order().length == 0 ? view : view.permute(pick.order());
        return indexSelect("indexSelect", front, pick.merged(), pick.axis(), Tensor.of(pick.positions()))
                .reshape(pick.result());
    }

    private static NdArray flat(NdArray x) {
        return x.reshape(Shape.of(x.size()));
    }

    static Tensor indexPut(Tensor x, Tensor values, AxisIndex... indices) {
        if (values.dtype() != x.dtype()) {
            throw new DTypeException("indexPut: cannot put " + values.dtype() + " values into " + x.dtype()
                    + "; convert them with to(" + x.dtype() + ")");
        }
        NdArray all = NdArray.arange(DType.INT32, x.shape().size());
        Tensor positions = get("indexPut", Tensor.of(all.reshape(x.shape())), indices);
        if (!values.shape().broadcastsTo(positions.shape())) {
            throw new ShapeException(
                    "indexPut: the values " + values.shape() + " do not broadcast to " + positions.shape()
                            + ", the shape of what " + Arrays.toString(indices) + " picks from " + x.shape());
        }
        Tensor source = values.broadcastTo(positions.shape()).flatten();
        return scatter("indexPut", x.flatten(), 0, positions.flatten(), source).reshape(x.shape());
    }

    // ---- one axis ----

    static Tensor gather(Tensor x, int axis, Tensor index) {
        Shape from = x.shape();
        return op(
                "gather",
                () -> with("axis", axis),
                x.data().gather(axis, index.data()),
                Edge.adding(
                        x,
                        g -> scatterAdd(g, from, axis, index),
                        (g, sum) -> InPlace.scatterAdd(sum, axis, index.data(), g)),
                Edge.read(index));
    }

    private static Tensor scatterAdd(Tensor x, Shape target, int axis, Tensor index) {
        return op("scatterAdd", x.data().scatterAdd(target, axis, index.data()), edge(x, g -> g.gather(axis, index)));
    }

    static Tensor scatterAdd(Tensor x, int axis, Tensor index, Tensor source) {
        Tensor addends = cut(source, index.shape());
        return op(
                "scatterAdd",
                () -> with("axis", axis),
                x.data().scatterAdd(axis, index.data(), addends.data()),
                edge(x, g -> g),
                edge(addends, g -> g.gather(axis, index)),
                Edge.read(index));
    }

    static Tensor scatter(Tensor x, int axis, Tensor index, Tensor source) {
        return scatter("scatter", x, axis, index, cut(source, index.shape()));
    }

    private static Tensor scatter(String name, Tensor x, int axis, Tensor index, Tensor values) {
        Shape whole = x.shape();
        return op(
                name,
                () -> with("axis", axis),
                x.data().scatter(axis, index.data(), values.data()),
                edge(x, g -> {
                    NdArray kept =
                            lasting(whole, axis, index.data()).compare(Comparison.LT, NdArray.scalar(DType.INT32, 0));
                    return Tensor.where(Tensor.of(kept), g, 0);
                }),
                edge(values, g -> {
                    Tensor wins = Tensor.of(winners(whole, axis, index.data()));
                    return Tensor.where(wins, g.gather(axis, index), 0);
                }),
                Edge.read(index));
    }

    /**
     * A mask over the entries of an index into an array of the given shape: true for each entry that is the last entry to point to its
     * element.
     */
    static NdArray winners(Shape whole, int axis, NdArray index) {
        return lasting(whole, axis, index).gather(axis, index).compare(Comparison.EQ, numbered(index.shape()));
    }

    /**
     * For each element, the row-major number of the last entry of the index that points to the element; −1 if no entry points to the
     * element.
     */
    private static NdArray lasting(Shape shape, int axis, NdArray index) {
        return NdArray.full(DType.INT32, shape, -1).scatter(axis, index, numbered(index.shape()));
    }

    private static NdArray numbered(Shape shape) {
        return NdArray.arange(DType.INT32, shape.size()).reshape(shape);
    }

    /** The leading part of the source that has the shape of the index; the source itself if it is shorter than the index along any axis. */
    private static Tensor cut(Tensor source, Shape index) {
        Tensor leading = source;
        boolean longer = source.shape().rank() == index.rank();
        for (int axis = 0; longer && axis < index.rank(); axis++) {
            longer = source.shape().dim(axis) >= index.dim(axis);
        }
        for (int axis = 0; longer && axis < index.rank(); axis++) {
            boolean all = leading.shape().dim(axis) == index.dim(axis);
            leading = all ? leading : leading.slice(axis, 0, index.dim(axis));
        }
        return leading;
    }

    static Tensor indexSelect(Tensor x, int axis, Tensor index) {
        return indexSelect("indexSelect", x, x.shape(), axis, index);
    }

    /** Reshapes x to the shape {@code as} and selects entries along an axis, as one operation with the given name. */
    private static Tensor indexSelect(String name, Tensor x, Shape as, int axis, Tensor index) {
        Shape from = x.shape();
        return op(
                name,
                () -> as.equals(from) ? with("axis", axis) : with("axis", axis, "shape", as),
                x.data().reshape(as).indexSelect(axis, index.data()),
                Edge.adding(
                        x,
                        g -> indexAdd(g, as, axis, index).reshape(from),
                        (g, sum) -> InPlace.indexAdd(sum.reshape(as), axis, index.data(), g)),
                Edge.read(index));
    }

    private static Tensor indexAdd(Tensor x, Shape target, int axis, Tensor index) {
        return op("indexAdd", x.data().indexAdd(target, axis, index.data()), edge(x, g -> g.indexSelect(axis, index)));
    }

    static Tensor indexAdd(Tensor x, int axis, Tensor index, Tensor source) {
        return op(
                "indexAdd",
                () -> with("axis", axis),
                x.data().indexAdd(axis, index.data(), source.data()),
                edge(x, g -> g),
                edge(source, g -> g.indexSelect(axis, index)),
                Edge.read(index));
    }

    // ---- all elements, rows ----

    static Tensor maskedSelect(Tensor x, Tensor mask) {
        mask.dtype().requireMask("maskedSelect");
        Shape common = Shape.broadcast("maskedSelect", x.shape(), mask.shape());
        NdArray positions = Indices.positions(mask.data().broadcastTo(common));
        return indexSelect(
                "maskedSelect",
                x.broadcastTo(common),
                Shape.of(common.size()),
                0,
                plain("positions", Attributes.NONE, positions, mask));
    }

    static Tensor take(Tensor x, Tensor index) {
        Shape elements = Shape.of(x.shape().size());
        Indices.check("take", index.data(), 0, elements);
        return indexSelect("take", x, elements, 0, index.flatten()).reshape(index.shape());
    }

    static Tensor embedding(Tensor table, Tensor indices) {
        checkRows(table, indices);
        return rows(table, indices, -1);
    }

    static Tensor embedding(Tensor table, Tensor indices, int padding) {
        checkRows(table, indices);
        Shape whole = table.shape();
        if (padding < 0 || padding >= whole.dim(0)) {
            throw new ShapeException("embedding: the padding index " + padding + " is out of range for the "
                    + whole.dim(0) + " rows of " + whole);
        }
        return rows(table, indices, padding);
    }

    /** Looks up rows; the row {@code padding}, if there is one, gets no gradient. */
    private static Tensor rows(Tensor table, Tensor indices, int padding) {
        Shape whole = table.shape();
        int[] at = indices.data().toIntArray();
        NdArray index = NdArray.of(Shape.of(at.length), at);
        Shape list = Sizes.replaced("embedding", whole, 0, 1, at.length);
        int[] used = IntStream.range(0, at.length).filter(k -> at[k] != padding).toArray();
        // Null if the gradients of all rows are added to the table.
        Tensor positions = used.length == at.length ? null : Tensor.of(used);
        NdArray target = positions == null ? index : index.indexSelect(0, positions.data());
        return op(
                "embedding",
                () -> padding < 0 ? with() : with("padding", padding),
                table.data()
                        .indexSelect(0, index)
                        .reshape(Sizes.replaced("embedding", whole, 0, 1, Sizes.of(indices.shape()))),
                Edge.adding(
                        table,
                        g -> {
                            Tensor rows = g.reshape(list);
                            Tensor real = positions == null ? rows : rows.indexSelect(0, positions);
                            return indexAdd(real, whole, 0, Tensor.of(target));
                        },
                        (g, sum) -> {
                            NdArray rows = g.reshape(list);
                            NdArray real = positions == null ? rows : rows.indexSelect(0, positions.data());
                            InPlace.indexAdd(sum, 0, target, real);
                        }),
                Edge.read(indices));
    }

    private static void checkRows(Tensor table, Tensor indices) {
        if (table.shape().rank() == 0) {
            throw new ShapeException("embedding: the table [] has no rows; expected a shape such as [rows, columns]");
        }
        Indices.check("embedding", indices.data(), 0, table.shape());
    }

    // ---- without gradient ----

    static Tensor binCount(Tensor x, int classes) {
        if (classes < 0) {
            throw new ShapeException("binCount: " + classes + " classes are negative; expected how many there are");
        }
        Shape bins = Shape.of("binCount", classes);
        Indices.check("binCount", x.data(), 0, bins);
        NdArray ones = NdArray.full(DType.FLOAT64, Shape.of(x.shape().size()), 1);
        return plain(
                "binCount",
                () -> with("classes", classes),
                ones.indexAdd(bins, 0, flat(x.data())).to(DType.INT32),
                x);
    }

    static Tensor nonZero(Tensor x) {
        return plain("nonZero", Attributes.NONE, Indices.split(Indices.positions(x.data()), x.shape()), x);
    }
}
