package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireClose;
import static io.adjoint.testkit.Agreement.requireSame;
import static io.adjoint.testkit.Agreement.requireShape;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Debug;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.opentest4j.TestAbortedException;

/** Implements the checks of {@link OperationCheck} for single cases. */
final class Checks {
    /**
     * The tolerance between gradients that sum the same terms in different orders, relative to the largest element of the expected
     * gradient, or to 1 plus the largest element of its first summand if this is larger.
     */
    private static final double SAME_RULE = 1e-13;
    /**
     * The tolerance between a gradient and the difference of two other gradients, relative to the largest element of the difference, or to
     * 1 plus the largest element of the subtracted gradient if this is larger.
     */
    private static final double LINEAR = 1e-8;
    /**
     * An operation is tried with one tensor as two of its inputs; each input is paired with at most this number of earlier inputs, since
     * all pairs of a large layer's parameters would take minutes.
     */
    private static final int PARTNERS = 3;

    private Checks() {}

    private static List<Tensor> copies(Case drawn, UnaryOperator<NdArray> copy) {
        return drawn.inputs().stream()
                .map(input -> Tensor.of(copy.apply(input.data()))
                        .requiresGrad(input.dtype().isFloating()))
                .toList();
    }

    static void value(Operation operation, Case drawn) {
        Tensor value = operation.apply(drawn.tensors(), drawn.integers());
        drawn.result().ifPresent(expected -> requireShape("the value", value.shape(), expected));
        operation.reference().ifPresent(reference -> {
            NdArray[] arrays = drawn.inputs().stream().map(Tensor::data).toArray(NdArray[]::new);
            NdArray expected = reference.of(arrays, drawn.integers());
            requireShape("the value", value.shape(), expected.shape());
            requireClose("the value", value.data(), expected, operation.rtol(), 0, "by the reference");
        });
    }

    /** Checks the gradients of orders {@code from} and higher; another check reports errors in lower orders. */
    static void gradient(Operation operation, Case drawn, int from) {
        int highest = from == 1 ? 1 : operation.order();
        if (operation.order() < from) {
            return;
        }
        int[] floating = IntStream.range(0, drawn.inputs().size())
                .filter(k -> drawn.inputs().get(k).dtype().isFloating())
                .toArray();
        Tensor[] differentiated =
                Arrays.stream(floating).mapToObj(drawn.inputs()::get).toArray(Tensor[]::new);
        GradCheck.Report report = operation.report(
                operation.gradCheck().order(highest),
                given -> {
                    Tensor[] all = drawn.tensors();
                    for (int k = 0; k < floating.length; k++) {
                        all[floating[k]] = given[k];
                    }
                    return all;
                },
                drawn.integers(),
                differentiated);
        if (!report.ok() && report.order() >= from) {
            throw new AssertionError(report.toString());
        }
    }

    static void recorded(Operation operation, Case drawn) {
        GradientRun plain = GradientRun.of(operation, drawn);
        GradientRun recorded = GradientRun.of(operation, GradientRun.leaves(drawn), drawn.integers(), GraphMode.CREATE);
        Tensor[] leaves = GradientRun.leaves(drawn).toArray(new Tensor[0]);
        requireValue("of inputs that require no gradient", operation.apply(drawn.tensors(), drawn.integers()), plain);
        requireValue("within noGrad", Autograd.noGrad(() -> operation.apply(leaves, drawn.integers())), plain);
        for (int k = 0; k < plain.gradients().size(); k++) {
            NdArray expected = plain.gradients().get(k).data();
            NdArray actual = recorded.gradients().get(k).data();
            String what = "the gradient of input " + k + " of a recorded pass";
            requireShape(what, actual.shape(), expected.shape());
            requireClose(what, actual, expected, operation.recordedRtol(), 1, "of a plain one");
        }
        NdArray composed = Debug.composed(() -> operation.apply(drawn.tensors(), drawn.integers()))
                .data();
        requireClose(
                "the value of the composition",
                composed,
                plain.value().data(),
                operation.recordedRtol(),
                1,
                "of the fused operation");
    }

    private static void requireValue(String how, Tensor value, GradientRun recorded) {
        requireSame("the value " + how, value, "if it is recorded", recorded.value());
    }

    static void views(Operation operation, Case drawn) {
        requireSame(
                "for an upstream gradient that is a view",
                GradientRun.of(operation, drawn, value -> Layout.STEPPED.of(GradientRun.distinct(value))),
                "for a contiguous copy",
                GradientRun.of(operation, drawn));
        requireSame(
                "for the upstream gradient of a sum",
                GradientRun.of(operation, drawn, GradientRun::ofSum),
                "for a contiguous copy",
                GradientRun.of(operation, drawn, value -> Literals.copy(GradientRun.ofSum(value))));
        if (drawn.inputs().stream().allMatch(input -> input.data().isContiguous())) {
            return;
        }
        GradientRun view = GradientRun.of(operation, drawn);
        GradientRun copy = GradientRun.of(operation, copies(drawn, NdArray::copy), drawn.integers());
        requireSame("of the views", view, "of contiguous copies", copy);
    }

    @SuppressWarnings("CheckReturnValue") // The value isn't needed: the check compares the inputs after the run.
    static void inputsUnchanged(Operation operation, Case drawn) {
        List<NdArray> before =
                drawn.inputs().stream().map(input -> input.data().copy()).toList();
        operation.apply(drawn.tensors(), drawn.integers());
        GradientRun run = GradientRun.of(operation, drawn);
        for (int k = 0; k < before.size(); k++) {
            requireSame(
                    "input " + k + " after " + (run.gradients().isEmpty() ? "forward" : "forward and backward"),
                    drawn.inputs().get(k).data(),
                    "before",
                    before.get(k));
        }
    }

    static void cotangentUnchanged(Operation operation, Case drawn) {
        GradientRun run = GradientRun.of(operation, drawn);
        requireSame(
                "the upstream gradient is, after the backward pass,",
                run.upstream(),
                "before",
                GradientRun.distinct(run.value()));
    }

    static void zeroCotangent(Operation operation, Case drawn) {
        GradientRun run = GradientRun.of(
                operation, drawn, value -> GradientRun.distinct(value).mul(0));
        for (int k = 0; k < run.gradients().size(); k++) {
            for (double element : run.gradients().get(k).data().toDoubleArray()) {
                if (element != 0) {
                    throw new AssertionError("the upstream gradient is zero, but the gradient of input " + k
                            + " has an element " + element);
                }
            }
        }
    }

    static void linear(Operation operation, Case drawn) {
        GradientRun one = GradientRun.of(operation, drawn, GradientRun::ofSum);
        GradientRun other = GradientRun.of(operation, drawn);
        GradientRun both = GradientRun.of(
                operation, drawn, value -> GradientRun.distinct(value).add(GradientRun.ofSum(value)));
        for (int k = 0; k < one.gradients().size(); k++) {
            Tensor expected = both.gradients().get(k).sub(other.gradients().get(k));
            requireClose(
                    "the gradient of input " + k + " for the upstream gradient of a sum",
                    one.gradients().get(k),
                    expected,
                    // Each of the three gradients has its own rounding errors.
                    Math.max(LINEAR, 3 * operation.recordedRtol()),
                    1 + Agreement.largest(other.gradients().get(k)),
                    "as the difference of two others");
        }
    }

    static void sameTensor(Operation operation, Case drawn) {
        for (int k = 1; k < drawn.inputs().size(); k++) {
            int second = k;
            IntStream.iterate(k - 1, j -> j >= 0, j -> j - 1)
                    .filter(first -> mayBeSame(operation, drawn, first, second))
                    .limit(PARTNERS)
                    .forEach(first -> sameTensor(operation, drawn, first, second));
        }
    }

    private static boolean mayBeSame(Operation operation, Case drawn, int first, int second) {
        Tensor a = drawn.inputs().get(first);
        Tensor b = drawn.inputs().get(second);
        Values values = operation.values(second);
        return a.dtype().isFloating()
                && a.dtype() == b.dtype()
                && a.shape().equals(b.shape())
                && !(values.isDistinct() && operation.values(first).isDistinct())
                && Arrays.stream(a.data().toDoubleArray()).allMatch(values::contains);
    }

    private static void sameTensor(Operation operation, Case drawn, int first, int second) {
        List<Tensor> equal = new ArrayList<>(GradientRun.leaves(drawn));
        equal.set(second, equal.get(first).detach().requiresGrad(true));
        List<Tensor> same = new ArrayList<>(equal);
        same.set(second, same.get(first));
        GradientRun ofEqual = GradientRun.of(operation, equal, drawn.integers());
        GradientRun ofSame = GradientRun.of(operation, same, drawn.integers());
        String inputs = " of one tensor for the inputs " + first + " and " + second;
        requireSame("the value" + inputs, ofSame.value(), "of two equal ones", ofEqual.value());
        for (int k = 0; k < ofSame.leaves().size(); k++) {
            Tensor expected = ofEqual.gradients()
                    .get(ofEqual.leaves().indexOf(ofSame.leaves().get(k)));
            boolean isSum = ofSame.leaves().get(k) == same.get(second);
            Tensor other = ofEqual.gradients().get(ofEqual.leaves().indexOf(equal.get(second)));
            requireClose(
                    "the gradient" + (isSum ? inputs : ""),
                    ofSame.gradients().get(k),
                    (isSum ? expected.add(other) : expected),
                    SAME_RULE,
                    1 + Agreement.largest(expected),
                    "of two equal ones");
        }
    }

    static void repeatable(Operation operation, Case drawn) {
        List<Tensor> leaves = GradientRun.leaves(drawn);
        GradientRun first = GradientRun.of(operation, leaves, drawn.integers());
        GradientRun kept = first.copy();
        requireSame(
                "of the second run", GradientRun.of(operation, leaves, drawn.integers()), "of the first run", first);
        // The third run has another upstream gradient, so it would change the first results if backward rules wrote to
        // the same buffer in every run.
        GradientRun.of(operation, drawn, other -> first.upstream().mul(-2));
        StateChecks.keptGraph(inputs -> operation.apply(inputs, drawn.integers()), leaves);
        requireSame("of the first run, after a second run,", first, "before", kept);
    }

    /**
     * Checks that no gradient shares an array with an input. An upstream gradient of ones is tried, too: a backward rule that multiplies an
     * input by the upstream gradient may skip the multiplication by ones, and return the input itself.
     */
    static void unshared(Operation operation, Case drawn) {
        unshared(operation, drawn, GradientRun::distinct);
        unshared(operation, drawn, value -> Literals.copy(GradientRun.ofSum(value)));
    }

    private static void unshared(Operation operation, Case drawn, UnaryOperator<Tensor> upstream) {
        List<Tensor> leaves = copies(drawn, NdArray::copy);
        GradientRun run = GradientRun.of(operation, leaves, drawn.integers(), upstream);
        GradientRun kept = run.copy();
        for (Tensor leaf : run.leaves()) {
            InPlace.assign(leaf.data(), NdArray.full(leaf.dtype(), leaf.shape(), -17));
        }
        for (int k = 0; k < kept.gradients().size(); k++) {
            requireSame(
                    "the gradient of input " + k + ", after a step that changed the inputs,",
                    run.gradients().get(k),
                    "before",
                    kept.gradients().get(k));
        }
    }

    static void eachInputAlone(Operation operation, Case drawn) {
        GradientRun joint = GradientRun.of(operation, drawn);
        if (operation.apply(drawn.tensors(), drawn.integers()).requiresGrad()) {
            throw new AssertionError("the value requires a gradient though no input does");
        }
        int gradient = 0;
        for (int k = 0; k < drawn.inputs().size(); k++) {
            if (!drawn.inputs().get(k).dtype().isFloating()) {
                continue;
            }
            List<Tensor> inputs = new ArrayList<>(drawn.inputs());
            inputs.set(k, inputs.get(k).detach().requiresGrad(true));
            GradientRun alone = GradientRun.of(operation, inputs, drawn.integers());
            requireSame(
                    "the gradient of input " + k + ", the only one that requires one,",
                    alone.gradients().get(0),
                    "if all require one",
                    joint.gradients().get(gradient));
            gradient++;
        }
    }

    static void empty(Operation operation, Case drawn) {
        if (drawn.inputs().stream().noneMatch(input -> input.shape().size() == 0)) {
            return;
        }
        GradientRun run;
        try {
            value(operation, drawn);
            run = GradientRun.of(operation, drawn);
        } catch (TestAbortedException assumption) {
            throw assumption;
        } catch (RuntimeException refused) {
            throw new AssertionError(
                    "empty inputs are refused: " + refused
                            + "; an operation that has no value for nothing is excepted from OperationCheck.EMPTY",
                    refused);
        }
        for (int k = 0; k < run.gradients().size(); k++) {
            requireShape(
                    "the gradient of input " + k,
                    run.gradients().get(k).shape(),
                    run.leaves().get(k).shape());
        }
    }
}
