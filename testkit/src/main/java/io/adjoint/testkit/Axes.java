package io.adjoint.testkit;

import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;

/** Arbitraries of axes, orders of axes and indices that a shape has. They shrink toward few, small and not negative numbers. */
public final class Axes {
    private Axes() {}

    /**
     * One axis, counted from the front or, negative, from the back.
     *
     * @throws IllegalArgumentException if the shape has none
     */
    public static Arbitrary<Integer> one(Shape shape) {
        requireAxes(shape);
        return Tree.arbitrary(random -> numbers(
                        new int[] {random.nextInt(2 * shape.rank()) - shape.rank()},
                        axes -> areAxes(shape, axes),
                        false)
                .map(axes -> axes[0]));
    }

    /** Some axes in any order, none twice; at least one if the shape has any. */
    public static Arbitrary<int[]> some(Shape shape) {
        int rank = shape.rank();
        return Tree.arbitrary(random -> {
            int count = rank == 0 ? 0 : 1 + random.nextInt(rank);
            int[] axes = Arrays.stream(shuffled(rank, random))
                    .limit(count)
                    .map(axis -> random.nextInt(4) == 0 ? axis - rank : axis)
                    .toArray();
            return numbers(axes, less -> areAxes(shape, less) && (less.length > 0 || rank == 0), true);
        });
    }

    /** All axes in any order. */
    public static Arbitrary<int[]> permutations(Shape shape) {
        return Tree.arbitrary(random -> permutation(shuffled(shape.rank(), random)));
    }

    /**
     * The index of one element: a number for each axis, negative ones counted from the back.
     *
     * @throws IllegalArgumentException if the shape has no elements
     */
    public static Arbitrary<int[]> index(Shape shape) {
        if (shape.size() == 0) {
            throw new IllegalArgumentException("index: " + shape + " has no elements");
        }
        return Tree.arbitrary(random -> {
            int[] index = Arrays.stream(shape.toArray())
                    .map(size -> random.nextInt(size) - (random.nextInt(4) == 0 ? size : 0))
                    .toArray();
            return numbers(index, less -> isIndex(shape, less), false);
        });
    }

    /**
     * Axis, from, to and step of a slice with at least one element.
     *
     * @throws IllegalArgumentException if the shape has no axes or no elements
     */
    public static Arbitrary<int[]> slice(Shape shape) {
        requireAxes(shape);
        if (shape.size() == 0) {
            throw new IllegalArgumentException("slice: " + shape + " has no elements");
        }
        return Tree.arbitrary(random -> {
            int axis = random.nextInt(shape.rank());
            int from = random.nextInt(shape.dim(axis));
            int to = from + 1 + random.nextInt(shape.dim(axis) - from);
            return numbers(new int[] {axis, from, to, 1 + random.nextInt(2)}, less -> isSlice(shape, less), false);
        });
    }

    private static boolean isSlice(Shape shape, int[] slice) {
        return slice[0] >= 0
                && slice[0] < shape.rank()
                && slice[1] >= 0
                && slice[1] < slice[2]
                && slice[2] <= shape.dim(slice[0])
                && slice[3] > 0;
    }

    private static boolean areAxes(Shape shape, int[] axes) {
        int rank = shape.rank();
        return Arrays.stream(axes).allMatch(axis -> axis >= -rank && axis < rank)
                && Arrays.stream(axes)
                                .map(axis -> axis < 0 ? axis + rank : axis)
                                .distinct()
                                .count()
                        == axes.length;
    }

    private static boolean isIndex(Shape shape, int[] index) {
        return IntStream.range(0, index.length)
                .allMatch(axis -> index[axis] >= -shape.dim(axis) && index[axis] < shape.dim(axis));
    }

    private static void requireAxes(Shape shape) {
        if (shape.rank() == 0) {
            throw new IllegalArgumentException("axes: the shape [] has no axes");
        }
    }

    private static int[] shuffled(int count, Random random) {
        int[] numbers = IntStream.range(0, count).toArray();
        for (int k = count - 1; k > 0; k--) {
            int other = random.nextInt(k + 1);
            int swapped = numbers[k];
            numbers[k] = numbers[other];
            numbers[other] = swapped;
        }
        return numbers;
    }

    /** Numbers that shrink to valid numbers: each number may become smaller and, if {@code fewer} is true, numbers may be left out. */
    private static Tree<int[]> numbers(int[] numbers, Predicate<int[]> valid, boolean fewer) {
        long sum = IntStream.of(numbers)
                .mapToLong(n -> n < 0 ? 1 - 2L * n : 2L * n)
                .sum();
        return new Tree<>(
                numbers::clone,
                new long[] {numbers.length, sum},
                () -> Stream.concat(
                                fewer
                                        ? IntStream.range(0, numbers.length).mapToObj(k -> without(numbers, k))
                                        : Stream.empty(),
                                IntStream.range(0, numbers.length)
                                        .boxed()
                                        .flatMap(k -> Stream.of(0, 1, numbers[k] / 2, numbers[k] - 1, -numbers[k])
                                                .map(less -> with(numbers, k, less))))
                        .filter(valid)
                        .map(less -> numbers(less, valid, fewer)));
    }

    /** A permutation that shrinks to the ascending order, swap by swap. */
    private static Tree<int[]> permutation(int[] order) {
        long inversions = 0;
        for (int a = 0; a < order.length; a++) {
            for (int b = a + 1; b < order.length; b++) {
                inversions += order[a] > order[b] ? 1 : 0;
            }
        }
        return new Tree<>(
                order::clone,
                new long[] {inversions},
                () -> Stream.concat(
                        Stream.of(permutation(IntStream.range(0, order.length).toArray())),
                        IntStream.range(1, order.length)
                                .filter(k -> order[k - 1] > order[k])
                                .mapToObj(k -> permutation(with(with(order, k, order[k - 1]), k - 1, order[k])))));
    }

    private static int[] with(int[] numbers, int index, int value) {
        int[] copy = numbers.clone();
        copy[index] = value;
        return copy;
    }

    private static int[] without(int[] numbers, int index) {
        return IntStream.range(0, numbers.length)
                .filter(k -> k != index)
                .map(k -> numbers[k])
                .toArray();
    }
}
