package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.axis;
import static io.adjoint.proof.Places.element;
import static io.adjoint.proof.Places.entriesOf;
import static io.adjoint.proof.Places.fromFront;
import static io.adjoint.proof.Places.joined;
import static io.adjoint.proof.Places.ordinal;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.reshaped;
import static io.adjoint.proof.Places.rest;
import static io.adjoint.proof.Places.several;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Shapes;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** The entries of {@link ShapingFamily} for copies of tensors and of their elements. */
final class CopyingEntries {
    private CopyingEntries() {}

    static List<Entry> entries() {
        return List.of(
                entry("broadcastTo", (t, a) -> t[0].broadcastTo(Shape.of(a)))
                        .shapes("(...)")
                        .argumentsOf(shape -> targets(shape))
                        .reference((in, a) -> Reference.build(Shape.of(a), index -> Reference.broadcast(in[0], index)))
                        .order(2)
                        .covering("broadcastTo(Shape)")
                        .rejects("another size", x -> x.broadcastTo(Shape.of(4, 3)), "[2, 3] … [4, 3] … equal or 1")
                        .rejects(
                                "fewer axes",
                                x -> x.broadcastTo(Shape.of(3)),
                                "[2, 3] … [3] … aligned at the last axis")
                        .rejects("a size that would be removed", x -> x.broadcastTo(Shape.of(2, 1)), "[2, 3] … [2, 1]"),
                entry("expand", (t, a) -> t[0].expand(a))
                        .shapes("(...)")
                        .argumentsOf(shape -> kept(shape))
                        .reference((in, a) -> {
                            Shape shape = in[0].shape();
                            int added = a.length - shape.rank();
                            int[] dims = IntStream.range(0, a.length)
                                    .map(k -> a[k] == -1 ? shape.dim(k - added) : a[k])
                                    .toArray();
                            return Reference.build(Shape.of(dims), index -> Reference.broadcast(in[0], index));
                        })
                        .order(2)
                        .covering("expand(int[])")
                        .rejects("another size", x -> x.expand(4, 3), "axis 0 … [2, 3] … size 2 … 4")
                        .rejects("an unknown new size", x -> x.expand(-1, 2, 3), "-1 … axis 0")
                        .rejects("fewer axes", x -> x.expand(3), "[3] … fewer sizes … [2, 3] … -1")
                        .rejects(
                                "too many elements",
                                x -> x.expand(1 << 30, 2, 3),
                                "[2, 3] … [1073741824, 2, 3] … 2147483647"),
                entry("sumTo", (t, a) -> t[0].sumTo(Shape.of(a)))
                        .shapes("(...)")
                        .argumentsOf(shape -> Shapes.broadcastableTo(shape).map(Shape::toArray))
                        .reference((in, a) -> summed(in[0], Shape.of(a)))
                        .order(2)
                        .covering("sumTo(Shape)")
                        .rejects("another size", x -> x.sumTo(Shape.of(2)), "[2, 3] … [2]")
                        .rejects("more axes", x -> x.sumTo(Shape.of(1, 2, 3)), "[2, 3] … [1, 2, 3]")
                        .fails("INT32", x -> x.to(DType.INT32).sumTo(Shape.of(3)), "INT32 … to(FLOAT64)"),
                entry("tile", (t, a) -> t[0].tile(a))
                        .shapes("(...)")
                        .axes(0, 2)
                        .argumentsOf(shape -> Arbitraries.integers()
                                .between(0, shape.rank() + 1)
                                .flatMap(count -> several(count, 0, 3)))
                        .reference((in, a) -> tiled(in[0], a))
                        .order(2)
                        .covering("tile(int[])")
                        .rejects("fewer than none", x -> x.tile(2, -1), "-1 … [2, -1] … 0 or more")
                        .rejects(
                                "a size too long",
                                x -> x.tile(1, Integer.MAX_VALUE),
                                "[2, 3] … [2, 6442450941] … 2147483647")
                        .rejects(
                                "too many elements",
                                x -> x.tile(1 << 16, 1, 1 << 16),
                                "[65536, 2, 196608] … 2147483647"),
                entry("repeat", (t, a) -> t[0].repeat(a))
                        .shapes("(...)")
                        .axes(0, 2)
                        .argumentsOf(shape -> Arbitraries.integers()
                                .between(shape.rank(), shape.rank() + 1)
                                .flatMap(count -> several(count, 0, 3)))
                        .reference((in, a) -> tiled(in[0], a))
                        .order(2)
                        .covering("repeat(int[])")
                        .rejects("too few numbers", x -> x.repeat(2), "[2] … [2, 3] … tile")
                        .rejects("fewer than none", x -> x.repeat(2, -1), "-1 … [2, -1] … 0 or more")
                        .rejects(
                                "too many elements",
                                x -> x.repeat(1 << 16, 1, 1 << 16),
                                "[65536, 2, 196608] … 2147483647"),
                entry("repeatInterleave", CopyingEntries::repeatInterleave)
                        .shapes("(...)")
                        .argumentsOf(shape -> counts(shape))
                        .reference((in, a) -> repeated(in[0], a))
                        .order(2)
                        .covering(
                                "repeatInterleave(int)",
                                "repeatInterleave(int,int)",
                                "repeatInterleave(int,int[])",
                                "repeatInterleave(int,Tensor)")
                        .rejects(
                                "too few counts",
                                x -> x.repeatInterleave(1, new int[] {1, 2}),
                                "2 counts … axis 1 … [2, 3] … 3 entries")
                        .rejects("a negative count", x -> x.repeatInterleave(0, new int[] {1, -2}), "-2 … [1, -2]")
                        .rejects("fewer than none", x -> x.repeatInterleave(0, -1), "-1")
                        .rejects("an axis too many", x -> x.repeatInterleave(2, 2), "axis 2 … [2, 3] … -2 to 1")
                        .rejects(
                                "counts that are not integers",
                                x -> x.repeatInterleave(0, Tensor.of(1.0, 2.0)),
                                "FLOAT64 … to(INT32)")
                        .rejects("a matrix of counts", x -> x.repeatInterleave(0, x.to(DType.INT32)), "[2, 3] … vector")
                        .rejects(
                                "too many elements",
                                x -> x.repeatInterleave(0, 1 << 30),
                                "[2147483648, 3] … 2147483647"));
    }

    /** Draws shapes to which the given shape broadcasts. */
    private static Arbitrary<int[]> targets(Shape shape) {
        int[] dims = shape.toArray();
        return Combinators.combine(
                        several(2, 0, 2).map(n -> n[0] == 0 ? new int[0] : new int[] {n[1]}),
                        several(dims.length, 0, 3))
                .as((front, repeats) -> joined(
                        front,
                        IntStream.range(0, dims.length)
                                .map(k -> dims[k] == 1 ? repeats[k] : dims[k])
                                .toArray()));
    }

    /** Draws shapes to which the given shape broadcasts, with −1 for some unchanged sizes. */
    private static Arbitrary<int[]> kept(Shape shape) {
        return Combinators.combine(targets(shape), several(shape.rank(), 0, 1)).as((target, keeps) -> {
            int added = target.length - keeps.length;
            return IntStream.range(0, target.length)
                    .map(k -> k >= added && keeps[k - added] == 1 ? -1 : target[k])
                    .toArray();
        });
    }

    private static NdArray summed(NdArray x, Shape target) {
        double[] sums = new double[target.size()];
        int lead = x.shape().rank() - target.rank();
        Reference.build(x.shape(), index -> {
            int[] own = IntStream.range(0, target.rank())
                    .map(axis -> target.dim(axis) == 1 ? 0 : index[lead + axis])
                    .toArray();
            sums[ordinal(target, own)] += x.get(index);
            return 0;
        });
        return NdArray.of(target, sums);
    }

    private static NdArray tiled(NdArray x, int... copies) {
        int rank = Math.max(x.shape().rank(), copies.length);
        int[] dims = joined(
                IntStream.generate(() -> 1).limit(rank - x.shape().rank()).toArray(),
                x.shape().toArray());
        int[] often =
                joined(IntStream.generate(() -> 1).limit(rank - copies.length).toArray(), copies);
        Shape own = Shape.of(dims);
        int[] target = IntStream.range(0, rank).map(k -> dims[k] * often[k]).toArray();
        return Reference.build(
                Shape.of(target),
                index -> element(
                        x,
                        ordinal(
                                own,
                                IntStream.range(0, rank)
                                        .map(k -> index[k] % dims[k])
                                        .toArray())));
    }

    /** Draws arguments of {@link #repeatInterleave}: the number of its overload, the axis, if the overload has one, and the counts. */
    private static Arbitrary<int[]> counts(Shape shape) {
        Arbitrary<int[]> ofElements = ranges(0, 0, 0, 3);
        return shape.rank() == 0
                ? ofElements
                : Arbitraries.oneOf(
                        ofElements,
                        ranges(1, 1, -shape.rank(), shape.rank() - 1, 0, 3),
                        Combinators.combine(Arbitraries.of(2, 3), axis(shape.rank()))
                                .flatAs((how, axis) -> several(shape.dim(axis), 0, 3)
                                        .map(counts -> joined(new int[] {how, axis}, counts))));
    }

    private static Tensor repeatInterleave(Tensor[] t, int[] a) {
        return switch (a[0]) {
            case 0 -> t[0].repeatInterleave(a[1]);
            case 1 -> t[0].repeatInterleave(a[1], a[2]);
            case 2 -> t[0].repeatInterleave(a[1], rest(2, a));
            default -> t[0].repeatInterleave(a[1], Tensor.of(rest(2, a)));
        };
    }

    private static NdArray repeated(NdArray x, int... a) {
        NdArray of = a[0] == 0 ? reshaped(x, x.size()) : x;
        int axis = a[0] == 0 ? 0 : fromFront(a[1], x.shape().rank());
        int[] entries = IntStream.range(0, of.shape().dim(axis))
                .flatMap(entry ->
                        IntStream.generate(() -> entry).limit(a[0] == 0 ? a[1] : a[0] == 1 ? a[2] : a[2 + entry]))
                .toArray();
        return entriesOf(of, axis, entries);
    }
}
