package io.adjoint.testkit;

import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;

/** Arbitraries of shapes. They shrink toward the scalar's: fewer elements, fewer axes, sizes of 1. */
public final class Shapes {
    private Shapes() {}

    /**
     * Shapes that belong together.
     *
     * @param inputs one for each input
     * @param result the shape of the operation's result, if the signature says it
     */
    public record Fitting(List<Shape> inputs, Optional<Shape> result) {
        /** Copies the list. */
        public Fitting {
            inputs = List.copyOf(inputs);
        }
    }

    /** Any shape of up to 3 axes with sizes of 1 to 3. */
    public static Arbitrary<Shape> any() {
        return any(0, 3, 1, 3);
    }

    /** Any shape with numbers of axes and sizes in the given ranges. */
    public static Arbitrary<Shape> any(int minRank, int maxRank, int minDim, int maxDim) {
        Limits limits = Limits.DEFAULT.dims(minDim, maxDim).ranks(minRank, maxRank);
        return Tree.arbitrary(random -> tree(ShapePlan.draw(Signature.elementwise(1), limits, random))
                .map(all -> all.inputs().get(0)));
    }

    /** Shapes that broadcast with each other, and the shape that they broadcast to. */
    public static Arbitrary<Fitting> mutuallyBroadcastable(int count) {
        return fitting(Signature.elementwise(count), Limits.DEFAULT);
    }

    /**
     * Shapes that fit a signature, with sizes of 1 to 3: {@code "(...,n?,k),(...,k,m?)->(...,n?,m?)"} are the shapes of a matrix product.
     * Axes of one name are equally long; a number is a size itself; {@code ?} lets an axis out now and then, in all shapes;
     * {@code ...} are up to 3 axes in front that broadcast.
     *
     * @throws IllegalArgumentException if this is not a signature
     */
    public static Arbitrary<Fitting> fitting(String signature) {
        return fitting(Signature.parse(signature), Limits.DEFAULT);
    }

    /** Shapes as by {@link #fitting(String)}, with other sizes, and at most {@code maxRank} axes for {@code ...}. */
    public static Arbitrary<Fitting> fitting(String signature, int minDim, int maxDim, int maxRank) {
        return fitting(
                Signature.parse(signature), Limits.DEFAULT.dims(minDim, maxDim).ranks(0, maxRank));
    }

    private static Arbitrary<Fitting> fitting(Signature signature, Limits limits) {
        return Tree.arbitrary(random -> tree(ShapePlan.draw(signature, limits, random)));
    }

    private static Tree<Fitting> tree(ShapePlan plan) {
        return new Tree<>(
                () -> new Fitting(plan.shapes(), plan.result()),
                ShapeTree.distance(plan.shapes()),
                () -> plan.smaller().map(smaller -> tree((ShapePlan) smaller)));
    }

    /** Shapes that broadcast to the given one. */
    public static Arbitrary<Shape> broadcastableTo(Shape target) {
        return Tree.arbitrary(random -> {
            int rank = random.nextInt(target.rank() + 1);
            int[] dims = lastSizes(target, rank);
            return shape(Arrays.stream(dims)
                    .map(size -> random.nextInt(3) == 0 ? 1 : size)
                    .toArray());
        });
    }

    private static int[] lastSizes(Shape shape, int rank) {
        return Arrays.copyOfRange(shape.toArray(), shape.rank() - rank, shape.rank());
    }

    private static Tree<Shape> shape(int[] dims) {
        return new Tree<>(
                () -> Shape.of(dims),
                ShapeTree.distance(List.of(Shape.of(dims))),
                () -> Stream.concat(
                        IntStream.range(0, dims.length)
                                .mapToObj(rank -> shape(Arrays.copyOfRange(dims, dims.length - rank, dims.length))),
                        IntStream.range(0, dims.length).mapToObj(axis -> shape(with(dims, axis, 1)))));
    }

    private static int[] with(int[] dims, int axis, int size) {
        int[] copy = dims.clone();
        copy[axis] = size;
        return copy;
    }

    /** Shapes of up to 4 axes of as many elements as the given one. */
    public static Arbitrary<Shape> reshapes(Shape shape) {
        return Tree.arbitrary(random -> reshaped(regrouped(shape, random)));
    }

    private static int[] regrouped(Shape shape, Random random) {
        int rest = shape.size();
        if (rest == 0) {
            int[] dims = IntStream.generate(() -> random.nextInt(3))
                    .limit(1L + random.nextInt(3))
                    .toArray();
            dims[random.nextInt(dims.length)] = 0;
            return dims;
        }
        List<Integer> dims = new ArrayList<>();
        while (dims.size() < 3 && (rest > 1 || random.nextInt(3) == 0)) {
            int size = 1 + random.nextInt(rest);
            if (rest % size == 0) {
                dims.add(size);
                rest /= size;
            }
        }
        if (rest > 1) {
            dims.add(rest);
        }
        return dims.stream().mapToInt(size -> size).toArray();
    }

    /** Joins neighbouring axes, and drops axes of size 1. */
    private static Tree<Shape> reshaped(int[] dims) {
        return new Tree<>(
                () -> Shape.of(dims),
                new long[] {dims.length, IntStream.of(dims).sum()},
                () -> IntStream.range(0, dims.length).boxed().flatMap(axis -> {
                    int[] fewer = new int[dims.length - 1];
                    int into = Math.max(0, axis - 1);
                    for (int k = 0; k < fewer.length; k++) {
                        fewer[k] = dims[k < axis ? k : k + 1];
                    }
                    if (fewer.length > 0) {
                        fewer[into] *= dims[axis];
                    }
                    return fewer.length > 0 || dims[axis] == 1 ? Stream.of(reshaped(fewer)) : Stream.empty();
                }));
    }
}
