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

/** Arbitraries of shapes. They shrink toward the scalar's: fewer elements, fewer axes, sides of 1. */
public final class Shapes {
    private Shapes() {}

    /**
     * Shapes that belong together.
     *
     * @param inputs one for each input
     * @param result what an operation makes of them, if the signature says it
     */
    public record Fitting(List<Shape> inputs, Optional<Shape> result) {
        /** Copies the list. */
        public Fitting {
            inputs = List.copyOf(inputs);
        }
    }

    /** Any shape of up to 3 axes with sides of 1 to 3. */
    public static Arbitrary<Shape> any() {
        return any(0, 3, 1, 3);
    }

    /** Any shape of that many axes with such sides. */
    public static Arbitrary<Shape> any(int minRank, int maxRank, int minSide, int maxSide) {
        Limits limits = Limits.DEFAULT.sides(minSide, maxSide).ranks(minRank, maxRank);
        return Tree.arbitrary(random -> tree(ShapePlan.draw(Signature.elementwise(1), limits, random))
                .map(all -> all.inputs().get(0)));
    }

    /** Shapes that broadcast with each other, and what they broadcast to. */
    public static Arbitrary<Fitting> mutuallyBroadcastable(int count) {
        return fitting(Signature.elementwise(count), Limits.DEFAULT);
    }

    /**
     * Shapes that fit a signature, with sides of 1 to 3: {@code "(...,n?,k),(...,k,m?)->(...,n?,m?)"} are those of a matrix product.
     * Axes of one name are equally long; a number is a side itself; {@code ?} lets an axis out now and then, in all shapes;
     * {@code ...} are up to 3 axes in front that broadcast.
     *
     * @throws IllegalArgumentException if this is no signature
     */
    public static Arbitrary<Fitting> fitting(String signature) {
        return fitting(Signature.parse(signature), Limits.DEFAULT);
    }

    /** As {@link #fitting(String)}, with other sides, and at most so many axes for {@code ...}. */
    public static Arbitrary<Fitting> fitting(String signature, int minSide, int maxSide, int maxRank) {
        return fitting(
                Signature.parse(signature),
                Limits.DEFAULT.sides(minSide, maxSide).ranks(0, maxRank));
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
            int[] sides = lastSides(target, rank);
            return shape(Arrays.stream(sides)
                    .map(side -> random.nextInt(3) == 0 ? 1 : side)
                    .toArray());
        });
    }

    private static int[] lastSides(Shape shape, int rank) {
        return Arrays.copyOfRange(shape.toArray(), shape.rank() - rank, shape.rank());
    }

    private static Tree<Shape> shape(int[] sides) {
        return new Tree<>(
                () -> Shape.of(sides),
                ShapeTree.distance(List.of(Shape.of(sides))),
                () -> Stream.concat(
                        IntStream.range(0, sides.length)
                                .mapToObj(rank -> shape(Arrays.copyOfRange(sides, sides.length - rank, sides.length))),
                        IntStream.range(0, sides.length).mapToObj(axis -> shape(with(sides, axis, 1)))));
    }

    private static int[] with(int[] sides, int axis, int side) {
        int[] copy = sides.clone();
        copy[axis] = side;
        return copy;
    }

    /** Shapes of up to 4 axes of as many elements as the given one. */
    public static Arbitrary<Shape> reshapes(Shape shape) {
        return Tree.arbitrary(random -> reshaped(regrouped(shape, random)));
    }

    private static int[] regrouped(Shape shape, Random random) {
        int rest = shape.size();
        if (rest == 0) {
            int[] sides = IntStream.generate(() -> random.nextInt(3))
                    .limit(1L + random.nextInt(3))
                    .toArray();
            sides[random.nextInt(sides.length)] = 0;
            return sides;
        }
        List<Integer> sides = new ArrayList<>();
        while (sides.size() < 3 && (rest > 1 || random.nextInt(3) == 0)) {
            int side = 1 + random.nextInt(rest);
            if (rest % side == 0) {
                sides.add(side);
                rest /= side;
            }
        }
        if (rest > 1) {
            sides.add(rest);
        }
        return sides.stream().mapToInt(side -> side).toArray();
    }

    /** Joins neighbouring axes, and drops those of side 1. */
    private static Tree<Shape> reshaped(int[] sides) {
        return new Tree<>(
                () -> Shape.of(sides),
                new long[] {sides.length, IntStream.of(sides).sum()},
                () -> IntStream.range(0, sides.length).boxed().flatMap(axis -> {
                    int[] fewer = new int[sides.length - 1];
                    int into = Math.max(0, axis - 1);
                    for (int k = 0; k < fewer.length; k++) {
                        fewer[k] = sides[k < axis ? k : k + 1];
                    }
                    if (fewer.length > 0) {
                        fewer[into] *= sides[axis];
                    }
                    return fewer.length > 0 || sides[axis] == 1 ? Stream.of(reshaped(fewer)) : Stream.empty();
                }));
    }
}
