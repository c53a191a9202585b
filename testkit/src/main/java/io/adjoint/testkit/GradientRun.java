package io.adjoint.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The results of a forward and a backward pass: a value, its upstream gradient, and the gradients of the inputs that require a gradient.
 * The gradient is zeros for an input on which the value doesn't depend.
 */
record GradientRun(Tensor value, Tensor upstream, List<Tensor> leaves, List<Tensor> gradients) {
    static GradientRun of(Operation operation, Case drawn) {
        return of(operation, leaves(drawn), drawn.integers());
    }

    static GradientRun of(Operation operation, List<Tensor> inputs, int[] arguments) {
        return of(operation, inputs, arguments, GraphMode.FREE);
    }

    static GradientRun of(Operation operation, List<Tensor> inputs, int[] arguments, GraphMode graph) {
        Tensor value = operation.apply(inputs.toArray(new Tensor[0]), arguments);
        return backward(value, distinct(value), inputs, graph);
    }

    /** Runs any function, and differentiates it with respect to each input that requires a gradient. */
    static GradientRun of(Function<Tensor[], Tensor> function, List<Tensor> inputs) {
        return backward(function.apply(inputs.toArray(new Tensor[0])), inputs);
    }

    /** Runs the backward pass of a value that has been computed already. */
    static GradientRun backward(Tensor value, List<Tensor> inputs) {
        return backward(value, distinct(value), inputs, GraphMode.FREE);
    }

    /** Runs an operation with an upstream gradient that a function makes from the value. */
    @CanIgnoreReturnValue
    static GradientRun of(Operation operation, Case drawn, UnaryOperator<Tensor> upstream) {
        return of(operation, leaves(drawn), drawn.integers(), upstream);
    }

    @CanIgnoreReturnValue
    static GradientRun of(Operation operation, List<Tensor> inputs, int[] arguments, UnaryOperator<Tensor> upstream) {
        Tensor value = operation.apply(inputs.toArray(new Tensor[0]), arguments);
        return backward(value, upstream.apply(value), inputs, GraphMode.FREE);
    }

    /** Runs a backward pass of a value, with an upstream gradient, that keeps the graph, records itself, or does neither. */
    static GradientRun backward(Tensor value, Tensor upstream, List<Tensor> inputs, GraphMode graph) {
        List<Tensor> leaves =
                inputs.stream().filter(Tensor::requiresGrad).distinct().toList();
        if (!value.requiresGrad()) {
            return new GradientRun(
                    value,
                    upstream,
                    leaves,
                    leaves.stream().map(GradientRun::zeros).toList());
        }
        Gradients found = Autograd.gradients(List.of(value), List.of(upstream), leaves, graph);
        return new GradientRun(
                value,
                upstream,
                leaves,
                leaves.stream()
                        .map(leaf -> found.find(leaf).orElseGet(() -> zeros(leaf)))
                        .toList());
    }

    /** A copy with new arrays for the value and the gradients. */
    GradientRun copy() {
        return new GradientRun(
                copy(value),
                upstream,
                leaves,
                gradients.stream().map(GradientRun::copy).toList());
    }

    private static Tensor copy(Tensor tensor) {
        return Tensor.of(tensor.data().copy());
    }

    /** The inputs of a case, of which floating inputs are leaves that require a gradient. */
    static List<Tensor> leaves(Case drawn) {
        return drawn.inputs().stream()
                .map(input -> input.dtype().isFloating() ? input.detach().requiresGrad(true) : input)
                .toList();
    }

    private static Tensor zeros(Tensor like) {
        return Tensor.of(NdArray.zeros(like.dtype(), like.shape()));
    }

    // ---- upstream gradients ----

    /** An upstream gradient whose elements are all different. */
    static Tensor distinct(Tensor value) {
        SplittableRandom random = new SplittableRandom(1);
        double[] numbers = random.doubles(value.shape().size(), 0.5, 1.5).toArray();
        return Tensor.of(NdArray.wrap(value.shape(), numbers).to(gradientType(value)));
    }

    /** The upstream gradient of {@code value.sum()}: a broadcast view of a single 1. */
    static Tensor ofSum(Tensor value) {
        return Tensor.of(NdArray.full(gradientType(value), Shape.scalar(), 1).broadcastTo(value.shape()));
    }

    private static DType gradientType(Tensor value) {
        return value.dtype().isFloating() ? value.dtype() : DType.FLOAT64;
    }
}
