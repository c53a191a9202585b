package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.axis;
import static io.adjoint.proof.Places.element;
import static io.adjoint.proof.Places.fromFront;
import static io.adjoint.proof.Places.joined;
import static io.adjoint.proof.Places.ordinal;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.rest;
import static io.adjoint.proof.Places.with;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** The entries of {@link ShapingFamily} for operations that reorder elements. */
final class OrderingEntries {
    private OrderingEntries() {}

    static List<Entry> entries() {
        return List.of(
                entry("transpose", (t, a) -> a.length == 0 ? t[0].transpose() : t[0].transpose(a[0], a[1]))
                        .shapes("(...)")
                        .argumentsOf(shape -> shape.rank() == 0
                                ? ranges()
                                : ranges(0, 1)
                                        .flatMap(
                                                named -> Places.several(2 * named[0], -shape.rank(), shape.rank() - 1)))
                        .reference((in, a) -> swapped(in[0], a.length == 0 ? new int[] {-2, -1} : a))
                        .order(2)
                        .covering("transpose()", "transpose(int,int)")
                        .rejects("an axis too many", x -> x.transpose(0, 2), "axis 2 … [2, 3] … -2 to 1")
                        .rejects("a negative one too many", x -> x.transpose(-3, 0), "axis -3 … -2 to 1")
                        .rejects("axes of a scalar", x -> x.sum().transpose(0, 1), "axis 0 … no axes"),
                entry("swapAxes", (t, a) -> t[0].swapAxes(a[0], a[1]))
                        .shapes("(...)")
                        .axes(1, 3)
                        .argumentsOf(shape -> Places.several(2, -shape.rank(), shape.rank() - 1))
                        .reference((in, a) -> swapped(in[0], a))
                        .order(2)
                        .covering("swapAxes(int,int)")
                        .rejects("an axis too many", x -> x.swapAxes(0, 2), "axis 2 … [2, 3] … -2 to 1")
                        .rejects("a negative one too many", x -> x.swapAxes(-3, 0), "axis -3 … -2 to 1")
                        .rejects("axes of a scalar", x -> x.sum().swapAxes(0, 1), "axis 0 … no axes"),
                entry("permute", (t, a) -> t[0].permute(a))
                        .shapes("(...)")
                        .argumentsOf(shape -> Axes.permutations(shape)
                                .map(order -> order.length == 0 ? order : with(order, 0, order[0] - order.length)))
                        .reference((in, a) -> permuted(in[0], a))
                        .order(2)
                        .covering("permute(int[])")
                        .rejects("an axis too few", x -> x.permute(0), "[0] … each of the 2 axes … [2, 3]")
                        .rejects("an axis twice", x -> x.permute(1, -1), "axis -1 … twice … [1, -1]")
                        .rejects("an axis too many", x -> x.permute(0, 2), "axis 2 … [2, 3] … -2 to 1"),
                entry("moveAxis", OrderingEntries::moveAxis)
                        .shapes("(...)")
                        .axes(1, 3)
                        .argumentsOf(shape -> moves(shape))
                        .reference((in, a) -> moved(in[0], a))
                        .order(2)
                        .covering("moveAxis(int,int)", "moveAxis(int[],int[])")
                        .rejects("an axis too many", x -> x.moveAxis(0, 2), "axis 2 … [2, 3] … -2 to 1")
                        .rejects(
                                "an axis twice",
                                x -> x.moveAxis(new int[] {0, 0}, new int[] {0, 1}),
                                "axis 0 … twice … [0, 0]")
                        .rejects(
                                "a position twice",
                                x -> x.moveAxis(new int[] {0, 1}, new int[] {1, -1}),
                                "axis -1 … twice … [1, -1]")
                        .rejects(
                                "too few positions",
                                x -> x.moveAxis(new int[] {0, 1}, new int[] {1}),
                                "[0, 1] … [1] … equally many"),
                entry("flip", (t, a) -> t[0].flip(a[0] == 0 ? new int[0] : rest(1, a)))
                        .shapes("(...)")
                        .argumentsOf(shape -> Combinators.combine(
                                        Arbitraries.integers().between(0, 3), Axes.some(shape))
                                .as((how, axes) -> joined(new int[] {how}, axes)))
                        .reference((in, a) -> flipped(in[0], a))
                        .order(2)
                        .covering("flip(int[])")
                        .rejects("an axis too many", x -> x.flip(2), "axis 2 … [2, 3] … -2 to 1")
                        .rejects("an axis twice", x -> x.flip(0, -2), "axis -2 … twice … [0, -2]")
                        .rejects("an axis of a scalar", x -> x.sum().flip(0), "axis 0 … no axes"),
                entry("rot90", (t, a) -> a.length == 1 ? t[0].rot90(a[0]) : t[0].rot90(a[1], a[2], a[0]))
                        .shapes("(...)")
                        .axes(2, 3)
                        .argumentsOf(shape -> Combinators.combine(
                                        Arbitraries.integers().between(-5, 5),
                                        Axes.permutations(shape),
                                        Arbitraries.of(0, 2))
                                .as((k, order, named) -> joined(new int[] {k}, Arrays.copyOf(order, named))))
                        .reference((in, a) -> rotated(in[0], a))
                        .order(2)
                        .covering("rot90(int)", "rot90(int,int,int)")
                        .rejects("one axis", x -> x.rot90(1, -1, 1), "axes 1 and -1 … [2, 3] … different")
                        .rejects("an axis too many", x -> x.rot90(0, 2, 1), "axis 2 … [2, 3] … -2 to 1")
                        .rejects("a vector", x -> x.flatten().rot90(1), "axis 1 … [6] … -1 to 0"),
                entry("roll", OrderingEntries::roll)
                        .shapes("(...)")
                        .argumentsOf(shape -> rolls(shape.rank()))
                        .reference((in, a) -> rolled(in[0], a))
                        .order(2)
                        .covering("roll(int)", "roll(int,int)", "roll(int[],int[])")
                        .rejects("an axis too many", x -> x.roll(2, 1), "axis 2 … [2, 3] … -2 to 1")
                        .rejects(
                                "too few axes",
                                x -> x.roll(new int[] {0}, new int[] {1, 2}),
                                "[1, 2] … [0] … equally many")
                        .rejects("an axis of a scalar", x -> x.sum().roll(0, 1), "axis 0 … no axes"));
    }

    private static NdArray swapped(NdArray x, int... axes) {
        int rank = x.shape().rank();
        int[] order = IntStream.range(0, rank).toArray();
        if (rank > 1) {
            int a = fromFront(axes[0], rank);
            int b = fromFront(axes[1], rank);
            order = with(with(order, a, b), b, a);
        }
        return permuted(x, order);
    }

    private static NdArray permuted(NdArray x, int... order) {
        int rank = order.length;
        int[] dims = Arrays.stream(order).map(x.shape()::dim).toArray();
        return Reference.build(Shape.of(dims), index -> {
            int[] source = new int[rank];
            for (int k = 0; k < rank; k++) {
                source[fromFront(order[k], rank)] = index[k];
            }
            return x.get(source);
        });
    }

    /** Draws arguments of {@code moveAxis}: some axes, followed by their new positions. */
    private static Arbitrary<int[]> moves(Shape shape) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, shape.rank()),
                        Axes.permutations(shape),
                        Axes.permutations(shape))
                .as((count, from, to) -> joined(Arrays.copyOf(from, count), Arrays.copyOf(to, count)));
    }

    private static Tensor moveAxis(Tensor[] t, int[] a) {
        int count = a.length / 2;
        return count == 1
                ? t[0].moveAxis(a[0], a[1] - t[0].shape().rank())
                : t[0].moveAxis(Arrays.copyOf(a, count), rest(count, a));
    }

    private static NdArray moved(NdArray x, int... a) {
        int count = a.length / 2;
        List<Integer> order =
                IntStream.range(0, x.shape().rank()).boxed().collect(Collectors.toCollection(ArrayList::new));
        TreeMap<Integer, Integer> positions = new TreeMap<>();
        for (int k = 0; k < count; k++) {
            order.remove((Integer) a[k]);
            positions.put(a[count + k], a[k]);
        }
        positions.forEach(order::add);
        return permuted(x, order.stream().mapToInt(axis -> axis).toArray());
    }

    private static NdArray flipped(NdArray x, int... a) {
        int rank = x.shape().rank();
        int[] named = a[0] == 0 ? IntStream.range(0, rank).toArray() : rest(1, a);
        return Reference.build(x.shape(), index -> {
            int[] source = index;
            for (int axis : named) {
                int at = fromFront(axis, rank);
                source = with(source, at, x.shape().dim(at) - 1 - index[at]);
            }
            return x.get(source);
        });
    }

    private static NdArray rotated(NdArray x, int... a) {
        int first = a.length == 1 ? 0 : a[1];
        int second = a.length == 1 ? 1 : a[2];
        NdArray turned = x;
        for (int times = Math.floorMod(a[0], 4); times > 0; times--) {
            NdArray before = turned;
            int[] dims = before.shape().toArray();
            int[] swapped = with(with(dims, first, dims[second]), second, dims[first]);
            turned = Reference.build(
                    Shape.of(swapped),
                    index -> before.get(
                            with(with(index, first, index[second]), second, dims[second] - 1 - index[first])));
        }
        return turned;
    }

    /** Draws arguments of {@code roll}: the number of axes, followed by a shift and an axis for each; if there are none, by one shift. */
    private static Arbitrary<int[]> rolls(int rank) {
        return (rank == 0 ? Arbitraries.just(0) : Arbitraries.integers().between(0, 2))
                .flatMap(count -> count == 0
                        ? ranges(0, 0, -7, 7)
                        : ranges(joined(
                                new int[] {count, count},
                                IntStream.range(0, count)
                                        .flatMap(k -> IntStream.of(-7, 7, -rank, rank - 1))
                                        .toArray())));
    }

    private static Tensor roll(Tensor[] t, int[] a) {
        return switch (a[0]) {
            case 0 -> t[0].roll(a[1]);
            case 1 -> t[0].roll(a[2], a[1]);
            default -> t[0].roll(new int[] {a[2], a[4]}, new int[] {a[1], a[3]});
        };
    }

    private static NdArray rolled(NdArray x, int... a) {
        Shape shape = x.shape();
        return Reference.build(shape, index -> {
            if (a[0] == 0) {
                return element(x, Math.floorMod(ordinal(shape, index) - a[1], shape.size()));
            }
            int[] source = index;
            for (int k = 0; k < a[0]; k++) {
                int axis = fromFront(a[2 * k + 2], shape.rank());
                source = with(source, axis, Math.floorMod(source[axis] - a[2 * k + 1], shape.dim(axis)));
            }
            return x.get(source);
        });
    }
}
