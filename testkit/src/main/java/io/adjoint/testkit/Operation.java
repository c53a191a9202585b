package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Options;
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
import org.opentest4j.TestAbortedException;

/**
 * An operation as it is to be tested: the function, the domain of its inputs, the expected value, and how many times it is
 * differentiable. {@link #check()} tests it.
 *
 * <pre>{@code
 * Operation.unary("log", Tensor::log).within(Values.between(0, 10).openMin()).referenceEach(Math::log).order(3)
 * Operation.of("matmul", t -> t[0].matmul(t[1])).shapes("(...,n?,k),(...,k,m?)->(...,n?,m?)").order(2)
 * Operation.of("sum", (t, axes) -> t[0].sum(axes)).shapes("(...)").arguments(s -> Axes.some(s.get(0)))
 * }</pre>
 *
 * <p>Immutable: each setting returns a changed copy.
 */
@CheckReturnValue
public final class Operation extends Options<Operation> {
    private static final Values DEFAULT = Values.between(-2, 2);
    /** The seed from which {@link #other} draws elements, so that they are the same at each call. */
    private static final long OTHER = 5;

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
    private Optional<BiFunction<Tensor[], int[], Tensor>> surrogate = Optional.empty();
    private double rtol = 1e-12;
    private double floatRtol = 1e-5;
    private double recordedRtol = 1e-13;
    private Set<OperationCheck> except = EnumSet.noneOf(OperationCheck.class);
    private Function<Case, String> situation = drawn -> "";
    private List<String> names = List.of();

    private Operation() {}

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

    /** Any function of tensors; {@link #shapes(String)} gives their shapes. */
    public static Operation of(String name, Function<Tensor[], Tensor> function) {
        return of(name, (inputs, arguments) -> function.apply(inputs));
    }

    /** Any function of tensors and numbers; {@link #arguments} says which numbers. */
    public static Operation of(String name, BiFunction<Tensor[], int[], Tensor> function) {
        return new Operation().with(copy -> {
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
        return with(copy -> {
            copy.signature = fitting;
            copy.ownShapes = Optional.empty();
        });
    }

    /** The same tests of another function: another implementation, or a faulty one, to see that it is found. */
    public Operation computing(BiFunction<Tensor[], int[], Tensor> other) {
        return with(copy -> copy.function = other);
    }

    /** The shapes of the inputs where no signature can say them. */
    public Operation shapes(Arbitrary<List<Shape>> shapes) {
        return with(copy -> copy.ownShapes = Optional.of(shapes));
    }

    /** Sizes from {@code min} to {@code max} instead of 1 to 3 and, in a few cases, more. Empty tensors are a check of their own. */
    public Operation dims(int min, int max) {
        return with(copy -> copy.limits = limits.dims(min, max));
    }

    /** The numbers of axes for {@code ...}, instead of 0 to 3 and, in a few cases, 4. */
    public Operation axes(int min, int max) {
        return with(copy -> copy.limits = limits.ranks(min, max));
    }

    /** The domain of the inputs' elements instead of −2 to 2: of all alike, or of each. INT32 inputs are not differentiated. */
    public Operation within(Values... allowed) {
        return with(copy -> copy.values = List.of(allowed));
    }

    /** The layouts of the inputs instead of all. */
    public Operation layouts(Layout... allowed) {
        return with(copy -> copy.layouts = List.of(allowed));
    }

    /** Numbers that depend on the shapes of the inputs: axes, sizes, indices. See {@link Axes}. */
    public Operation arguments(Function<List<Shape>, Arbitrary<int[]>> ofShapes) {
        return with(copy -> copy.arguments = ofShapes);
    }

    /** The expected value. */
    public Operation reference(Reference expected) {
        return with(copy -> copy.reference = Optional.of(expected));
    }

    /** The expected value, element by element. */
    public Operation referenceEach(DoubleUnaryOperator expected) {
        return reference(Reference.each(expected));
    }

    /** The expected value, element by element, given the two elements that each is computed from. */
    public Operation referenceEach(DoubleBinaryOperator expected) {
        return reference(Reference.each(expected));
    }

    /** The order to which the operation is differentiable, instead of 1; 0 for one without gradient. */
    public Operation order(int highest) {
        return with(copy -> copy.order = highest);
    }

    /** The check that compares gradients with differences; its order is {@link #order}. */
    public Operation gradCheck(GradCheck check) {
        return with(copy -> copy.gradCheck = check);
    }

    /**
     * Another function whose derivatives are those that the backward rules are meant to give, as of a straight-through rounding or a
     * gradient reversal: see {@link GradCheck#surrogate}. The value is still the value of the operation.
     */
    public Operation surrogate(Function<Tensor[], Tensor> other) {
        return surrogate((inputs, numbers) -> other.apply(inputs));
    }

    /** Another function of tensors and numbers whose derivatives are meant. */
    public Operation surrogate(BiFunction<Tensor[], int[], Tensor> other) {
        return with(copy -> copy.surrogate = Optional.of(other));
    }

    /** The tolerance of values against the reference, relative to the largest in it, instead of 1e-12. */
    public Operation rtol(double rtol) {
        return with(copy -> copy.rtol = rtol);
    }

    /** The tolerance of FLOAT32 against FLOAT64, relative to the largest value or to 1, instead of 1e-5. */
    public Operation floatRtol(double floatRtol) {
        return with(copy -> copy.floatRtol = floatRtol);
    }

    /** Checks to leave out, for an operation that is different on purpose. */
    public Operation except(OperationCheck... checks) {
        return with(copy -> copy.except = LayerSpec.union(except, checks));
    }

    // ---- checking ----

    /**
     * Runs everything in {@link OperationCheck} that applies, with the system property {@code adjoint.tries} (100) cases each.
     *
     * @throws AssertionError that names each check that fails, with the smallest case that fails it
     */
    public void check() {
        Failures.throwAll(
                name,
                Arrays.stream(OperationCheck.values())
                        .<Runnable>map(check -> () -> check(check))
                        .toList());
    }

    /**
     * Runs one check, if it applies.
     *
     * @throws PropertyFailure with the smallest case that fails it
     */
    public void check(OperationCheck check) {
        check(check, Search.defaultTries(), name.hashCode());
    }

    /** Runs one check, if it applies, with the given number of cases drawn from a seed. */
    public void check(OperationCheck check, int tries, long seed) {
        check.casesOf(this)
                .ifPresent(cases ->
                        Search.run(name + ": " + check, cases, check.tries(tries), seed, drawn -> check(check, drawn)));
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

    /** The expected value, if there is a reference. */
    public Optional<Reference> reference() {
        return reference;
    }

    /** The order to which it is differentiable. */
    public int order() {
        return order;
    }

    /** The domain of the inputs' elements: of all alike, or of each. */
    public List<Values> values() {
        return values;
    }

    Values values(int input) {
        return values.get(Math.min(input, values.size() - 1));
    }

    /**
     * Compares gradients with differences, of some tensors alone.
     *
     * @param settings the check, without the operation's surrogate
     * @param inputs makes all inputs from these tensors
     */
    GradCheck.Report report(GradCheck settings, UnaryOperator<Tensor[]> inputs, int[] numbers, Tensor... tensors) {
        return surrogate
                .map(other -> settings.surrogate(given -> other.apply(inputs.apply(given), numbers)))
                .orElse(settings)
                .report(given -> apply(inputs.apply(given), numbers), tensors);
    }

    GradCheck gradCheck() {
        return gradCheck;
    }

    double rtol() {
        return rtol;
    }

    double floatRtol() {
        return floatRtol;
    }

    double recordedRtol() {
        return recordedRtol;
    }

    /**
     * Sets the tolerance between gradients of a recorded and a plain pass, and between values of composition and fused operation, as a
     * fraction of the largest absolute value, or of 1 if that is larger.
     */
    Operation recordedRtol(double recordedRtol) {
        return with(copy -> copy.recordedRtol = recordedRtol);
    }

    /** Sets the words about a case with which messages begin. */
    Operation situation(Function<Case, String> ofCase) {
        return with(copy -> copy.situation = ofCase);
    }

    /** Sets the names of the inputs in messages; see {@link Case#names()}. */
    Operation names(List<String> variables) {
        return with(copy -> copy.names = variables);
    }

    /** Checks one case; the message of a failure begins with the words for its arguments. */
    void check(OperationCheck check, Case drawn) {
        String when = situation.apply(drawn);
        try {
            check.check(this, drawn);
        } catch (TestAbortedException assumption) {
            throw assumption;
        } catch (RuntimeException | AssertionError failure) {
            if (when.isEmpty()) {
                throw failure;
            }
            throw new AssertionError(when + ": " + Failures.message(failure), failure);
        }
    }

    boolean skips(OperationCheck check) {
        return except.contains(check);
    }

    /** A case with the same shapes and arguments but other elements, which are the same at each call. */
    Case other(Case drawn) {
        List<Shape> shapes = drawn.inputs().stream().map(Tensor::shape).toList();
        return drawn.with(CasePlan.others(shapes, k -> values(k).forDifferences(), new Random(OTHER)));
    }

    /** Cases to try it with. */
    public Arbitrary<Case> cases() {
        return cases(random -> ShapePlan.draw(signature, limits, random), values);
    }

    /** Draws cases at which difference quotients can be computed; a few of these cases are large. */
    Arbitrary<Case> differentiableCases() {
        return cases(
                random -> ShapePlan.drawAny(signature, limits, random),
                values.stream().map(Values::forDifferences).toList());
    }

    /** Draws cases with more than 1,024 elements, as far as sizes may grow. */
    Arbitrary<Case> longCases() {
        return cases(
                random -> ShapePlan.drawLarge(Limits.LONG, signature, limits, random),
                values.stream().map(Values::forDifferences).toList());
    }

    /** Draws cases with an empty input, as far as the signature allows one; empty if the shapes come from a user's arbitrary. */
    Optional<Arbitrary<Case>> emptyCases() {
        Limits with = limits.dims(0, limits.maxDim()).ranks(limits.minRank(), Math.max(1, limits.maxRank()));
        return ownShapes.isPresent()
                ? Optional.empty()
                : Optional.of(cases(random -> ShapePlan.drawEmpty(signature, with, random), values));
    }

    /**
     * Draws cases with thousands of elements, as far as the signature allows them; empty if the shapes come from a user's arbitrary, or the
     * sizes were set.
     */
    Optional<Arbitrary<Case>> hugeCases() {
        return ownShapes.isPresent()
                ? Optional.empty()
                : ShapePlan.huge(signature, limits)
                        .map(shapes -> cases(
                                shapes,
                                values.stream().map(Values::forDifferences).toList()));
    }

    /** Draws cases with 0-d inputs, as far as the signature allows them; empty if the shapes come from a user's arbitrary. */
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
        return CasePlan.arbitrary(new CasePlan.Recipe(shapes, elements, layouts, arguments, names));
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
