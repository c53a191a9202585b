package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;

/**
 * A {@link Case} that is being drawn or shrunk: the shapes, elements and layouts of its inputs, and arguments that fit the shapes. When the
 * shapes shrink, both the first and the last elements of each input are tried, so that the elements with which the check fails can remain;
 * then layouts become contiguous and elements become simple numbers.
 */
final class CasePlan {
    /** The functions that draw the parts of a case, shapes, elements, layouts and arguments; and the names of its inputs. */
    record Recipe(
            Function<Random, ShapeTree> shapes,
            List<Values> values,
            List<Layout> layouts,
            Function<List<Shape>, Arbitrary<int[]>> arguments,
            List<String> names) {
        Values values(int input) {
            return values.get(Math.min(input, values.size() - 1));
        }
    }

    private static final int MOST_ELEMENTS = 64;
    private static final List<Layout> ORDER = List.of(Layout.values());

    private final Recipe recipe;
    private final ShapeTree shapes;
    private final List<double[]> elements;
    private final List<Layout> layouts;
    private final Shrinkable<int[]> arguments;

    private CasePlan(
            Recipe recipe,
            ShapeTree shapes,
            List<double[]> elements,
            List<Layout> layouts,
            Shrinkable<int[]> arguments) {
        this.recipe = recipe;
        this.shapes = shapes;
        this.elements = elements;
        this.layouts = layouts;
        this.arguments = arguments;
    }

    static Arbitrary<Case> arbitrary(Recipe recipe) {
        return Tree.arbitrary(random -> draw(recipe, random).tree());
    }

    static CasePlan draw(Recipe recipe, Random random) {
        ShapeTree shapes = recipe.shapes().apply(random);
        List<double[]> elements = new ArrayList<>();
        List<Layout> layouts = new ArrayList<>();
        // In one of eight cases, most inputs get exact numbers, which are numbers such as 0 and 1, so that elements of
        // different inputs are often equal.
        boolean prefersExact = random.nextInt(8) == 0;
        for (int k = 0; k < shapes.shapes().size(); k++) {
            Values values = recipe.values(k);
            Layout layout = random.nextBoolean()
                    ? recipe.layouts().get(0)
                    : recipe.layouts().get(random.nextInt(recipe.layouts().size()));
            layouts.add(layout == Layout.EXPANDED && values.isDistinct() ? Layout.CONTIGUOUS : layout);
            elements.add(values.draw(shapes.shapes().get(k).size(), prefersExact && random.nextInt(4) != 0, random));
        }
        spreadJointly(recipe::values, elements, random);
        return new CasePlan(recipe, shapes, elements, layouts, arguments(recipe, shapes.shapes(), random.nextLong()))
                .repeated();
    }

    /** Draws tensors of the given shapes with new elements. */
    static List<Tensor> others(List<Shape> shapes, IntFunction<Values> values, Random random) {
        List<double[]> elements = new ArrayList<>();
        for (int k = 0; k < shapes.size(); k++) {
            elements.add(values.apply(k).draw(shapes.get(k).size(), false, random));
        }
        spreadJointly(values, elements, random);
        return IntStream.range(0, shapes.size())
                .mapToObj(k -> Tensor.of(values.apply(k).array(shapes.get(k), elements.get(k))))
                .toList();
    }

    /** Draws new elements for the inputs whose own elements must be distinct, so that elements of different inputs are distinct, too. */
    private static void spreadJointly(IntFunction<Values> values, List<double[]> elements, Random random) {
        int[] distinct = IntStream.range(0, elements.size())
                .filter(k -> values.apply(k).isDistinct())
                .toArray();
        if (distinct.length < 2) {
            return;
        }
        int total = Arrays.stream(distinct).map(k -> elements.get(k).length).sum();
        double[] all = values.apply(distinct[0]).spread(total, random);
        int at = 0;
        for (int k : distinct) {
            int count = elements.get(k).length;
            elements.set(k, Arrays.copyOfRange(all, at, at + count));
            at += count;
        }
    }

    private static Shrinkable<int[]> arguments(Recipe recipe, List<Shape> shapes, long seed) {
        return recipe.arguments().apply(shapes).generator(1000).next(new Random(seed));
    }

    /**
     * A copy of the plan that has the elements of its tensors in place of the drawn elements: a tensor of an expanded layout repeats some
     * of the drawn elements and lacks the others, which the plan must neither count in its distance nor shrink.
     */
    private CasePlan repeated() {
        List<double[]> changed = new ArrayList<>(elements);
        for (int k = 0; k < layouts.size(); k++) {
            if (layouts.get(k) == Layout.EXPANDED) {
                changed.set(k, tensor(k).data().toDoubleArray());
            }
        }
        return new CasePlan(recipe, shapes, changed, layouts, arguments);
    }

    private Tensor tensor(int input) {
        Shape shape = shapes.shapes().get(input);
        Tensor dense = Tensor.of(recipe.values(input).array(shape, elements.get(input)));
        return layouts.get(input) == Layout.CONTIGUOUS
                ? dense
                : layouts.get(input).of(dense);
    }

    Case value() {
        List<Tensor> tensors =
                IntStream.range(0, elements.size()).mapToObj(this::tensor).toList();
        return new Case(tensors, Arrays.stream(arguments.value()).boxed().toList(), shapes.result(), recipe.names());
    }

    Tree<Case> tree() {
        return new Tree<>(
                this::value,
                this::distance,
                () -> smaller().filter(CasePlan::isValid).map(CasePlan::tree));
    }

    private long[] distance() {
        long[] shape = ShapeTree.distance(shapes.shapes());
        long views = layouts.stream().mapToLong(ORDER::indexOf).sum();
        long numbers = 0;
        for (int argument : arguments.value()) {
            numbers += 1000 + (argument < 0 ? 1 - 2L * argument : 2L * argument);
        }
        long complexity = 0;
        for (int k = 0; k < elements.size(); k++) {
            for (double element : elements.get(k)) {
                complexity += recipe.values(k).complexity(element);
            }
        }
        return new long[] {shape[0], shape[1], shape[2], views, numbers, complexity, shape[3]};
    }

    private boolean isValid() {
        List<Double> distinct = new ArrayList<>();
        double gap = 0;
        for (int k = 0; k < elements.size(); k++) {
            Values values = recipe.values(k);
            if (!Arrays.stream(elements.get(k)).allMatch(values::contains)) {
                return false;
            }
            if (values.isDistinct()) {
                gap = values.dtype().isFloating() ? Math.min(values.gap(), 1e-3) : 1;
                Arrays.stream(elements.get(k)).forEach(distinct::add);
            }
        }
        distinct.sort(null);
        for (int k = 1; k < distinct.size(); k++) {
            if (distinct.get(k) - distinct.get(k - 1) < gap) {
                return false;
            }
        }
        return true;
    }

    // ---- shrinking ----

    private Stream<CasePlan> smaller() {
        return Stream.of(
                        Stream.of(false, true)
                                .flatMap(back -> shapes.smaller().flatMap(less -> withShapes(less, back))),
                        simplerLayouts(),
                        arguments.shrink().map(less -> new CasePlan(recipe, shapes, elements, layouts, less)),
                        simplerElements())
                .flatMap(candidates -> candidates);
    }

    private Stream<CasePlan> withShapes(ShapeTree less, boolean fromBack) {
        List<double[]> cropped = new ArrayList<>();
        for (int k = 0; k < elements.size(); k++) {
            cropped.add(
                    crop(elements.get(k), shapes.shapes().get(k), less.shapes().get(k), fromBack));
        }
        CasePlan fresh = new CasePlan(recipe, less, cropped, layouts, arguments);
        // Arguments depend on the shapes, so new arguments are drawn. Several draws are tried, since the fault may
        // occur with certain arguments only.
        return arguments.value().length == 0
                ? Stream.of(fresh.repeated())
                : LongStream.range(0, 4)
                        .mapToObj(seed -> new CasePlan(
                                        recipe, less, cropped, layouts, arguments(recipe, less.shapes(), seed))
                                .repeated());
    }

    /**
     * Crops an array of elements to a smaller shape: keeps the elements at the last corner of the larger shape if {@code fromBack}, else at
     * its first corner.
     */
    private double[] crop(double[] from, Shape larger, Shape smaller, boolean fromBack) {
        double[] to = new double[smaller.size()];
        if (from.length == 0) {
            Arrays.fill(to, 1);
            return to;
        }
        int[] index = new int[smaller.rank()];
        for (int e = 0; e < to.length; e++) {
            int at = 0;
            for (int axis = 0; axis < larger.rank(); axis++) {
                int own = axis - (larger.rank() - smaller.rank());
                int last = larger.dim(axis) - 1;
                int shift = !fromBack ? 0 : own < 0 ? last : Math.max(0, last + 1 - smaller.dim(own));
                at = at * (last + 1) + Math.min(last, shift + (own < 0 ? 0 : index[own]));
            }
            to[e] = from[at];
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == smaller.dim(axis); axis--) {
                index[axis] = 0;
            }
        }
        return to;
    }

    private Stream<CasePlan> simplerLayouts() {
        List<List<Layout>> simpler = new ArrayList<>();
        simpler.add(layouts.stream().map(layout -> Layout.CONTIGUOUS).toList());
        for (int k = 0; k < layouts.size(); k++) {
            for (Layout layout : ORDER.subList(0, ORDER.indexOf(layouts.get(k)))) {
                if (layout == Layout.CONTIGUOUS || recipe.layouts().contains(layout)) {
                    List<Layout> one = new ArrayList<>(layouts);
                    one.set(k, layout);
                    simpler.add(one);
                }
            }
        }
        return simpler.stream().map(less -> new CasePlan(recipe, shapes, elements, less, arguments));
    }

    private Stream<CasePlan> simplerElements() {
        List<List<double[]>> candidates = new ArrayList<>();
        candidates.add(IntStream.range(0, elements.size())
                .mapToObj(k -> Simpler.constant(recipe.values(k), elements.get(k), 0))
                .toList());
        candidates.add(IntStream.range(0, elements.size())
                .mapToObj(k -> Simpler.constant(recipe.values(k), elements.get(k), 1))
                .toList());
        int total = elements.stream().mapToInt(array -> array.length).sum();
        candidates.addAll(Simpler.ranks(recipe, elements));
        for (int k = 0; k < elements.size(); k++) {
            for (double[] simpler : Simpler.arrays(recipe.values(k), elements.get(k), total <= MOST_ELEMENTS)) {
                List<double[]> changed = new ArrayList<>(elements);
                changed.set(k, simpler);
                candidates.add(changed);
            }
        }
        return candidates.stream().map(less -> new CasePlan(recipe, shapes, less, layouts, arguments).repeated());
    }
}
