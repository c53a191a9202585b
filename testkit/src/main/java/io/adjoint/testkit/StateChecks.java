package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireSame;

import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.InPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.opentest4j.TestAbortedException;

/**
 * Checks that an evaluation of an operation or a layer depends on its inputs only, and not on other evaluations, earlier elements of the
 * inputs, or the thread.
 */
final class StateChecks {
    /** The number of passes that each of several threads makes, and the time in nanoseconds after which fewer are enough. */
    private static final int PASSES = 6;

    private static final long MOST_NANOS = 10_000_000;

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
     * Runs two backward passes over the graph of one forward pass, with different upstream gradients. The second pass must give the
     * gradients of a first pass with its upstream gradient.
     */
    static void keptGraph(Function<Tensor[], Tensor> function, List<Tensor> inputs) {
        Tensor[] given = inputs.toArray(new Tensor[0]);
        Tensor value = function.apply(given);
        GradientRun first = GradientRun.backward(value, GradientRun.distinct(value), inputs, GraphMode.KEEP);
        Tensor other = first.upstream().mul(-2);
        GradientRun second = GradientRun.backward(value, other, inputs, GraphMode.KEEP);
        requireSame(
                "of a second backward pass over the same graph, with another upstream gradient,",
                second,
                "of a single one",
                GradientRun.backward(function.apply(given), other, inputs, GraphMode.FREE));
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
        List<Tensor> leaves = GradientRun.leaves(drawn);
        backwardElsewhere(operation.apply(leaves.toArray(new Tensor[0]), drawn.integers()), leaves, here);
        Case other = operation.other(drawn);
        Supplier<GradientRun> one = () -> GradientRun.of(operation, drawn);
        Supplier<GradientRun> another = () -> GradientRun.of(operation, other);
        // Of four threads, two compute at the same time even on a busy machine.
        together(List.of(one, another, one, another));
    }

    /** Requires that the backward pass of a value on another thread gives the gradients of a run on this thread. */
    static void backwardElsewhere(Tensor value, List<Tensor> inputs, GradientRun here) {
        requireSame(
                "with the backward pass on another thread",
                OtherThread.result(
                        OtherThread.start("a thread of a backward pass", () -> GradientRun.backward(value, inputs))),
                "on one thread",
                here);
    }

    /**
     * Requires that runs give the same bits on threads of their own, all at the same time, as one after the other. Each thread goes on
     * until all have made their passes: on a busy machine one thread could end before another one begins.
     */
    static void together(List<Supplier<GradientRun>> runs) {
        List<GradientRun> alone = runs.stream().map(run -> run.get().copy()).toList();
        AtomicInteger unfinished = new AtomicInteger(runs.size());
        List<FutureTask<Boolean>> tasks = IntStream.range(0, runs.size())
                .mapToObj(k -> OtherThread.start(
                        "one of several threads", () -> repeat(runs.get(k), alone.get(k), unfinished)))
                .toList();
        List<Throwable> failures = new ArrayList<>();
        for (FutureTask<Boolean> task : tasks) {
            try {
                OtherThread.result(task);
            } catch (RuntimeException | Error failure) {
                failures.add(failure);
            }
        }
        for (Throwable failure : failures) {
            if (failure instanceof TestAbortedException assumption) {
                throw assumption;
            }
            throw failure instanceof AssertionError different
                    ? different
                    : new AssertionError("with several threads at once: " + failure, failure);
        }
    }

    private static boolean repeat(Supplier<GradientRun> run, GradientRun alone, AtomicInteger unfinished) {
        long begin = System.nanoTime();
        boolean isDone = false;
        try {
            for (int pass = 1; unfinished.get() > 0; pass++) {
                requireSame("with several threads at once", run.get(), "with one", alone);
                if (!isDone && (pass == PASSES || System.nanoTime() - begin > MOST_NANOS)) {
                    isDone = true;
                    unfinished.decrementAndGet();
                }
            }
            return true;
        } finally {
            unfinished.set(0); // after a failure the other threads need not go on
        }
    }
}
