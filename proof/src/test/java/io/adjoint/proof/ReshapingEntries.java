package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.axis;
import static io.adjoint.proof.Places.fromFront;
import static io.adjoint.proof.Places.inserted;
import static io.adjoint.proof.Places.joined;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.reshaped;
import static io.adjoint.proof.Places.rest;
import static io.adjoint.proof.Places.with;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Shapes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** The entries of {@link ShapingFamily} for operations that change only the shape. */
final class ReshapingEntries {
    private ReshapingEntries() {}

    static List<Entry> entries() {
        return List.of(
                entry("reshape", ReshapingEntries::reshape)
                        .shapes("(...)")
                        .argumentsOf(shape -> Combinators.combine(
                                        Arbitraries.integers().between(0, 2), Shapes.reshapes(shape))
                                .as((how, other) -> joined(new int[] {how}, other.toArray())))
                        .reference((in, a) -> reshaped(in[0], rest(1, a)))
                        .order(2)
                        .covering("reshape(int[])", "reshape(Shape)")
                        .rejects("another size", x -> x.reshape(4), "[4] … [2, 3] … 6 elements … 4")
                        .rejects("two sizes of -1", x -> x.reshape(-1, -1), "only one size … [-1, -1]")
                        .rejects("a negative size", x -> x.reshape(-2, -3), "[-2, -3] … negative size … -1")
                        .rejects(
                                "an ambiguous size",
                                x -> x.slice(0, 0, 0).reshape(0, -1),
                                "[0, -1] … ambiguous … [0, 3]")
                        .rejects("a size that does not divide", x -> x.reshape(4, -1), "multiple of 4 … 6")
                        .rejects("a size that would overflow", x -> x.reshape(1 << 30, 1 << 30, -1), "1073741824"),
                entry("flatten", (t, a) -> switch (a.length) {
                            case 0 -> t[0].flatten();
                            case 1 -> t[0].flatten(a[0]);
                            default -> t[0].flatten(a[0], a[1]);
                        })
                        .shapes("(...)")
                        .argumentsOf(shape -> flattened(shape.rank()))
                        .reference(ReshapingEntries::flatten)
                        .order(2)
                        .covering("flatten()", "flatten(int)", "flatten(int,int)")
                        .rejects("an axis too many", x -> x.flatten(2), "axis 2 … [2, 3] … -2 to 1")
                        .rejects("the last axis first", x -> x.flatten(1, 0), "axis 1 … axis 0 … [2, 3]")
                        .rejects("a negative axis too many", x -> x.flatten(0, -3), "axis -3 … -2 to 1")
                        .rejects(
                                "a size that overflows",
                                x -> x.sum().expand(0, 65536, 32768).flatten(1),
                                "[0, 65536, 32768] … 2147483647"),
                entry("unflatten", (t, a) -> t[0].unflatten(a[0], inferredLast(rest(1, a))))
                        .shapes("(...)")
                        .axes(1, 3)
                        .dims(1, 6)
                        .argumentsOf(shape -> axis(shape.rank())
                                .flatMap(axis -> Shapes.reshapes(Shape.of(shape.dim(axis)))
                                        .map(parts -> joined(new int[] {axis}, parts.toArray()))))
                        .reference((in, a) -> {
                            int[] dims = in[0].shape().toArray();
                            int axis = fromFront(a[0], dims.length);
                            return reshaped(
                                    in[0], joined(joined(Arrays.copyOf(dims, axis), rest(1, a)), rest(axis + 1, dims)));
                        })
                        .order(2)
                        .covering("unflatten(int,int[])")
                        .fails(
                                "sizes that do not fit",
                                x -> x.unflatten(1, 2, 2),
                                "unflatten: axis 1 of [2, 3] … [2, 2] … 3 elements, not 4")
                        .rejects("two sizes of -1", x -> x.unflatten(0, -1, -1), "only one size")
                        .rejects("an axis too many", x -> x.unflatten(2, 1), "axis 2 … -2 to 1"),
                entry("squeeze", (t, a) -> t[0].squeeze(a))
                        .shapes("(...)")
                        .dims(1, 2)
                        .argumentsOf(shape -> Arbitraries.of(ones(shape, true))
                                .list()
                                .uniqueElements(axis -> fromFront(axis, shape.rank()))
                                .ofMaxSize(2)
                                .map(axes -> axes.stream()
                                        .filter(axis -> axis < shape.rank())
                                        .mapToInt(axis -> axis)
                                        .toArray()))
                        .reference((in, a) -> {
                            Shape shape = in[0].shape();
                            List<Integer> gone = a.length == 0
                                    ? ones(shape, false)
                                    : Arrays.stream(a)
                                            .mapToObj(axis -> fromFront(axis, shape.rank()))
                                            .toList();
                            return reshaped(
                                    in[0],
                                    IntStream.range(0, shape.rank())
                                            .filter(axis -> !gone.contains(axis))
                                            .map(shape::dim)
                                            .toArray());
                        })
                        .order(2)
                        .covering("squeeze(int[])")
                        .rejects("a longer size", x -> x.squeeze(1), "axis 1 … [2, 3] … size 3 … size of 1")
                        .rejects("an axis too many", x -> x.squeeze(5), "axis 5 … [2, 3] … -2 to 1")
                        .rejects("an axis named twice", x -> x.unsqueeze(0).squeeze(0, 0), "axis 0 … twice"),
                entry("unsqueeze", (t, a) -> t[0].unsqueeze(a[0]))
                        .shapes("(...)")
                        .argumentsOf(shape -> ranges(-shape.rank() - 1, shape.rank()))
                        .reference((in, a) -> reshaped(
                                in[0],
                                inserted(
                                        in[0].shape().toArray(),
                                        fromFront(a[0], in[0].shape().rank() + 1),
                                        1)))
                        .order(2)
                        .covering("unsqueeze(int)")
                        .rejects("an axis too many", x -> x.unsqueeze(3), "axis 3 … [2, 3] … -3 to 2")
                        .rejects("a negative one too many", x -> x.unsqueeze(-4), "axis -4 … -3 to 2")
                        .rejects("a scalar's second", x -> x.sum().unsqueeze(1), "axis 1 … [] … -1 to 0"));
    }

    private static Tensor reshape(Tensor[] t, int[] a) {
        int[] dims = rest(1, a);
        return switch (a[0]) {
            case 0 -> t[0].reshape(dims);
            case 1 -> t[0].reshape(Shape.of(dims));
            default -> t[0].reshape(inferredLast(dims));
        };
    }

    /** Replaces the last size by −1 if the other sizes determine it. */
    private static int[] inferredLast(int... dims) {
        boolean empty = Arrays.stream(dims).anyMatch(size -> size == 0);
        return dims.length == 0 || empty ? dims : with(dims, dims.length - 1, -1);
    }

    private static Arbitrary<int[]> flattened(int rank) {
        return rank == 0
                ? Arbitraries.just(new int[0])
                : ranges(0, 2, 0, rank - 1, 0, rank - 1, 0, 1).map(n -> {
                    int first = Math.min(n[1], n[2]);
                    int last = Math.max(n[1], n[2]) - n[3] * rank;
                    return Arrays.copyOf(new int[] {first, last}, n[0]);
                });
    }

    private static NdArray flatten(NdArray[] in, int[] a) {
        int[] dims = in[0].shape().toArray();
        int first = a.length == 0 ? 0 : a[0];
        int last = a.length < 2 ? dims.length - 1 : fromFront(a[1], dims.length);
        int product =
                Arrays.stream(dims, Math.min(first, dims.length), last + 1).reduce(1, (m, n) -> m * n);
        return reshaped(in[0], joined(joined(Arrays.copyOf(dims, first), product), rest(last + 1, dims)));
    }

    /**
     * The axes of size 1. With {@code fromBothEnds} each of them is listed twice, counted from the front and from the back; an empty list
     * is replaced by the number of an axis that doesn't exist.
     */
    private static List<Integer> ones(Shape shape, boolean fromBothEnds) {
        int rank = shape.rank();
        List<Integer> axes = IntStream.range(fromBothEnds ? -rank : 0, rank)
                .filter(axis -> shape.dim(axis) == 1)
                .boxed()
                .toList();
        return axes.isEmpty() && fromBothEnds ? List.of(rank) : axes;
    }
}
