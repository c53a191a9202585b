package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.Notation;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Layout;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;

/**
 * An operation in the catalogue and how it is tested, or a form of an operation: an overload, a setting, another type. Forms of one
 * operation have the first word of their names in common, such as {@code eq} and {@code eq (number)}. Each form is tested by itself; on the
 * reference page all forms are one row, written from their {@link Notation}s. An entry is immutable: a method that sets something returns a
 * changed copy.
 *
 * @param operation function, domain, reference and order
 * @param covers the methods of {@link Tensor} that this entry tests, such as {@code sum(Dims,int[])}
 * @param mistakes wrong calls, with the parts of their messages
 */
record Entry(Operation operation, List<String> covers, List<Mistake> mistakes) {
    /**
     * A wrong call.
     *
     * @param what what is wrong
     * @param call the call on a FLOAT64 leaf of shape [2, 3] that holds 1 to 6 and requires a gradient
     * @param parts what the message contains: the operation, the values and shapes involved, the way out
     */
    record Mistake(String what, Function<Tensor, ?> call, List<String> parts) {}

    static Entry entry(Operation operation) {
        return new Entry(operation, List.of(), List.of());
    }

    /** Makes the entry of a function of tensors. */
    static Entry entry(String name, Function<Tensor[], Tensor> function) {
        return entry(Operation.of(name, function));
    }

    /** Makes the entry of a function of tensors and numbers. */
    static Entry entry(String name, BiFunction<Tensor[], int[], Tensor> function) {
        return entry(Operation.of(name, function));
    }

    /**
     * Makes the entry of an elementwise function: the name of the method, the domain, a reference for the value, and the order to which it
     * is differentiable.
     */
    static Entry unary(
            String name, UnaryOperator<Tensor> function, Values domain, DoubleUnaryOperator reference, int order) {
        return ofEach("()", name, function, domain, reference, order);
    }

    /** Makes the entry of an elementwise function whose method takes a number, too. */
    static Entry number(
            String name, UnaryOperator<Tensor> function, Values domain, DoubleUnaryOperator reference, int order) {
        return ofEach("(double)", name, function, domain, reference, order);
    }

    private static Entry ofEach(
            String parameters,
            String name,
            UnaryOperator<Tensor> function,
            Values domain,
            DoubleUnaryOperator reference,
            int order) {
        Operation operation = Operation.unary(name, function)
                .within(domain)
                .referenceEach(reference)
                .order(order);
        return entry(operation).covering(firstWord(name) + parameters).rejects(CommonMistakes.ofOne(function));
    }

    /** Makes the entry of a function of two tensors that broadcast. */
    static Entry binary(
            String name, BinaryOperator<Tensor> function, Values domain, DoubleBinaryOperator reference, int order) {
        return binary(name, function, List.of(domain), reference, order);
    }

    /** Makes the entry of a function of two tensors that broadcast and have different domains. */
    static Entry binary(
            String name,
            BinaryOperator<Tensor> function,
            Values first,
            Values second,
            DoubleBinaryOperator reference,
            int order) {
        return binary(name, function, List.of(first, second), reference, order);
    }

    private static Entry binary(
            String name,
            BinaryOperator<Tensor> function,
            List<Values> domains,
            DoubleBinaryOperator reference,
            int order) {
        Operation operation = Operation.binary(name, function)
                .within(domains.toArray(Values[]::new))
                .referenceEach(reference)
                .order(order);
        return entry(operation).covering(firstWord(name) + "(Tensor)").rejects(CommonMistakes.ofTwo(function));
    }

    /** Returns a copy of this entry that tests the given methods. */
    Entry covering(String... methods) {
        return new Entry(operation, List.of(methods), mistakes);
    }

    // ---- wrong calls ----

    /**
     * Adds a wrong call.
     *
     * @param message what the message contains besides the operation's name, in any order: {@code "axis 2 … [2, 3]"} expects "axis 2" and
     *     "[2, 3]"
     */
    Entry rejects(String what, Function<Tensor, ?> call, String message) {
        return fails(what, call, row() + ": … " + message);
    }

    /** Adds wrong calls that several operations have in common, such as the calls of {@link CommonMistakes}. */
    Entry rejects(UnaryOperator<Entry> common) {
        return common.apply(this);
    }

    /** Adds a wrong call whose message doesn't begin with the operation's name and a colon; {@code message} has all parts of it. */
    Entry fails(String what, Function<Tensor, ?> call, String message) {
        List<Mistake> more = new ArrayList<>(mistakes);
        more.add(new Mistake(what, call, List.of(message.split(" … "))));
        return new Entry(operation, covers, List.copyOf(more));
    }

    // ---- settings, which are those of the operation ----

    Entry shapes(String fitting) {
        return with(operation.shapes(fitting));
    }

    Entry shapes(Arbitrary<List<Shape>> shapes) {
        return with(operation.shapes(shapes));
    }

    Entry dims(int min, int max) {
        return with(operation.dims(min, max));
    }

    Entry axes(int min, int max) {
        return with(operation.axes(min, max));
    }

    Entry within(Values... allowed) {
        return with(operation.within(allowed));
    }

    Entry layouts(Layout... allowed) {
        return with(operation.layouts(allowed));
    }

    Entry arguments(Function<List<Shape>, Arbitrary<int[]>> ofShapes) {
        return with(operation.arguments(ofShapes));
    }

    /** Sets arguments that depend only on the shape of the first tensor. */
    Entry argumentsOf(Function<Shape, Arbitrary<int[]>> ofFirst) {
        return arguments(shapes -> ofFirst.apply(shapes.get(0)));
    }

    Entry reference(Reference expected) {
        return with(operation.reference(expected));
    }

    Entry referenceEach(DoubleUnaryOperator expected) {
        return with(operation.referenceEach(expected));
    }

    Entry referenceEach(DoubleBinaryOperator expected) {
        return with(operation.referenceEach(expected));
    }

    Entry order(int highest) {
        return with(operation.order(highest));
    }

    Entry rtol(double rtol) {
        return with(operation.rtol(rtol));
    }

    Entry except(OperationCheck... checks) {
        return with(operation.except(checks));
    }

    private Entry with(Operation changed) {
        return new Entry(changed, covers, mistakes);
    }

    // ---- reading ----

    /** The texts for the reference page; empty for a form that has no texts of its own. */
    Optional<Notation> notation() {
        return Optional.of(name()).filter(Notation.operations()::contains).map(Notation::of);
    }

    String name() {
        return operation.name();
    }

    /** The name of the reference page's row to which this entry belongs. */
    String row() {
        return firstWord(name());
    }

    private static String firstWord(String name) {
        return name.split("[ (]", 2)[0];
    }

    @Override
    public String toString() {
        return name();
    }
}
