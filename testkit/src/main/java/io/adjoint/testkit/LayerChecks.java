package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireSame;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Modes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The checks of {@link LayerCheck} that are of passes, case by case; {@link LayerStateChecks} has those of what a layer keeps. */
final class LayerChecks {
    /** Forward passes of each thread, so that some are at the same time. */
    private static final int ROUNDS = 20;

    /** More elements than a thread takes at once, which are 8,192. */
    private static final int LARGE = 9_000;
    /** The number of elements of a large input at which the gradient is compared. */
    private static final int SOME = 50;

    private LayerChecks() {}

    static List<Tensor> inputs(LayerSpec layer, Case drawn) {
        return drawn.inputs().subList(0, layer.inputCount());
    }

    private static String mode(Case drawn) {
        return LayerSpec.isTraining(drawn) ? "in training" : "in evaluation";
    }

    /** Inputs of the same shapes with the same elements in the reverse order. */
    private static List<Tensor> reversed(List<Tensor> inputs) {
        List<Tensor> reversed = new ArrayList<>();
        for (Tensor input : inputs) {
            double[] elements = input.data().toDoubleArray();
            double[] backwards = new double[elements.length];
            for (int e = 0; e < elements.length; e++) {
                backwards[e] = elements[elements.length - 1 - e];
            }
            reversed.add(Tensor.of(NdArray.of(input.shape(), backwards).to(input.dtype())));
        }
        return reversed;
    }

    // ---- passes ----

    static void usedTwice(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        boolean training = LayerSpec.isTraining(drawn);
        try {
            StateChecks.interleaved(
                    leaves -> {
                        subject.begin(training);
                        return subject.run(Arrays.copyOf(leaves, layer.inputCount()));
                    },
                    subject.leaves(inputs(layer, drawn)),
                    subject.leaves(reversed(inputs(layer, drawn))));
        } catch (AssertionError failure) {
            throw new AssertionError(mode(drawn) + ": " + failure.getMessage(), failure);
        }
    }

    static void frozen(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        List<Tensor> x = inputs(layer, drawn);
        subject.begin(LayerSpec.isTraining(drawn));
        Run all = subject.forward(x).backward().copy();
        subject.begin(LayerSpec.isTraining(drawn));
        requireSameGradients(drawn, subject.forwardOfConstants(x), all, "of inputs that require none");
        subject.block().namedParameters().forEach((path, parameter) -> {
            parameter.freeze();
            subject.begin(LayerSpec.isTraining(drawn));
            requireSameGradients(drawn, subject.forward(x), all, "if " + path + " is frozen");
            subject.block().freeze();
            parameter.unfreeze();
            subject.begin(LayerSpec.isTraining(drawn));
            requireSameGradients(drawn, subject.forward(x), all, "if all but " + path + " are frozen");
            subject.block().unfreeze();
        });
        subject.block().freeze();
        subject.begin(LayerSpec.isTraining(drawn));
        requireSameGradients(drawn, subject.forward(x), all, "if all parameters are frozen");
    }

    /** Of those leaves that require a gradient now, the gradients are those of a run in which all did. */
    private static void requireSameGradients(Case drawn, Subject.Pass pass, Run all, String condition) {
        requireSame(
                mode(drawn) + ": the value " + condition,
                pass.value().data(),
                "otherwise",
                all.value().data());
        Run run = pass.backward();
        int given = 0;
        int found = 0;
        for (int k = 0; k < pass.leaves().size(); k++) {
            Tensor leaf = pass.leaves().get(k);
            if (leaf.requiresGrad()) {
                requireSame(
                        mode(drawn) + ": the gradient of input " + k + " " + condition,
                        run.gradients().get(found++).data(),
                        "otherwise",
                        all.gradients().get(given).data());
            }
            given += leaf.dtype().isFloating() ? 1 : 0;
        }
    }

    static void threads(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        subject.begin(false);
        List<List<Tensor>> given = List.of(inputs(layer, drawn), reversed(inputs(layer, drawn)));
        List<Run> alone =
                given.stream().map(x -> subject.forward(x).backward().copy()).toList();
        CountDownLatch together = new CountDownLatch(given.size());
        List<FutureTask<List<Run>>> tasks = given.stream()
                .map(x -> new FutureTask<>((Callable<List<Run>>) () -> {
                    together.countDown();
                    together.await();
                    List<Run> runs = new ArrayList<>();
                    for (int round = 0; round < ROUNDS; round++) {
                        runs.add(subject.forward(x).backward());
                    }
                    return runs;
                }))
                .toList();
        for (FutureTask<List<Run>> task : tasks) {
            Thread thread = new Thread(task, "a thread of LayerCheck.THREADS");
            thread.setDaemon(true);
            thread.start();
        }
        for (int k = 0; k < tasks.size(); k++) {
            for (Run run : result(tasks.get(k))) {
                requireSame("in evaluation, with two threads at once,", run, "with one", alone.get(k));
            }
        }
    }

    private static List<Run> result(FutureTask<List<Run>> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new AssertionError("in evaluation, with two threads at once: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // ---- size ----

    static void manySamples(LayerSpec layer) {
        Subject subject = new Subject(layer, DType.FLOAT64);
        long seed = layer.name().hashCode();
        Search.once(layer.operation(true).differentiableCases(), seed, drawn -> {
            subject.begin(true);
            subject.forward(inputs(layer, drawn));
        });
        // A large case takes long, so not both if the block never asks which one it is.
        for (Operation operation :
                layer.large(LARGE, Modes.matter(subject.block()) ? List.of(false, true) : List.of(false))) {
            Search.once(operation.differentiableCases(), seed, drawn -> {
                try {
                    operation.check(OperationCheck.VALUE, drawn);
                    largeGradient(operation, drawn);
                } catch (AssertionError failure) {
                    throw new AssertionError(
                            "for inputs " + drawn.shapes() + " " + mode(drawn) + ": " + failure.getMessage(), failure);
                }
            });
        }
    }

    /** Along one direction in all inputs together, as an evaluation takes long. */
    private static void largeGradient(Operation operation, Case drawn) {
        if (operation.skips(OperationCheck.GRADIENT) || operation.order() == 0) {
            return;
        }
        List<Tensor> compared = new ArrayList<>();
        List<UnaryOperator<Tensor>> inserted = new ArrayList<>();
        for (Tensor input : drawn.inputs()) {
            if (!input.dtype().isFloating()) {
                continue;
            }
            Tensor elements = input.flatten();
            int size = input.shape().size();
            // All elements at once would take kinks within the layer, of which some element is always close, for
            // mistakes.
            int count = Math.min(size, SOME);
            Tensor positions = Tensor.of(IntStream.range(0, count)
                    .map(k -> size - 1 - k * (size / count))
                    .toArray());
            compared.add(elements.indexSelect(0, positions));
            inserted.add(given -> elements.scatter(0, positions, given).reshape(input.shape()));
        }
        if (compared.isEmpty()) {
            return;
        }
        GradCheck.Report report = operation
                .gradCheck()
                .report(
                        given -> {
                            Tensor[] inputs = drawn.tensors();
                            int from = 0;
                            int next = 0;
                            for (int k = 0; k < inputs.length; k++) {
                                if (inputs[k].dtype().isFloating()) {
                                    int to = from + compared.get(next).shape().size();
                                    inputs[k] = inserted.get(next++).apply(given[0].slice(0, from, to));
                                    from = to;
                                }
                            }
                            return operation.apply(inputs, drawn.integers());
                        },
                        Tensor.concat(0, compared));
        if (!report.ok()) {
            throw new AssertionError("of all inputs, the last elements of each first, end to end, the " + report);
        }
    }
}
