package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.axis;
import static io.adjoint.proof.Places.entriesOf;
import static io.adjoint.proof.Places.fromFront;
import static io.adjoint.proof.Places.joined;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.reshaped;
import static io.adjoint.proof.Places.without;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** The entries of {@link ShapingFamily} for parts of tensors. */
final class PartEntries {
    private PartEntries() {}

    static List<Entry> entries() {
        return List.of(
                entry(
                                "slice",
                                (t, a) -> a[3] == 1 && a[0] >= 0
                                        ? t[0].slice(a[0], a[1], a[2])
                                        : t[0].slice(a[0], a[1], a[2], a[3]))
                        .shapes("(...)")
                        .axes(1, 3)
                        .argumentsOf(shape -> slices(shape))
                        .reference((in, a) ->
                                entriesOf(in[0], fromFront(a[0], in[0].shape().rank()), steps(a[1], a[2], a[3])))
                        .order(2)
                        .covering("slice(int,int,int)", "slice(int,int,int,int)")
                        .rejects("an end too far", x -> x.slice(1, 0, 4), "0 to 4 … axis 1 … [2, 3] … 3")
                        .rejects("a step of 0", x -> x.slice(1, 0, 3, 0), "step is 0 … positive … negative")
                        .rejects("backwards", x -> x.slice(1, 2, 1), "2 to 1 by 1 … axis 1 … [2, 3]")
                        .rejects("an axis too many", x -> x.slice(2, 0, 1), "axis 2 … [2, 3] … -2 to 1"),
                entry("narrow", (t, a) -> t[0].narrow(a[0], a[1], a[2]))
                        .shapes("(...)")
                        .axes(1, 3)
                        .argumentsOf(shape -> axis(shape.rank()).flatMap(axis -> lengths(axis, shape.dim(axis))))
                        .reference((in, a) -> {
                            int axis = fromFront(a[0], in[0].shape().rank());
                            int from = fromFront(a[1], in[0].shape().dim(axis));
                            return entriesOf(in[0], axis, steps(from, from + a[2], 1));
                        })
                        .order(2)
                        .covering("narrow(int,int,int)")
                        .rejects("too many", x -> x.narrow(1, 2, 2), "2 entries from 2 … axis 1 … [2, 3]")
                        .rejects("fewer than none", x -> x.narrow(1, 0, -1), "-1 entries … axis 1 … [2, 3]")
                        .rejects("an overflow", x -> x.narrow(1, 2, Integer.MAX_VALUE), "2147483647 entries … axis 1")
                        .rejects("a start too early", x -> x.narrow(1, -4, 1), "from -4 … axis 1 … [2, 3]")
                        .rejects("an axis too many", x -> x.narrow(2, 0, 1), "axis 2 … [2, 3] … -2 to 1"),
                entry("select", (t, a) -> t[0].select(a[0], a[1]))
                        .shapes("(...,2)")
                        .axes(0, 2)
                        .argumentsOf(shape -> filled(shape)
                                .flatMap(axis -> axis(shape.dim(axis)).map(index -> new int[] {axis, index})))
                        .reference((in, a) -> {
                            Shape shape = in[0].shape();
                            int axis = fromFront(a[0], shape.rank());
                            int entry = fromFront(a[1], shape.dim(axis));
                            return reshaped(entriesOf(in[0], axis, entry), without(shape.toArray(), axis));
                        })
                        .order(2)
                        .covering("select(int,int)")
                        .rejects("an index too large", x -> x.select(1, 3), "index 3 … axis 1 … [2, 3] … 3")
                        .rejects("an index too small", x -> x.select(0, -3), "index -3 … axis 0 … [2, 3]")
                        .rejects("an axis too many", x -> x.select(2, 0), "axis 2 … [2, 3] … -2 to 1"),
                entry("split", PartEntries::split)
                        .shapes("(...)")
                        .axes(1, 3)
                        .dims(1, 4)
                        .argumentsOf(shape -> axis(shape.rank()).flatMap(axis -> sizes(axis, shape.dim(axis))))
                        .reference((in, a) -> {
                            int axis = fromFront(a[0], in[0].shape().rank());
                            int size = in[0].shape().dim(axis);
                            int[] bounds = a[1] == 0 ? bounds(size, a[2]) : new int[] {0, a[2], a[2] + a[3], size};
                            return lastFirst(in[0], axis, bounds);
                        })
                        .order(2)
                        .covering("split(int,int)", "split(int,int[])")
                        .rejects("a size of 0", x -> x.split(1, 0), "size 0 … axis 1 … [2, 3] … at least 1")
                        .rejects(
                                "sizes that are too large",
                                x -> x.split(1, new int[] {2, 2}),
                                "[2, 2] … add up to 4 … axis 1 … [2, 3] … 3 entries")
                        .rejects("a negative size", x -> x.split(1, new int[] {4, -1}), "-1 … [4, -1]")
                        .rejects("an axis too many", x -> x.split(2, 1), "axis 2 … [2, 3] … -2 to 1"),
                entry("chunk", (t, a) -> lastFirst(t[0].chunk(a[0], a[1]), a[0]))
                        .shapes("(...)")
                        .axes(1, 3)
                        .dims(1, 5)
                        .argumentsOf(shape -> ranges(-shape.rank(), shape.rank() - 1, 1, 6))
                        .reference((in, a) -> {
                            int axis = fromFront(a[0], in[0].shape().rank());
                            int size = in[0].shape().dim(axis);
                            return lastFirst(in[0], axis, bounds(size, Math.max(1, (int)
                                    Math.ceil((double) size / a[1]))));
                        })
                        .order(2)
                        .covering("chunk(int,int)")
                        .rejects("no part", x -> x.chunk(1, 0), "0 parts … axis 1 … [2, 3] … at least 1")
                        .rejects("fewer", x -> x.chunk(0, -2), "-2 parts … axis 0 … [2, 3] … at least 1")
                        .rejects("an axis too many", x -> x.chunk(2, 1), "axis 2 … [2, 3] … -2 to 1"),
                entry("unbind", (t, a) -> {
                            List<Tensor> parts = new ArrayList<>(t[0].unbind(a[0]));
                            Collections.reverse(parts);
                            return Tensor.stack(a[0], parts);
                        })
                        .shapes("(...,2)")
                        .axes(0, 2)
                        .argumentsOf(shape -> filled(shape).map(axis -> new int[] {axis}))
                        .reference((in, a) -> {
                            int axis = fromFront(a[0], in[0].shape().rank());
                            int size = in[0].shape().dim(axis);
                            return entriesOf(in[0], axis, steps(size - 1, -1, -1));
                        })
                        .order(2)
                        .covering("unbind(int)")
                        .rejects("an axis too many", x -> x.unbind(2), "axis 2 … [2, 3] … -2 to 1")
                        .rejects("a negative one too many", x -> x.unbind(-3), "axis -3 … -2 to 1")
                        .rejects("an axis of a scalar", x -> x.sum().unbind(0), "axis 0 … no axes"));
    }

    private static Arbitrary<int[]> slices(Shape shape) {
        return axis(shape.rank()).flatMap(axis -> {
            int size = shape.dim(axis);
            return ranges(0, size, 0, size, 1, 3, 0, 1).map(n -> {
                int low = Math.min(n[0], n[1]);
                int high = Math.max(n[0], n[1]);
                return n[3] == 0 ? new int[] {axis, low, high, n[2]} : new int[] {axis, high - 1, low - 1, -n[2]};
            });
        });
    }

    /** The numbers from {@code from} to {@code to}, exclusive, in steps of {@code step}. */
    private static int[] steps(int from, int to, int step) {
        return IntStream.iterate(from, at -> step > 0 ? at < to : at > to, at -> at + step)
                .toArray();
    }

    private static Arbitrary<int[]> lengths(int axis, int size) {
        return ranges(0, Math.max(size - 1, 0), 0, 1)
                .flatMap(n -> Arbitraries.integers().between(0, size - n[0]).map(length ->
                        new int[] {axis, n[0] - (n[1] == 1 ? size : 0), length}));
    }

    /** Draws an axis whose size is not 0. */
    private static Arbitrary<Integer> filled(Shape shape) {
        return Arbitraries.of(IntStream.range(-shape.rank(), shape.rank())
                .filter(axis -> shape.dim(axis) > 0)
                .boxed()
                .toList());
    }

    /**
     * Draws arguments of {@code split}: an axis, 0 and the size of each part; or an axis, 1 and the sizes of the first two of three parts.
     */
    private static Arbitrary<int[]> sizes(int axis, int size) {
        Arbitrary<int[]> equal = ranges(1, size + 1).map(n -> new int[] {axis, 0, n[0]});
        Arbitrary<int[]> given =
                Places.several(2, 0, size).map(n -> new int[] {axis, 1, Math.min(n[0], n[1]), Math.abs(n[0] - n[1])});
        return Arbitraries.oneOf(equal, given);
    }

    private static Tensor split(Tensor[] t, int[] a) {
        int size = t[0].shape().dim(a[0]);
        return lastFirst(
                a[1] == 0 ? t[0].split(a[0], a[2]) : t[0].split(a[0], new int[] {a[2], a[3], size - a[2] - a[3]}),
                a[0]);
    }

    private static Tensor lastFirst(List<Tensor> parts, int axis) {
        List<Tensor> reversed = new ArrayList<>(parts);
        Collections.reverse(reversed);
        return Tensor.concat(axis, reversed);
    }

    private static NdArray lastFirst(NdArray x, int axis, int... bounds) {
        int[] order = new int[0];
        for (int k = bounds.length - 1; k > 0; k--) {
            order = joined(order, steps(bounds[k - 1], bounds[k], 1));
        }
        return entriesOf(x, axis, order);
    }

    private static int[] bounds(int length, int size) {
        return joined(steps(0, length, size), length);
    }
}
