package io.adjoint.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.Graph;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** What {@link OperationCheck} checks, case by case. */
final class Checks {
    /** How far two forms of one rule may be apart, relative to the largest element or to 1. */
    private static final double SAME_RULE = 1e-13;

    private Checks() {}

    // ---- running an operation ----

    /** A value, what arrived at it, and the gradients of the floating inputs, zeros where nothing arrives. */
    private record Run(Tensor value, Tensor arriving, List<Tensor> leaves, List<Tensor> gradients) {}

    private static Run run(Operation operation, List<Tensor> inputs, int[] arguments) {
        return run(operation, inputs, arguments, Graph.FREE);
    }

    private static Run run(Operation operation, List<Tensor> inputs, int[] arguments, Graph graph) {
        Tensor value = operation.apply(inputs.toArray(new Tensor[0]), arguments);
        return run(value, cotangent(value), inputs, graph);
    }

    private static Run run(Operation operation, Case drawn) {
        return run(operation, leaves(drawn), drawn.integers());
    }

    @CanIgnoreReturnValue
    private static Run run(Tensor value, Tensor arriving, List<Tensor> inputs, Graph graph) {
        List<Tensor> leaves = inputs.stream().filter(Tensor::requiresGrad).toList();
        if (!value.requiresGrad()) {
            return new Run(
                    value, arriving, leaves, leaves.stream().map(Checks::zeros).toList());
        }
        Gradients found = Autograd.gradients(List.of(value), List.of(arriving), leaves, graph);
        return new Run(
                value,
                arriving,
                leaves,
                leaves.stream()
                        .map(leaf -> found.find(leaf).orElseGet(() -> zeros(leaf)))
                        .toList());
    }

    private static List<Tensor> leaves(Case drawn) {
        return drawn.inputs().stream()
                .map(input -> input.dtype().isFloating() ? input.detach().requiresGrad(true) : input)
                .toList();
    }

    private static List<Tensor> copies(Case drawn, UnaryOperator<NdArray> copy) {
        return drawn.inputs().stream()
                .map(input -> Tensor.of(copy.apply(input.data()))
                        .requiresGrad(input.dtype().isFloating()))
                .toList();
    }

    private static Tensor zeros(Tensor like) {
        return Tensor.of(NdArray.zeros(like.dtype(), like.shape()));
    }

    private static Tensor cotangent(Tensor value) {
        SplittableRandom random = new SplittableRandom(1);
        double[] numbers = random.doubles(value.shape().size(), 0.5, 1.5).toArray();
        DType dtype = value.dtype().isFloating() ? value.dtype() : DType.FLOAT64;
        return Tensor.of(NdArray.wrap(value.shape(), numbers).to(dtype));
    }

    // ---- the checks ----

    static void value(Operation operation, Case drawn) {
        Tensor value = operation.apply(drawn.tensors(), drawn.integers());
        drawn.result().ifPresent(expected -> requireShape("the value", value.shape(), expected));
        operation.reference().ifPresent(reference -> {
            NdArray[] arrays = drawn.inputs().stream().map(Tensor::data).toArray(NdArray[]::new);
            NdArray expected = reference.of(arrays, drawn.integers());
            requireShape("the value", value.shape(), expected.shape());
            requireClose("the value", value.data(), expected, operation.tolerance(), 0, "by the reference");
        });
    }

    /** The gradients from one order on: an error of a lower order is not this check's. */
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
        GradCheck.Report report = operation
                .gradCheck()
                .order(highest)
                .report(
                        inputs -> {
                            Tensor[] all = drawn.tensors();
                            for (int k = 0; k < floating.length; k++) {
                                all[floating[k]] = inputs[k];
                            }
                            return operation.apply(all, drawn.integers());
                        },
                        differentiated);
        if (!report.ok() && report.order() >= from) {
            throw new AssertionError(report.toString());
        }
    }

    static void recorded(Operation operation, Case drawn) {
        Run plain = run(operation, drawn);
        Run recorded = run(operation, leaves(drawn), drawn.integers(), Graph.CREATE);
        for (int k = 0; k < plain.gradients().size(); k++) {
            NdArray expected = plain.gradients().get(k).data();
            NdArray actual = recorded.gradients().get(k).data();
            String what = "the gradient of input " + k + " of a recorded pass";
            requireShape(what, actual.shape(), expected.shape());
            requireClose(what, actual, expected, SAME_RULE, 1, "of a plain one");
        }
    }

    static void views(Operation operation, Case drawn) {
        if (drawn.inputs().stream().allMatch(input -> input.data().isContiguous())) {
            return;
        }
        Run view = run(operation, drawn);
        Run copy = run(operation, copies(drawn, NdArray::copy), drawn.integers());
        requireSame("of the views", view, "of contiguous copies", copy);
    }

    @SuppressWarnings("CheckReturnValue") // Only what it leaves behind counts.
    static void inputsUnchanged(Operation operation, Case drawn) {
        List<NdArray> before =
                drawn.inputs().stream().map(input -> input.data().copy()).toList();
        operation.apply(drawn.tensors(), drawn.integers());
        Run run = run(operation, drawn);
        for (int k = 0; k < before.size(); k++) {
            requireSame(
                    "input " + k + " after " + (run.gradients().isEmpty() ? "forward" : "forward and backward"),
                    drawn.inputs().get(k).data(),
                    "before",
                    before.get(k));
        }
    }

    static void cotangentUnchanged(Operation operation, Case drawn) {
        Run run = run(operation, drawn);
        requireSame(
                "the gradient that arrived is, after the backward pass,",
                run.arriving().data(),
                "before",
                cotangent(run.value()).data());
    }

    static void zeroCotangent(Operation operation, Case drawn) {
        List<Tensor> leaves = leaves(drawn);
        Tensor value = operation.apply(leaves.toArray(new Tensor[0]), drawn.integers());
        Run run = run(value, cotangent(value).mul(0), leaves, Graph.FREE);
        for (int k = 0; k < run.gradients().size(); k++) {
            for (double element : run.gradients().get(k).data().toDoubleArray()) {
                if (element != 0) {
                    throw new AssertionError(
                            "a zero gradient arrives, but the gradient of input " + k + " has an element " + element);
                }
            }
        }
    }

    static void repeatable(Operation operation, Case drawn) {
        List<Tensor> leaves = leaves(drawn);
        Run first = run(operation, leaves, drawn.integers());
        List<NdArray> kept = first.gradients().stream()
                .map(gradient -> gradient.data().copy())
                .toList();
        NdArray value = first.value().data().copy();
        Run second = run(operation, leaves, drawn.integers());
        requireSame("of the second run", second, "of the first run", first);
        // With another gradient arriving, so that a buffer that the rules use again shows.
        run(
                operation.apply(leaves.toArray(new Tensor[0]), drawn.integers()),
                first.arriving().mul(-2),
                leaves,
                Graph.FREE);
        requireSame("the first value, after a second run,", first.value().data(), "before", value);
        for (int k = 0; k < kept.size(); k++) {
            requireSame(
                    "the first gradient of input " + k + ", after a second run,",
                    first.gradients().get(k).data(),
                    "before",
                    kept.get(k));
        }
    }

    static void unshared(Operation operation, Case drawn) {
        List<Tensor> leaves = copies(drawn, NdArray::copy);
        Run run = run(operation, leaves, drawn.integers());
        List<NdArray> kept =
                run.gradients().stream().map(gradient -> gradient.data().copy()).toList();
        for (Tensor leaf : run.leaves()) {
            InPlace.assign(leaf.data(), NdArray.full(leaf.dtype(), leaf.shape(), -17));
        }
        for (int k = 0; k < kept.size(); k++) {
            requireSame(
                    "the gradient of input " + k + ", after a step that changed the inputs,",
                    run.gradients().get(k).data(),
                    "before",
                    kept.get(k));
        }
    }

    static void eachInputAlone(Operation operation, Case drawn) {
        Run joint = run(operation, drawn);
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
            Run alone = run(operation, inputs, drawn.integers());
            requireSame(
                    "the gradient of input " + k + ", the only one that requires one,",
                    alone.gradients().get(0).data(),
                    "if all require one",
                    joint.gradients().get(gradient).data());
            gradient++;
        }
    }

    static void empty(Operation operation, Case drawn) {
        if (drawn.inputs().stream().noneMatch(input -> input.shape().size() == 0)) {
            return;
        }
        value(operation, drawn);
        Run run = run(operation, drawn);
        for (int k = 0; k < run.gradients().size(); k++) {
            requireShape(
                    "the gradient of input " + k,
                    run.gradients().get(k).shape(),
                    run.leaves().get(k).shape());
        }
    }

    static void floats(Operation operation, Case drawn) {
        // Both compute with what FLOAT32 can represent.
        List<Tensor> narrow = copies(drawn, array -> array.dtype().isFloating() ? array.to(DType.FLOAT32) : array);
        List<Tensor> wide = copies(
                drawn,
                array -> array.dtype().isFloating() ? array.to(DType.FLOAT32).to(DType.FLOAT64) : array);
        Run floats = run(operation, narrow, drawn.integers());
        Run doubles = run(operation, wide, drawn.integers());
        requireFloat("the value", floats.value(), doubles.value(), operation);
        for (int k = 0; k < floats.gradients().size(); k++) {
            requireFloat(
                    "the gradient of input " + k,
                    floats.gradients().get(k),
                    doubles.gradients().get(k),
                    operation);
        }
    }

    private static void requireFloat(String what, Tensor narrow, Tensor wide, Operation operation) {
        if (wide.dtype() == DType.FLOAT64 && narrow.dtype() != DType.FLOAT32) {
            throw new AssertionError(what + " of FLOAT32 inputs is " + narrow.dtype());
        }
        requireShape(what + " of FLOAT32 inputs", narrow.shape(), wide.shape());
        requireClose(
                what + " of FLOAT32 inputs", narrow.data(), wide.data(), operation.floatTolerance(), 1, "in FLOAT64");
    }

    // ---- comparison ----

    private static void requireShape(String what, Shape actual, Shape expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + " has shape " + actual + ", expected " + expected);
        }
    }

    private static void requireSame(String ofActual, Run actual, String ofExpected, Run expected) {
        requireSame(
                "the value " + ofActual,
                actual.value().data(),
                ofExpected,
                expected.value().data());
        for (int k = 0; k < expected.gradients().size(); k++) {
            requireSame(
                    "the gradient of input " + k + " " + ofActual,
                    actual.gradients().get(k).data(),
                    ofExpected,
                    expected.gradients().get(k).data());
        }
    }

    /** The same bits, except that zeros may have either sign. */
    private static void requireSame(String what, NdArray actual, String other, NdArray expected) {
        requireShape(what, actual.shape(), expected.shape());
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        for (int e = 0; e < a.length; e++) {
            if (Double.compare(a[e] + 0.0, b[e] + 0.0) != 0) {
                throw new AssertionError(
                        what + place(actual.shape(), e) + " is " + a[e] + ", but " + other + " " + b[e]);
            }
        }
    }

    private static void requireClose(
            String what, NdArray actual, NdArray expected, double relative, double floor, String by) {
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        double scale =
                Arrays.stream(b).filter(Double::isFinite).map(Math::abs).max().orElse(0);
        double allowed = relative * Math.max(scale, floor);
        int worst = -1;
        double error = 0;
        for (int e = 0; e < a.length; e++) {
            boolean same = Double.compare(a[e], b[e]) == 0;
            double difference = same ? 0 : Math.abs(a[e] - b[e]);
            if (!(difference <= allowed) && !(difference <= error)) {
                worst = e;
                error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
            }
        }
        if (worst >= 0) {
            throw new AssertionError(what + place(actual.shape(), worst) + " is " + a[worst] + ", but " + by + " "
                    + b[worst] + " (off by " + (a[worst] - b[worst]) + ")");
        }
    }

    private static String place(Shape shape, int element) {
        return " at " + Arrays.toString(shape.unravelIndex(element));
    }
}
