package io.adjoint.testkit;

import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Shapes of an operation's inputs that fit a {@link Signature}.
 *
 * @param loop the sizes of the axes that {@code ...} stands for
 * @param open for each input its share in the axes of {@code ...}
 * @param named the sizes of the named axes; an omitted optional axis is missing
 */
record ShapePlan(Signature signature, Limits limits, List<Integer> loop, List<Open> open, Map<String, Integer> named)
        implements ShapeTree {
    /**
     * An input's share in the axes of {@code ...}: the last {@code rank} of these axes; {@code one} says which of them have size 1 in this
     * input.
     */
    private record Open(int rank, List<Boolean> one) {
        /** This share without the axis that is the {@code back}-th from the end, if the share has this axis. */
        Open without(int back) {
            if (back > rank) {
                return this;
            }
            return new Open(rank - 1, removed(one, rank - back));
        }

        Open shortened(int length) {
            return new Open(length, one.subList(rank - length, rank));
        }

        Open with(int axis, boolean isOne) {
            return new Open(rank, replaced(one, axis, isOne));
        }
    }

    // ---- drawing ----

    private static final int ONE_LARGE_OF = 8;
    private static final int EMPTY_DRAWS = 100;

    static ShapePlan draw(Signature signature, Limits limits, Random random) {
        return draw(signature, limits, limits, random);
    }

    /** Draws shapes; one in eight draws gives shapes of more than {@link Limits#LARGE} elements. */
    static ShapePlan drawAny(Signature signature, Limits limits, Random random) {
        return random.nextInt(ONE_LARGE_OF) > 0
                ? draw(signature, limits, random)
                : drawLarge(Limits.LARGE, signature, limits, random);
    }

    /** Draws shapes of more than the given number of elements, as far as sizes may grow. */
    static ShapePlan drawLarge(int elements, Signature signature, Limits limits, Random random) {
        Limits large = limits.large(elements, hasLoops(signature), named(signature), random);
        return draw(signature, limits, large, random);
    }

    /**
     * Returns a function that draws shapes with thousands of elements if all inputs have only the axes of {@code ...}; other operations,
     * such as matrix products, would take too long. Empty for other operations, or if sizes may not grow.
     */
    static Optional<Function<Random, ShapePlan>> huge(Signature signature, Limits limits) {
        Signature.Part bare = new Signature.Part(true, List.of());
        if (!signature.inputs().stream().allMatch(bare::equals)) {
            return Optional.empty();
        }
        return limits.huge(signature.result().filter(bare::equals).isPresent() ? 1 : 2)
                .map(sizes -> random -> draw(signature, limits, sizes, random));
    }

    private static boolean hasLoops(Signature signature) {
        return signature.inputs().stream().anyMatch(Signature.Part::open);
    }

    private static int named(Signature signature) {
        return signature.inputs().stream()
                .mapToInt(part -> part.axes().size())
                .max()
                .orElse(0);
    }

    /**
     * Draws shapes up to 100 times, until at least one of the shapes has no elements. The number is limited, since a signature with only
     * fixed axes has no shapes without elements.
     */
    static ShapePlan drawEmpty(Signature signature, Limits limits, Random random) {
        ShapePlan plan = draw(signature, limits, random);
        for (int draws = 1; draws < EMPTY_DRAWS && !plan.isEmpty(); draws++) {
            plan = draw(signature, limits, random);
        }
        return plan;
    }

    private boolean isEmpty() {
        return shapes().stream().anyMatch(shape -> shape.size() == 0);
    }

    /** Draws shapes within the limits {@code sizes}; the shapes may shrink down to the smallest shapes within {@code limits}. */
    private static ShapePlan draw(Signature signature, Limits limits, Limits sizes, Random random) {
        List<Integer> loop = new ArrayList<>();
        int loops = sizes.minRank() + skewed(random, sizes.maxRank() - sizes.minRank());
        for (int axis = 0; axis < loops; axis++) {
            loop.add(size(sizes, random));
        }
        Map<String, Integer> named = new TreeMap<>();
        for (String name : new TreeSet<>(names(signature))) {
            if (!isOptional(signature, name) || random.nextInt(4) != 0) {
                named.put(name, size(sizes, random));
            }
        }
        List<Open> open = new ArrayList<>();
        // One input has all axes for which ... stands, so that each of these axes occurs in an input.
        int whole = random.nextInt(Math.max(1, signature.inputs().size()));
        for (int k = 0; k < signature.inputs().size(); k++) {
            boolean full = k == whole || random.nextBoolean();
            int rank = full ? loops : limits.minRank() + random.nextInt(loops - limits.minRank() + 1);
            List<Boolean> one = new ArrayList<>();
            for (int axis = 0; axis < rank; axis++) {
                one.add(k != whole && limits.minDim() <= 1 && random.nextInt(3) == 0);
            }
            open.add(new Open(rank, List.copyOf(one)));
        }
        return new ShapePlan(signature, limits, loop, open, named);
    }

    /** A random number from 0 to {@code max}, small numbers more often than large ones. */
    private static int skewed(Random random, int max) {
        return max == 0 ? 0 : Math.min(random.nextInt(max + 1), random.nextInt(2) == 0 ? 2 : max);
    }

    private static int size(Limits limits, Random random) {
        if (limits.minDim() == 0 && random.nextInt(12) == 0) {
            return 0;
        }
        return limits.simplest() + random.nextInt(limits.maxDim() - limits.simplest() + 1);
    }

    private static List<String> names(Signature signature) {
        List<String> names = new ArrayList<>();
        signature
                .inputs()
                .forEach(part ->
                        part.axes().stream().filter(axis -> !axis.isFixed()).forEach(axis -> names.add(axis.name())));
        return names;
    }

    private static boolean isOptional(Signature signature, String name) {
        return signature.inputs().stream()
                .flatMap(part -> part.axes().stream())
                .anyMatch(axis -> axis.name().equals(name) && axis.optional());
    }

    // ---- reading ----

    @Override
    public List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (int k = 0; k < open.size(); k++) {
            shapes.add(shape(signature.inputs().get(k), open.get(k)));
        }
        return shapes;
    }

    private Shape shape(Signature.Part part, Open taking) {
        List<Integer> dims = new ArrayList<>();
        if (isOpen(part)) {
            int first = loop.size() - taking.rank();
            for (int axis = 0; axis < taking.rank(); axis++) {
                dims.add(taking.one().get(axis) ? 1 : loop.get(first + axis));
            }
        }
        for (Signature.Axis axis : part.axes()) {
            if (axis.isFixed()) {
                dims.add(axis.fixed());
            } else if (named.containsKey(axis.name())) {
                dims.add(named.get(axis.name()));
            }
        }
        return Shape.of(dims.stream().mapToInt(size -> size).toArray());
    }

    private boolean isOpen(Signature.Part part) {
        return part.open() && part.axes().stream().allMatch(axis -> axis.isFixed() || named.containsKey(axis.name()));
    }

    @Override
    public Optional<Shape> result() {
        return signature.result().map(part -> {
            Shape loops = Shape.scalar();
            for (int k = 0; k < open.size(); k++) {
                if (isOpen(signature.inputs().get(k))) {
                    Signature.Part bare = new Signature.Part(true, List.of());
                    loops = Shape.broadcast("signature", loops, shape(bare, open.get(k)));
                }
            }
            Shape rest = shape(new Signature.Part(false, part.axes()), new Open(0, List.of()));
            int[] dims = new int[(part.open() ? loops.rank() : 0) + rest.rank()];
            int first = dims.length - rest.rank();
            for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = axis < first ? loops.dim(axis) : rest.dim(axis - first);
            }
            return Shape.of(dims);
        });
    }

    // ---- shrinking ----

    @Override
    public Stream<ShapeTree> smaller() {
        List<ShapeTree> plans = new ArrayList<>();
        plans.add(smallest());
        for (int axis = 0; axis < loop.size() && loop.size() > limits.minRank(); axis++) {
            plans.add(withoutLoop(axis));
        }
        named.forEach((name, size) -> {
            if (isOptional(signature, name)) {
                Map<String, Integer> fewer = new TreeMap<>(named);
                fewer.remove(name);
                plans.add(new ShapePlan(signature, limits, loop, open, fewer));
            }
        });
        for (int k = 0; k < open.size(); k++) {
            for (int rank = limits.minRank(); rank < open.get(k).rank(); rank++) {
                plans.add(with(k, open.get(k).shortened(rank)));
            }
        }
        for (int axis = 0; axis < loop.size(); axis++) {
            for (int size : smallerSizes(loop.get(axis))) {
                plans.add(new ShapePlan(signature, limits, replaced(loop, axis, size), open, named));
            }
        }
        named.forEach((name, size) -> {
            for (int less : smallerSizes(size)) {
                Map<String, Integer> changed = new TreeMap<>(named);
                changed.put(name, less);
                plans.add(new ShapePlan(signature, limits, loop, open, changed));
            }
        });
        named.forEach((name, size) -> named.forEach((other, otherSize) -> {
            if (name.compareTo(other) < 0 && !size.equals(otherSize)) {
                Map<String, Integer> swapped = new TreeMap<>(named);
                swapped.put(name, otherSize);
                swapped.put(other, size);
                plans.add(new ShapePlan(signature, limits, loop, open, swapped));
            }
        }));
        for (int k = 0; k < open.size(); k++) {
            for (int axis = 0; axis < open.get(k).rank(); axis++) {
                if (limits.minDim() <= 1) {
                    plans.add(with(k, open.get(k).with(axis, !open.get(k).one().get(axis))));
                }
            }
        }
        return plans.stream();
    }

    private ShapePlan smallest() {
        Map<String, Integer> dims = new TreeMap<>();
        named.keySet().stream()
                .filter(name -> !isOptional(signature, name))
                .forEach(name -> dims.put(name, limits.simplest()));
        List<Integer> loops = loop.subList(loop.size() - limits.minRank(), loop.size()).stream()
                .map(size -> limits.simplest())
                .toList();
        return new ShapePlan(
                signature,
                limits,
                loops,
                open.stream().map(taking -> taking.shortened(limits.minRank())).toList(),
                dims);
    }

    private ShapePlan withoutLoop(int axis) {
        int back = loop.size() - axis;
        List<Open> fewer = open.stream().map(taking -> taking.without(back)).toList();
        return new ShapePlan(signature, limits, removed(loop, axis), fewer, named);
    }

    private ShapePlan with(int input, Open taking) {
        return new ShapePlan(signature, limits, loop, replaced(open, input, taking), named);
    }

    private List<Integer> smallerSizes(int size) {
        int simplest = limits.simplest();
        return Stream.of(simplest, 2, (simplest + size) / 2, size - size / 8, size - 1)
                .filter(less -> less >= simplest && (less < size || size == 0))
                .distinct()
                .toList();
    }

    private static <T> List<T> replaced(List<T> list, int index, T value) {
        List<T> copy = new ArrayList<>(list);
        copy.set(index, value);
        return copy;
    }

    private static <T> List<T> removed(List<T> list, int index) {
        List<T> copy = new ArrayList<>(list);
        copy.remove(index);
        return copy;
    }
}
