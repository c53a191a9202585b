package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Shapes and layouts that shrink, numbers from domains that keep away from kinks and poles. */
final class Samples extends DomainContextBase {
    /** How the elements of an array lie in memory. */
    enum Layout {
        DENSE,
        TRANSPOSED,
        STEPPED,
        FLIPPED
    }

    /** Two shapes that broadcast with one another. */
    record Pair(Shape a, Shape b) {}

    /** What an operation is tried with. */
    record Setting(Shape shape, Pair pair, Layout layoutA, Layout layoutB, Random random) {}

    /** Numbers that an operation is smooth at. */
    @FunctionalInterface
    interface Numbers {
        double[] draw(int n, Random random);

        static double[] real(int n, Random random) {
            return random.doubles(n, -2, 2).toArray();
        }

        static double[] positive(int n, Random random) {
            return random.doubles(n, 0.4, 2.4).toArray();
        }

        static double[] nonZero(int n, Random random) {
            return random.doubles(n, 0.4, 2.4)
                    .map(v -> random.nextBoolean() ? v : -v)
                    .toArray();
        }

        static double[] whole(int n, Random random) {
            return random.ints(n, -2, 3).asDoubleStream().toArray();
        }

        static double[] halves(int n, Random random) {
            return Arrays.stream(whole(n, random)).map(v -> v + 0.5).toArray();
        }

        /** No two of them closer than 0.3. */
        static double[] distinct(int n, Random random) {
            List<Integer> order = IntStream.range(0, n).boxed().collect(java.util.stream.Collectors.toList());
            Collections.shuffle(order, random);
            return order.stream().mapToDouble(k -> 0.3 * (k - n / 2)).toArray();
        }
    }

    @Provide
    Arbitrary<Setting> settings() {
        Arbitrary<Layout> layout = Arbitraries.of(Layout.class);
        return Combinators.combine(shapes(), pairs(), layout, layout, Arbitraries.randoms())
                .as(Setting::new)
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Shape> shapes() {
        return sides().list().ofMaxSize(3).map(Samples::shape);
    }

    @Provide
    Arbitrary<Pair> pairs() {
        Arbitrary<List<Integer>> axis = Combinators.combine(
                        sides(), Arbitraries.integers().between(0, 4))
                .as((side, who) -> List.of(who == 3 ? 1 : side, who == 4 ? 1 : side));
        Arbitrary<Integer> dropped = Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 3));
        return Combinators.combine(axis.list().ofMaxSize(3), dropped, dropped)
                .as((axes, dropA, dropB) -> new Pair(
                        shape(axes.stream()
                                .skip(dropA)
                                .map(sides -> sides.get(0))
                                .toList()),
                        shape(axes.stream()
                                .skip(dropB)
                                .map(sides -> sides.get(1))
                                .toList())));
    }

    /** 1 to 3, rarely 0: one empty axis makes the whole array empty. */
    private static Arbitrary<Integer> sides() {
        return Arbitraries.frequencyOf(
                Tuple.of(30, Arbitraries.integers().between(1, 3)), Tuple.of(1, Arbitraries.just(0)));
    }

    private static Shape shape(List<Integer> sides) {
        return Shape.of(sides.stream().mapToInt(Integer::intValue).toArray());
    }

    static NdArray array(Shape shape, Numbers numbers, Layout layout, Random random) {
        return laid(NdArray.wrap(shape, numbers.draw(shape.size(), random)), layout);
    }

    static NdArray normal(Shape shape, Random random) {
        return NdArray.wrap(
                shape,
                random.doubles(shape.size()).map(v -> random.nextGaussian()).toArray());
    }

    /** The same array, the elements lying otherwise in memory. */
    static NdArray laid(NdArray x, Layout layout) {
        int last = x.shape().rank() - 1;
        return switch (layout) {
            case DENSE -> x;
            case FLIPPED -> x.flip().copy().flip();
            case TRANSPOSED -> {
                int[] reversed =
                        IntStream.rangeClosed(0, last).map(k -> last - k).toArray();
                yield x.permute(reversed).copy().permute(reversed);
            }
            case STEPPED -> {
                if (last < 0) {
                    yield x;
                }
                int[] sides = x.shape().toArray();
                int end = 2 * sides[last] + 1;
                sides[last] = end;
                yield x.unslice(Shape.of(sides), last, 1, end, 2).slice(last, 1, end, 2);
            }
        };
    }

    static Tensor[] leaves(List<NdArray> inputs) {
        return inputs.stream().map(x -> Tensor.of(x).requiresGrad(true)).toArray(Tensor[]::new);
    }

    /** The gradient of a leaf, zeros if none arrived. */
    static NdArray gradient(Tensor leaf) {
        Tensor gradient = leaf.grad();
        return gradient == null ? NdArray.zeros(leaf.dtype(), leaf.shape()) : gradient.data();
    }

    static double[] numbers(Tensor tensor) {
        return Objects.requireNonNull(tensor).data().toDoubleArray();
    }

    /** Whether each element is within the tolerance, relative where it is greater than 1. */
    static boolean close(NdArray actual, NdArray expected, double tolerance) {
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        boolean close = actual.shape().equals(expected.shape());
        for (int e = 0; close && e < a.length; e++) {
            close = Math.abs(a[e] - b[e]) <= tolerance * Math.max(1, Math.abs(b[e]));
        }
        return close;
    }

    static NdArray rounded(NdArray x) {
        return x.to(DType.FLOAT32).to(DType.FLOAT64);
    }
}
