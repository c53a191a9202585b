package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.axis;
import static io.adjoint.proof.Places.concatenated;
import static io.adjoint.proof.Places.fromFront;
import static io.adjoint.proof.Places.inserted;
import static io.adjoint.proof.Places.joined;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.reshaped;
import static io.adjoint.proof.Places.without;

import io.adjoint.autograd.GridOrder;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** The entries of {@link ShapingFamily} for concatenation and stacking. */
final class JoiningEntries {
    private static final String EQUAL = "(a?,b?,c?),(a?,b?,c?),(a?,b?,c?)";

    private JoiningEntries() {}

    static List<Entry> entries() {
        return List.of(
                entry("concat", (t, a) -> a[0] == 0 ? Tensor.concat(a[1], t) : Tensor.concat(a[1], Arrays.asList(t)))
                        .shapes("(a?,n,b?),(a?,m,b?),(a?,k,b?)")
                        .arguments(shapes -> joinable(shapes).flatMap(axis -> ranges(0, 1, axis, axis)))
                        .reference((in, a) ->
                                concatenated(fromFront(a[1], in[0].shape().rank()), in))
                        .order(2)
                        .covering("concat(int,Tensor[])", "concat(int,List)")
                        .rejects(
                                "other sizes that differ",
                                x -> Tensor.concat(0, x, x.transpose()),
                                "part 1 … [3, 2] … [2, 3] … all axes but 0")
                        .rejects("nothing", x -> Tensor.concat(0), "at least one")
                        .rejects("an axis too many", x -> Tensor.concat(2, x, x), "axis 2 … [2, 3] … -2 to 1")
                        .rejects("scalars", x -> Tensor.concat(0, x.sum(), x.sum()), "scalars … stack")
                        .rejects(
                                "two dtypes", x -> Tensor.concat(0, x, x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to("),
                entry("stack", (t, a) -> a[0] == 0 ? Tensor.stack(a[1], t) : Tensor.stack(a[1], Arrays.asList(t)))
                        .shapes(EQUAL)
                        .argumentsOf(shape -> ranges(0, 1, -shape.rank() - 1, shape.rank()))
                        .reference((in, a) -> {
                            int axis = fromFront(a[1], in[0].shape().rank() + 1);
                            int[] dims = in[0].shape().toArray();
                            return Reference.build(
                                    Shape.of(inserted(dims, axis, in.length)),
                                    index -> in[index[axis]].get(without(index, axis)));
                        })
                        .order(2)
                        .covering("stack(int,Tensor[])", "stack(int,List)")
                        .rejects(
                                "shapes that differ",
                                x -> Tensor.stack(0, x, x.slice(1, 0, 2)),
                                "part 1 … [2, 2] … [2, 3] … equal shapes")
                        .rejects("nothing", x -> Tensor.stack(0), "at least one")
                        .rejects("an axis too many", x -> Tensor.stack(3, x, x), "axis 3 … [2, 3] … -3 to 2")
                        .rejects("two dtypes", x -> Tensor.stack(0, x, x.to(DType.INT32)), "FLOAT64 … INT32 … to("),
                entry("hstack", t -> Tensor.hstack(t[0], Tensor.hstack(t[1], t[2])))
                        .shapes(EQUAL)
                        .reference((in, a) -> concatenated(
                                Math.min(1, Math.max(0, in[0].shape().rank() - 1)), rows(1, in)))
                        .order(2)
                        .covering("hstack(Tensor[])")
                        .rejects("nothing", x -> Tensor.hstack(), "at least one")
                        .rejects(
                                "numbers of rows that differ",
                                x -> Tensor.hstack(x, x.transpose()),
                                "part 1 … [3, 2] … [2, 3] … all axes but 1")
                        .rejects("two dtypes", x -> Tensor.hstack(x, x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32"),
                entry("vstack", t -> Tensor.vstack(t[0], Tensor.vstack(t[1], t[2])))
                        .shapes(EQUAL)
                        .reference((in, a) -> concatenated(0, rows(2, in)))
                        .order(2)
                        .covering("vstack(Tensor[])")
                        .rejects("nothing", x -> Tensor.vstack(), "at least one")
                        .rejects(
                                "rows that differ in length",
                                x -> Tensor.vstack(x, x.select(1, 0)),
                                "part 1 … [1, 2] … [2, 3] … all axes but 0")
                        .rejects("two dtypes", x -> Tensor.vstack(x, x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32"),
                entry(
                                "meshgrid",
                                (t, a) -> Tensor.stack(
                                        0,
                                        switch (a[0]) {
                                            case 0 -> Tensor.meshgrid(t);
                                            case 1 -> Tensor.meshgrid(GridOrder.IJ, t);
                                            default -> Tensor.meshgrid(GridOrder.XY, t);
                                        }))
                        .shapes("(n?),(m?),(k?)")
                        // Sizes are at most 3, since the grid of three vectors has as many elements as the product of
                        // their sizes.
                        .dims(1, 3)
                        .arguments(shapes -> ranges(0, 2))
                        .reference((in, a) -> grids(a[0] == 2, in))
                        .order(2)
                        .covering("meshgrid(Tensor[])", "meshgrid(GridOrder,Tensor[])")
                        .rejects("nothing", x -> Tensor.stack(0, Tensor.meshgrid()), "at least one")
                        .rejects(
                                "a matrix",
                                x -> Tensor.stack(0, Tensor.meshgrid(x.flatten(), x)),
                                "tensor 1 … [2, 3] … vectors")
                        .rejects(
                                "a grid too large",
                                x -> {
                                    Tensor line = x.sum().expand(1 << 16);
                                    return Tensor.stack(0, Tensor.meshgrid(line, line));
                                },
                                "[65536, 65536] … 2147483647"));
    }

    /** Draws an axis along which tensors can be joined: without this axis all shapes are the same. */
    private static Arbitrary<Integer> joinable(List<Shape> shapes) {
        int rank = shapes.get(0).rank();
        return Arbitraries.of(IntStream.range(-rank, rank)
                .filter(axis -> shapes.stream()
                                .map(shape -> Shape.of(without(shape.toArray(), fromFront(axis, rank))))
                                .distinct()
                                .count()
                        == 1)
                .boxed()
                .toList());
    }

    /** The arrays with axes of size 1 in front, so that each has at least {@code rank} axes. */
    private static NdArray[] rows(int rank, NdArray... arrays) {
        return Arrays.stream(arrays)
                .map(array -> {
                    int[] dims = array.shape().toArray();
                    int[] front = new int[Math.max(0, rank - dims.length)];
                    Arrays.fill(front, 1);
                    return reshaped(array, joined(front, dims));
                })
                .toArray(NdArray[]::new);
    }

    private static NdArray grids(boolean swapped, NdArray... in) {
        int[] order = swapped ? new int[] {1, 0, 2} : new int[] {0, 1, 2};
        NdArray[] vectors = rows(1, in);
        int[] dims = Arrays.stream(order).map(k -> vectors[k].size()).toArray();
        return Reference.build(
                Shape.of(joined(new int[] {3}, dims)), index -> vectors[index[0]].get(index[1 + order[index[0]]]));
    }
}
