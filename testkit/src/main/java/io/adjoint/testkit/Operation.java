package io.adjoint.testkit;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.loss.Loss;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;

/**
 * An operation as it is to be tested: the function, what its inputs may be, what its value must be, and how often it is
 * differentiable. {@link OperationProperties} tests it.
 *
 * <pre>{@code
 * Operation.unary("log", Tensor::log).within(Values.between(0, 10).openMin()).referenceEach(Math::log).order(3)
 * Operation.of("matmul", t -> t[0].matmul(t[1])).shapes("(...,n?,k),(...,k,m?)->(...,n?,m?)").order(2)
 * Operation.of("sum", (t, axes) -> t[0].sum(axes)).shapes("(...)").arguments(s -> Axes.some(s.get(0)))
 * }</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 */
public final class Operation {
    private static final Values DEFAULT = Values.between(-2, 2);

    private String name = "";
    private BiFunction<Tensor[], int[], Tensor> function = (inputs, arguments) -> inputs[0];
    private Signature signature = Signature.elementwise(1);
    private Optional<Arbitrary<List<Shape>>> ownShapes = Optional.empty();
    private Limits limits = Limits.DEFAULT;
    private List<Values> values = List.of(DEFAULT);
    private List<Layout> layouts = List.of(Layout.values());
    private Function<List<Shape>, Arbitrary<int[]>> arguments = Recipes.NO_ARGUMENTS;
    private Optional<Reference> reference = Optional.empty();
    private int order = 1;
    private GradCheck gradCheck = new GradCheck();
    private double tolerance = 1e-12;
    private double floatTolerance = 1e-5;
    private Set<OperationCheck> except = EnumSet.noneOf(OperationCheck.class);

    private Operation() {}

    private Operation(Operation other) {
        name = other.name;
        function = other.function;
        signature = other.signature;
        ownShapes = other.ownShapes;
        limits = other.limits;
        values = other.values;
        layouts = other.layouts;
        arguments = other.arguments;
        reference = other.reference;
        order = other.order;
        gradCheck = other.gradCheck;
        tolerance = other.tolerance;
        floatTolerance = other.floatTolerance;
        except = other.except;
    }

    private Operation changed(java.util.function.Consumer<Operation> change) {
        Operation copy = new Operation(this);
        change.accept(copy);
        return copy;
    }

    // ---- creation ----

    /** A function of each element of one tensor. */
    public static Operation unary(String name, UnaryOperator<Tensor> function) {
        return of(name, inputs -> function.apply(inputs[0])).shapes("(...)->(...)");
    }

    /** A function of two tensors that broadcast. */
    public static Operation binary(String name, BinaryOperator<Tensor> function) {
        return of(name, inputs -> function.apply(inputs[0], inputs[1])).shapes("(...),(...)->(...)");
    }

    /** A loss of predictions and targets of equal shape; a scalar unless {@link #shapes(String)} says otherwise. */
    public static Operation loss(String name, Loss loss) {
        return of(name, inputs -> loss.forward(inputs[0], inputs[1])).shapes("(a?,b?,c?),(a?,b?,c?)->()");
    }

    /** Any function; {@link #shapes(String)} says of what. */
    public static Operation of(String name, Function<Tensor[], Tensor> function) {
        return of(name, (inputs, arguments) -> function.apply(inputs));
    }

    /** Any function of tensors and numbers; {@link #arguments} says which numbers. */
    public static Operation of(String name, BiFunction<Tensor[], int[], Tensor> function) {
        return new Operation().changed(copy -> {
            copy.name = name;
            copy.function = function;
        });
    }

    // ---- settings ----

    /** The shapes of the inputs, and of the value if known, as in {@link Shapes#fitting(String)}. */
    public Operation shapes(String fitting) {
        return shapes(Signature.parse(fitting));
    }

    Operation shapes(Signature fitting) {
        return changed(copy -> {
            copy.signature = fitting;
            copy.ownShapes = Optional.empty();
        });
    }

    /** The same tests of another function: another implementation, or a faulty one, to see that it is found. */
    public Operation computing(BiFunction<Tensor[], int[], Tensor> other) {
        return changed(copy -> copy.function = other);
    }

    /** The shapes of the inputs where no signature can say them. */
    public Operation shapes(Arbitrary<List<Shape>> shapes) {
        return changed(copy -> copy.ownShapes = Optional.of(shapes));
    }

    /** Sides from {@code min} to {@code max} in place of 1 to 3 and, in a few cases, more. Empty tensors are a check of their own. */
    public Operation sides(int min, int max) {
        return changed(copy -> copy.limits = limits.sides(min, max));
    }

    /** That many axes for {@code ...} in place of 0 to 3 and, in a few cases, 4. */
    public Operation axes(int min, int max) {
        return changed(copy -> copy.limits = limits.ranks(min, max));
    }

    /** The elements of the inputs in place of −2 to 2: of all alike, or of each. INT32 inputs are not differentiated. */
    public Operation within(Values... allowed) {
        return changed(copy -> copy.values = List.of(allowed));
    }

    /** The layouts of the inputs in place of all. */
    public Operation layouts(Layout... allowed) {
        return changed(copy -> copy.layouts = List.of(allowed));
    }

    /** Numbers that depend on the shapes of the inputs: axes, sides, indices. See {@link Axes}. */
    public Operation arguments(Function<List<Shape>, Arbitrary<int[]>> ofShapes) {
        return changed(copy -> copy.arguments = ofShapes);
    }

    /** What the value must be. */
    public Operation reference(Reference expected) {
        return changed(copy -> copy.reference = Optional.of(expected));
    }

    /** What each element of the value must be. */
    public Operation referenceEach(DoubleUnaryOperator expected) {
        return reference(Reference.each(expected));
    }

    /** What each element of the value must be, given the two that it is computed from. */
    public Operation referenceEach(DoubleBinaryOperator expected) {
        return reference(Reference.each(expected));
    }

    /** How often the operation is differentiable, in place of once; 0 for one without gradient. */
    public Operation order(int highest) {
        return changed(copy -> copy.order = highest);
    }

    /** How gradients are compared with differences; the order is that of {@link #order}. */
    public Operation gradCheck(GradCheck check) {
        return changed(copy -> copy.gradCheck = check);
    }

    /** How far values may be from the reference, relative to the largest in it, in place of 1e-12. */
    public Operation tolerance(double relative) {
        return changed(copy -> copy.tolerance = relative);
    }

    /** How far FLOAT32 may be from FLOAT64, relative to the largest value or to 1, in place of 1e-5. */
    public Operation floatTolerance(double relative) {
        return changed(copy -> copy.floatTolerance = relative);
    }

    /** What not to check, for an operation that is different on purpose. */
    public Operation except(OperationCheck... checks) {
        Set<OperationCheck> all = EnumSet.noneOf(OperationCheck.class);
        all.addAll(except);
        all.addAll(Arrays.asList(checks));
        return changed(copy -> copy.except = all);
    }

    // ---- reading ----

    /** The name. */
    public String name() {
        return name;
    }

    /** The value for inputs and arguments. */
    public Tensor apply(Tensor[] inputs, int... numbers) {
        return function.apply(inputs, numbers);
    }

    /** What it must be, if somebody said so. */
    public Optional<Reference> reference() {
        return reference;
    }

    /** How often it is differentiable. */
    public int order() {
        return order;
    }

    /** What the elements of the inputs may be: of all alike, or of each. */
    public List<Values> values() {
        return values;
    }

    Values values(int input) {
        return values.get(Math.min(input, values.size() - 1));
    }

    GradCheck gradCheck() {
        return gradCheck;
    }

    double tolerance() {
        return tolerance;
    }

    double floatTolerance() {
        return floatTolerance;
    }

    boolean skips(OperationCheck check) {
        return except.contains(check);
    }

    /** Cases to try it with. */
    public Arbitrary<Case> cases() {
        return cases(random -> ShapePlan.draw(signature, limits, random), values);
    }

    /** Cases at which differences can be taken; a few are large, which references that work element by element need not be. */
    Arbitrary<Case> differentiableCases() {
        return cases(
                random -> ShapePlan.drawAny(signature, limits, random),
                values.stream().map(Values::forDifferences).toList());
    }

    /** Cases with a side of 0; none if this has shapes of its own. */
    Optional<Arbitrary<Case>> emptyCases() {
        Limits with = limits.sides(0, limits.maxSide()).ranks(limits.minRank(), Math.max(1, limits.maxRank()));
        return ownShapes.isPresent()
                ? Optional.empty()
                : Optional.of(cases(random -> ShapePlan.draw(signature, with, random), values));
    }

    /** Cases of 0-d inputs as far as the signature allows them; none if this has shapes of its own. */
    Optional<Arbitrary<Case>> scalarCases() {
        return ownShapes.isPresent() || limits.minRank() > 0
                ? Optional.empty()
                : Optional.of(cases(
                        random -> ShapePlan.draw(signature, limits.ranks(0, 0), random),
                        values.stream().map(Values::forDifferences).toList()));
    }

    private Arbitrary<Case> cases(Function<Random, ShapePlan> fitting, List<Values> elements) {
        Recipes.requireOneOrEach(
                name,
                ownShapes.isPresent() ? elements.size() : signature.inputs().size(),
                elements.size());
        Function<Random, ShapeTree> shapes = ownShapes.map(Recipes::shapes).orElse(fitting::apply);
        return CasePlan.arbitrary(new CasePlan.Recipe(shapes, elements, layouts, arguments));
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
