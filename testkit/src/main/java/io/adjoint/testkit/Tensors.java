package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;

/**
 * Arbitraries of tensors. Shapes shrink toward the scalar's, layouts toward contiguous, and elements toward 1 and other simple numbers of
 * the domain; many elements cost little time.
 */
public final class Tensors {
    private static final List<Layout> ALL = List.of(Layout.values());

    private Tensors() {}

    /** Tensors of up to 3 axes, of any layout, with these elements. */
    public static Arbitrary<Tensor> of(Values values) {
        return of(Shapes.any(), values);
    }

    /** Tensors of such shapes, of any layout unless layouts are given. */
    public static Arbitrary<Tensor> of(Arbitrary<Shape> shapes, Values values, Layout... layouts) {
        return single(recipe(Recipes.shapes(shapes.map(List::of)), List.of(values), layouts));
    }

    /** Tensors of one shape, of any layout unless layouts are given. */
    public static Arbitrary<Tensor> of(Shape shape, Values values, Layout... layouts) {
        List<Shape> fixed = List.of(shape);
        return single(recipe(random -> ShapeTree.of(Tree.leaf(fixed)), List.of(values), layouts));
    }

    /** Tensors that broadcast with each other; of values there is one, or one for each tensor. */
    public static Arbitrary<List<Tensor>> mutuallyBroadcastable(int count, Values... values) {
        return jointly(Signature.elementwise(count), Limits.DEFAULT, values);
    }

    /** Tensors whose shapes fit a signature, see {@link Shapes#fitting(String)}; of values there is one, or one for each tensor. */
    public static Arbitrary<List<Tensor>> fitting(String signature, Values... values) {
        return jointly(Signature.parse(signature), Limits.DEFAULT, values);
    }

    /** INT32 tensors of such shapes whose elements are indices into an axis of the given size. */
    public static Arbitrary<Tensor> indices(Arbitrary<Shape> shapes, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("indices: an axis of size " + size + " has none");
        }
        return of(shapes, Values.integers(0, size - 1));
    }

    private static Arbitrary<List<Tensor>> jointly(Signature signature, Limits limits, Values... values) {
        Recipes.requireOneOrEach("values", signature.inputs().size(), values.length);
        return CasePlan.arbitrary(recipe(random -> ShapePlan.draw(signature, limits, random), List.of(values)))
                .map(Case::inputs);
    }

    private static Arbitrary<Tensor> single(CasePlan.Recipe recipe) {
        return Tree.arbitrary(random ->
                CasePlan.draw(recipe, random).tree().map(drawn -> drawn.inputs().get(0)));
    }

    private static CasePlan.Recipe recipe(Function<Random, ShapeTree> shapes, List<Values> values, Layout... layouts) {
        return new CasePlan.Recipe(
                shapes, values, layouts.length == 0 ? ALL : List.of(layouts), Recipes.NO_ARGUMENTS, List.of());
    }
}
