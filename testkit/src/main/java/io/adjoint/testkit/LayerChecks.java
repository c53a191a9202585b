package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireClose;
import static io.adjoint.testkit.Agreement.requireSame;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Model;
import io.adjoint.nn.Modes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Implements the checks of {@link LayerCheck} that concern forward and backward passes; {@link LayerStateChecks} has the checks of a
 * layer's state.
 */
final class LayerChecks {
    /** The largest number of elements of each input for which the gradients of a large case are checked. */
    private static final int SOME = 50;
    /** The number of large cases: in a single one a parameter may be 0, which hides wrong gradients. */
    private static final int LARGE_CASES = 2;

    /** The largest number of samples of a batch that are computed by themselves. */
    private static final int SAMPLES = 4;

    private LayerChecks() {}

    /**
     * The inputs of the layer in a case, without the parameters that follow them; floating inputs are converted to the layer's first dtype.
     */
    static List<Tensor> inputs(LayerSpec layer, Case drawn) {
        return drawn.inputs().subList(0, layer.inputCount()).stream()
                .map(input -> input.dtype().isFloating() ? input.to(layer.dtype()) : input)
                .toList();
    }

    static String mode(Case drawn) {
        return LayerSpec.isTraining(drawn) ? "in training" : "in evaluation";
    }

    /** Tensors with the shapes of the inputs, and with the elements of each input in reverse order. */
    static List<Tensor> reversed(List<Tensor> inputs) {
        return inputs.stream()
                .map(input -> Tensor.of(input.data().flip().copy()))
                .toList();
    }

    // ---- passes ----

    static void usedTwice(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        boolean training = LayerSpec.isTraining(drawn);
        Function<Tensor[], Tensor> run = leaves -> {
            subject.begin(training);
            return subject.run(Arrays.copyOf(leaves, layer.inputCount()));
        };
        List<Tensor> leaves = subject.leaves(inputs(layer, drawn));
        List<Tensor> others = subject.leaves(reversed(inputs(layer, drawn)));
        Failures.during(mode(drawn) + ": ", () -> {
            StateChecks.interleaved(run, leaves, others);
            StateChecks.keptGraph(run, leaves);
            GradientRun alone = GradientRun.of(run, leaves).copy();
            Tensor value = run.apply(leaves.toArray(new Tensor[0]));
            subject.mode(true);
            subject.forward(reversed(inputs(layer, drawn)));
            subject.mode(training);
            requireSame(
                    "with a forward pass in training between forward and backward",
                    GradientRun.backward(value, leaves),
                    "if run alone",
                    alone);
        });
    }

    static void workspace(LayerSpec layer, Case drawn) {
        List<Tensor> x = inputs(layer, drawn);
        Subject plain = Subject.of(layer, drawn);
        Subject subject = Subject.of(layer, drawn);
        plain.begin(LayerSpec.isTraining(drawn));
        subject.begin(LayerSpec.isTraining(drawn));
        StateChecks.inSteps(mode(drawn) + ": ", step -> {
            GradientRun expected = plain.forward(x).backward();
            return () -> requireSame(
                    "in step " + step + " of a Workspace",
                    subject.forward(StateChecks.ofStep(x)).backward(),
                    "without one",
                    expected);
        });
        Agreement.requireSameState(
                mode(drawn) + ": two steps of a Workspace gave",
                subject.block().state(),
                "without one",
                plain.block().state());
    }

    static void frozen(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        List<Tensor> x = inputs(layer, drawn);
        subject.begin(LayerSpec.isTraining(drawn));
        GradientRun all = subject.forward(x).backward().copy();
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

    /**
     * Requires that a pass has the same value as a run in which all leaves required a gradient, and that the leaves that require a gradient
     * in the pass get the same gradients as in this run.
     */
    private static void requireSameGradients(Case drawn, Subject.Pass pass, GradientRun all, String condition) {
        requireSame(mode(drawn) + ": the value " + condition, pass.value(), "otherwise", all.value());
        GradientRun run = pass.backward();
        int given = 0;
        int found = 0;
        for (int k = 0; k < pass.leaves().size(); k++) {
            Tensor leaf = pass.leaves().get(k);
            if (leaf.requiresGrad()) {
                requireSame(
                        mode(drawn) + ": the gradient of input " + k + " " + condition,
                        run.gradients().get(found++),
                        "otherwise",
                        all.gradients().get(given));
            }
            given += leaf.dtype().isFloating() ? 1 : 0;
        }
    }

    static void threads(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        List<Tensor> x = inputs(layer, drawn);
        Failures.during(mode(drawn) + ": ", () -> {
            boolean training = LayerSpec.isTraining(drawn);
            subject.begin(training);
            GradientRun here = subject.forward(x).backward().copy();
            subject.begin(training);
            Subject.Pass pass = subject.forward(x);
            StateChecks.backwardElsewhere(pass.value(), pass.leaves(), here);
        });
        subject.begin(false);
        Failures.during(
                "in evaluation, ",
                () -> StateChecks.together(List.of(
                        () -> subject.forward(x).backward(),
                        () -> subject.forward(reversed(x)).backward())));
        predictions(subject, x);
    }

    /** A block with its own arguments as a model of one input. */
    private static final class Predictor extends Model<List<Tensor>, NdArray> {
        private final Subject subject;

        Predictor(Subject subject) {
            this.subject = subject;
            child("block", subject.block());
        }

        @Override
        protected NdArray compute(List<Tensor> inputs) {
            return subject.run(inputs.toArray(new Tensor[0])).data();
        }

        GradientRun run(List<Tensor> inputs) {
            return GradientRun.backward(Tensor.of(predict(inputs)), List.of());
        }
    }

    /** Compares predictions in training mode, by several threads at once, with outputs in evaluation. */
    private static void predictions(Subject subject, List<Tensor> x) {
        subject.begin(false);
        NdArray expected = subject.output(x);
        subject.begin(true);
        Map<String, NdArray> state = subject.block().state();
        Predictor model = new Predictor(subject);
        requireSame("by Model.predict in training mode the value", model.predict(x), "in evaluation", expected);
        Failures.during(
                "by Model.predict, ",
                () -> StateChecks.together(
                        List.of(() -> model.run(x), () -> model.run(reversed(x)), () -> model.run(x))));
        Agreement.requireSameState("Model.predict left", subject.block().state(), "before there was", state);
        subject.requireFirstNumbers("Model.predict");
    }

    /** Compares the first samples, each as a batch of one, with their outputs in the batch of all. */
    static void samples(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        subject.begin(false);
        List<Tensor> x = inputs(layer, drawn);
        if (!haveBatch(layer.signature().inputs(), x)) {
            return;
        }
        int samples = x.get(0).shape().dim(0);
        List<Tensor> together = subject.outputs(x);
        for (int sample = 0; sample < Math.min(samples, SAMPLES); sample++) {
            int from = sample;
            List<Tensor> alone = subject.outputs(
                    x.stream().map(input -> input.slice(0, from, from + 1)).toList());
            for (int k = 0; k < together.size(); k++) {
                requireClose(
                        (together.size() == 1 ? "the output" : "output " + k) + " of sample " + sample + " by itself",
                        alone.get(k),
                        together.get(k).slice(0, from, from + 1),
                        layer.rtol(),
                        1,
                        "in a batch of " + samples);
            }
        }
    }

    /**
     * Returns whether the first axis of each input is the batch.
     * It is not if this axis was left out, or if {@code ...} stands for no axes, or for
     * axes that differ from input to input and broadcast.
     */
    private static boolean haveBatch(List<Signature.Part> parts, List<Tensor> inputs) {
        Set<Shape> batches = new HashSet<>();
        for (int k = 0; k < inputs.size(); k++) {
            Signature.Part part = parts.get(k);
            Shape shape = inputs.get(k).shape();
            int leading = shape.rank() - part.axes().size();
            if (part.open()) {
                batches.add(Shape.of(Arrays.copyOf(shape.toArray(), Math.max(0, leading))));
            } else if (shape.rank() == 0 || (part.axes().get(0).optional() && leading < 0)) {
                return false;
            }
        }
        return batches.size() <= 1 && !batches.contains(Shape.of());
    }

    // ---- size ----

    static void manySamples(LayerSpec layer) {
        Subject subject = new Subject(layer, layer.dtype());
        long seed = layer.name().hashCode();
        Search.large(layer.trainingOperation().differentiableCases(), 1, seed, drawn -> {
            subject.begin(true);
            subject.forward(inputs(layer, drawn));
        });
        // A large case takes long, so the case is run in both modes, evaluation and training, only if the block reads
        // its mode.
        for (Operation operation : layer.large(
                Limits.MORE_THAN_A_BLOCK, Modes.matter(subject.block()) ? List.of(false, true) : List.of(false))) {
            Search.large(operation.differentiableCases(), LARGE_CASES, seed, drawn -> {
                Failures.during("for inputs " + drawn.shapes() + " " + mode(drawn) + ": ", () -> {
                    operation.check(OperationCheck.VALUE, drawn);
                    largeGradient(operation, drawn, names(layer, subject));
                });
            });
        }
    }

    /** The names, for messages, of the inputs of the operation that computes a layer: the layer's inputs, then its parameters. */
    private static List<String> names(LayerSpec layer, Subject subject) {
        List<String> names = new ArrayList<>();
        for (int k = 0; k < layer.inputCount(); k++) {
            names.add("input " + k + " of the layer");
        }
        names.addAll(subject.parameterNames());
        return names;
    }

    /** A sample of an input's elements at equal distances, including the last element. */
    private record Sample(int input, int first, int apart, int count) {
        static Sample of(int input, int size) {
            // Only some elements are checked: among the many elements of a large case, some would almost certainly be
            // close to a kink of the layer, such as the kink of ReLU at 0. Finite differences across a kink are wrong,
            // so the check would report correct gradients as mistakes.
            int count = Math.min(size, SOME);
            int apart = count == 0 ? 1 : size / count;
            return new Sample(input, size - 1 - (count - 1) * apart, apart, count);
        }

        private Tensor positions() {
            return Tensor.of(
                    IntStream.range(0, count).map(k -> first + k * apart).toArray());
        }

        Tensor from(Tensor whole) {
            return whole.flatten().indexSelect(0, positions());
        }

        /** A copy of {@code whole} with {@code elements} at the positions of this sample. */
        Tensor into(Tensor whole, Tensor elements) {
            return whole.flatten().scatter(0, positions(), elements).reshape(whole.shape());
        }

        String describe(List<String> names) {
            return names.get(input)
                    + (apart == 1 ? "" : " at its elements " + first + ", " + (first + apart) + " and so on, in a row");
        }
    }

    private static void largeGradient(Operation operation, Case drawn, List<String> names) {
        if (operation.skips(OperationCheck.GRADIENT) || operation.order() == 0) {
            return;
        }
        List<Sample> samples = IntStream.range(0, drawn.inputs().size())
                .filter(k -> drawn.inputs().get(k).dtype().isFloating())
                .mapToObj(k -> Sample.of(k, drawn.inputs().get(k).shape().size()))
                .toList();
        if (samples.isEmpty()) {
            return;
        }
        GradCheck.Report report = operation.report(
                operation.gradCheck(),
                given -> {
                    Tensor[] inputs = drawn.tensors();
                    for (int n = 0; n < given.length; n++) {
                        int input = samples.get(n).input();
                        inputs[input] = samples.get(n).into(inputs[input], given[n]);
                    }
                    return inputs;
                },
                drawn.integers(),
                samples.stream()
                        .map(sample -> sample.from(drawn.inputs().get(sample.input())))
                        .toArray(Tensor[]::new));
        if (!report.ok()) {
            List<String> legend = IntStream.range(0, samples.size())
                    .mapToObj(n -> "input " + n + " is " + samples.get(n).describe(names))
                    .toList();
            throw new AssertionError(report + "; here " + String.join("; ", legend));
        }
    }
}
