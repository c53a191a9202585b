package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireSame;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.InPlace;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Checks that an evaluation of an operation or a layer depends on its inputs only, and not on other evaluations, earlier elements of the
 * inputs, or the thread.
 */
final class StateChecks {
    private StateChecks() {}

    static void interleaved(Operation operation, Case drawn) {
        interleaved(
                inputs -> operation.apply(inputs, drawn.integers()),
                GradientRun.leaves(drawn),
                GradientRun.leaves(operation.other(drawn)));
    }

    /**
     * Computes a value, then another value, then the gradients of the first value, then the gradients of the other value. Each result must
     * be the same as in a separate run.
     *
     * <p>For a layer the function is its forward pass, the inputs are the layer's inputs followed by its parameters, and the parameters are
     * the same tensors in both lists. A function that changes buffers or draws random numbers has to reset buffers and generator first.
     *
     * @param inputs the inputs; the gradients of inputs that require a gradient are compared
     * @param others the inputs of the other evaluation
     */
    static void interleaved(Function<Tensor[], Tensor> function, List<Tensor> inputs, List<Tensor> others) {
        GradientRun alone = GradientRun.of(function, inputs).copy();
        GradientRun otherAlone = GradientRun.of(function, others).copy();
        Tensor value = function.apply(inputs.toArray(new Tensor[0]));
        Tensor otherValue = function.apply(others.toArray(new Tensor[0]));
        requireSame(
                "with another evaluation between forward and backward",
                GradientRun.backward(value, inputs),
                "if run alone",
                alone);
        requireSame(
                "of an evaluation between forward and backward of another",
                GradientRun.backward(otherValue, others),
                "if run alone",
                otherAlone);
    }

    /**
     * Runs two steps in one {@link Workspace}, one after the other.
     *
     * @param situation the beginning of the messages of errors
     * @param steps gets the number of a step, computes outside of the workspace the results that the step must equal, and returns the step
     * @throws AssertionError if a step reads a tensor of the step before
     */
    static void inSteps(String situation, IntFunction<Runnable> steps) {
        Workspace workspace = new Workspace();
        for (int number = 1; number <= 2; number++) {
            Runnable step = steps.apply(number);
            try {
                workspace.run(step);
            } catch (AssertionError | IllegalStateException failure) {
                throw new AssertionError(situation + failure.getMessage(), failure);
            }
        }
    }

    /** Copies of tensors that can be read only until the current step of a {@link Workspace} ends, as is true of results of operations. */
    static List<Tensor> ofStep(List<Tensor> tensors) {
        return tensors.stream()
                .map(tensor -> Tensor.stack(0, tensor).squeeze(0))
                .toList();
    }

    static void afterStep(Operation operation, Case drawn) {
        Case changed = operation.other(drawn);
        List<Tensor> leaves = GradientRun.leaves(drawn.contiguous());
        GradientRun.of(operation, leaves, drawn.integers(), GradientRun::distinct);
        for (int k = 0; k < leaves.size(); k++) {
            InPlace.assign(leaves.get(k).data(), changed.inputs().get(k).data());
        }
        requireSame(
                "of inputs that were changed in place after a first run",
                GradientRun.of(operation, leaves, drawn.integers()),
                "of new inputs with these elements",
                GradientRun.of(operation, changed));
    }

    static void otherThread(Operation operation, Case drawn) {
        GradientRun here = GradientRun.of(operation, drawn);
        GradientRun there = OtherThread.result(OtherThread.start(
                "another thread of OperationCheck.OTHER_THREAD", () -> GradientRun.of(operation, drawn)));
        requireSame("on another thread", there, "on this one", here);
    }
}
