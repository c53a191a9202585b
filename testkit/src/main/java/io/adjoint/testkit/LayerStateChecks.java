package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireClose;
import static io.adjoint.testkit.Agreement.requireSame;
import static io.adjoint.testkit.Agreement.requireSameState;
import static io.adjoint.testkit.Agreement.requireShape;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Recording;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Modes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Implements the checks of {@link LayerCheck} that concern a layer's state: parameters, buffers, and fields that should be parameters or
 * buffers.
 */
final class LayerStateChecks {
    /** The learning rate of training steps. */
    private static final double RATE = 0.01;
    /**
     * The number of forward passes in training after each of which the buffers are compared; the second pass starts from the buffers that
     * the first pass has left.
     */
    private static final int STEPS = 2;
    /** The number of cases of each size in which the buffers must stay finite. */
    private static final int FEW = 2;

    /** The factor of inputs that are larger than the inputs of other passes. */
    private static final double LARGER = 100;

    private LayerStateChecks() {}

    static void evaluation(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        subject.begin(false);
        Map<String, NdArray> numbers = subject.generator().state();
        Map<String, NdArray> state = subject.block().state();
        NdArray first = subject.output(LayerChecks.inputs(layer, drawn));
        requireSameState("forward in evaluation changed", subject.block().state(), "before", state);
        if (!subject.generator().state().equals(numbers)) {
            throw new AssertionError("forward in evaluation drew random numbers; does the layer ask isTraining()?");
        }
        requireSame(
                "the second output in evaluation",
                subject.output(LayerChecks.inputs(layer, drawn)),
                "the first one is",
                first);
    }

    /**
     * Runs forward and backward, once with all blocks in one mode and once with the block's children in the other, and compares the modes,
     * the parameters and the gradients that were set before.
     */
    static void sideEffects(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        boolean training = LayerSpec.isTraining(drawn);
        subject.block().parameters().forEach(leaf -> leaf.setGrad(Tensor.onesLike(leaf)));
        Failures.during(LayerChecks.mode(drawn) + ": ", () -> {
            subject.begin(training);
            requireNoSideEffect(subject, LayerChecks.inputs(layer, drawn));
            subject.begin(training);
            subject.block().children().values().forEach(training ? Block::eval : Block::train);
            requireNoSideEffect(subject, LayerChecks.inputs(layer, drawn));
        });
    }

    private static void requireNoSideEffect(Subject subject, List<Tensor> x) {
        Block block = subject.block();
        Map<String, Boolean> modes = modes(block);
        Map<String, NdArray> before = new LinkedHashMap<>();
        block.namedParameters()
                .forEach((path, leaf) -> before.put(path, leaf.data().copy()));
        subject.forward(x).backward();
        modes(block).forEach((path, mode) -> {
            if (!mode.equals(modes.get(path))) {
                throw new AssertionError("a pass puts " + (path.isEmpty() ? "the block" : "its part " + path) + " into "
                        + (mode ? "training" : "evaluation") + "; modes are the caller's, by train() and eval()");
            }
        });
        block.namedParameters().forEach((path, leaf) -> {
            NdArray kept = Objects.requireNonNull(before.get(path));
            requireSame("the parameter " + path + " after a pass", leaf.data(), "before", kept);
            Tensor gradient = leaf.grad();
            if (gradient == null) {
                throw new AssertionError("a pass clears the gradient of the parameter " + path);
            }
            requireSame(
                    "the gradient of the parameter " + path + ", which was set before the pass,",
                    gradient,
                    "before",
                    Tensor.onesLike(leaf));
        });
    }

    private static Map<String, Boolean> modes(Block block) {
        Map<String, Boolean> modes = new LinkedHashMap<>();
        block.namedBlocks().forEach((path, part) -> modes.put(path, Modes.isTraining(part)));
        return modes;
    }

    /** Compares passes of a block before and after another block of the factory is made and trained, with other parameters and inputs. */
    static void instances(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        List<Tensor> x = LayerChecks.inputs(layer, drawn);
        List<GradientRun> before = passes(subject, x);
        Map<String, NdArray> state = subject.block().state();
        Subject other = new Subject(layer, layer.dtype(), 2);
        other.begin(true);
        step(other, x);
        try {
            step(other, larger(x));
        } catch (RuntimeException refused) {
            // Inputs outside of their domain may be refused.
        }
        String cause =
                ", after a step of training of another block of the same factory; do they share a static field, or does the"
                        + " block keep a state in a field that is no buffer?,";
        requireSameState("the block has" + cause, subject.block().state(), "before", state);
        List<GradientRun> after = passes(subject, x);
        requireSame("in training" + cause, after.get(0), "before", before.get(0));
        requireSame("in evaluation" + cause, after.get(1), "before", before.get(1));
    }

    /** Inputs larger than any that the spec draws, so that a largest value that blocks share is another one afterwards. */
    private static List<Tensor> larger(List<Tensor> x) {
        return LayerChecks.reversed(x).stream()
                .map(input -> input.dtype().isFloating() ? input.mul(LARGER) : input)
                .toList();
    }

    /** A pass in training, then one in evaluation. */
    private static List<GradientRun> passes(Subject subject, List<Tensor> x) {
        subject.begin(true);
        GradientRun inTraining = subject.forward(x).backward().copy();
        subject.mode(false);
        return List.of(inTraining, subject.forward(x).backward().copy());
    }

    static void state(LayerSpec layer, Case drawn) {
        List<Tensor> x = LayerChecks.inputs(layer, drawn);
        Subject one = Subject.of(layer, drawn);
        requireRegistered(one.forward(x));
        one.begin(true);
        step(one, x);
        Subject other = new Subject(layer, layer.dtype(), 2);
        Map<String, NdArray> state = one.block().state();
        if (other.block() == one.block() && !state.isEmpty()) {
            throw new AssertionError("the factory gave the same block twice; it must make a new one each time");
        }
        other.block().load(state);
        String loaded = ", after a step of training, of a block made with other random numbers that loaded the state";
        requireSameOutput("the output in evaluation" + loaded, one, other, x);
        other.generator().load(one.generator().state());
        NdArray output = step(one, x).value().data();
        requireSame("the output in training" + loaded, step(other, x).value().data(), "of the saved one", output);
        requireSameState(
                "a further step of training of a block that loaded the state gave",
                other.block().state(),
                "of the saved one",
                one.block().state());
        requireSameOutput("the output in evaluation" + loaded + " and was trained on", one, other, x);
    }

    static void copy(LayerSpec layer, Case drawn) {
        List<Tensor> x = LayerChecks.inputs(layer, drawn);
        boolean training = LayerSpec.isTraining(drawn);
        Subject one = Subject.of(layer, drawn);
        Subject copy = one.of(made("copy()", one.block()::copy));
        one.begin(training);
        Map<String, NdArray> numbers = one.generator().state();
        GradientRun expected = one.forward(x).backward().copy();
        copy.mode(training);
        one.generator().load(numbers);
        requireSame("the copy", copy.forward(x).backward(), "the block", expected);

        Map<String, NdArray> before = one.block().state();
        step(copy, x);
        requireSameState("a step of training of a copy changed", one.block().state(), "before", before);

        if (layer.operation().skips(OperationCheck.FLOATS)) {
            return;
        }
        Subject floats = one.of(made("to(FLOAT32)", () -> one.block().to(DType.FLOAT32)));
        floats.block().namedParameters().forEach((path, leaf) -> requireFloat("the parameter " + path, leaf.dtype()));
        floats.mode(training);
        List<Tensor> rounded = x.stream()
                .map(input -> input.dtype().isFloating() ? input.to(DType.FLOAT32) : input)
                .toList();
        GradientRun run = made(
                "a pass in FLOAT32 after to(FLOAT32)",
                () -> floats.forward(rounded).backward());
        if (expected.value().dtype() == DType.FLOAT64) {
            requireFloat("the output", run.value().dtype());
        }
    }

    private static <T> T made(String what, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (RuntimeException failure) {
            throw new AssertionError(what + " fails: " + failure.getMessage(), failure);
        }
    }

    private static void requireFloat(String what, DType dtype) {
        if (dtype != DType.FLOAT32) {
            throw new AssertionError(what + " of a block converted by to(FLOAT32) is " + dtype);
        }
    }

    private static void requireSameOutput(String what, Subject one, Subject other, List<Tensor> x) {
        one.mode(false);
        other.mode(false);
        requireSame(what, other.output(x), "of the saved one", one.output(x));
    }

    /** Makes a training step: a forward pass, its gradients, and a small step of all parameters. */
    @CanIgnoreReturnValue
    private static Subject.Pass step(Subject subject, List<Tensor> x) {
        subject.mode(true);
        Subject.Pass pass = subject.forward(x);
        GradientRun run = pass.backward();
        for (int k = 0; k < run.leaves().size(); k++) {
            Tensor leaf = run.leaves().get(k);
            if (subject.block().parameters().contains(leaf)) {
                leaf.assign(leaf.data().sub(run.gradients().get(k).data().mul(RATE)));
            }
        }
        return pass;
    }

    private static void requireRegistered(Subject.Pass pass) {
        if (!pass.value().requiresGrad()) {
            return;
        }
        Recording recording = Recording.of("LayerSpec", pass.value());
        IdentityHashMap<Recording.Item, Boolean> known = new IdentityHashMap<>();
        for (Tensor leaf : pass.leaves()) {
            Recording.Item item = recording.find(leaf);
            if (item != null) {
                known.put(item, true);
            }
        }
        for (Recording.Item item : recording.items()) {
            if (item.kind() == Recording.Kind.LEAF && !known.containsKey(item)) {
                throw new AssertionError("the output depends on a tensor " + item.shape()
                        + " that requires a gradient, but is no registered parameter of the block; register it by"
                        + " parameter(name, tensor)");
            }
        }
    }

    static void sameSeed(LayerSpec layer) {
        Map<String, NdArray> first = new Subject(layer, layer.dtype()).block().state();
        Map<String, NdArray> second = new Subject(layer, layer.dtype()).block().state();
        if (!List.copyOf(first.entrySet()).equals(List.copyOf(second.entrySet()))) {
            throw new AssertionError("from equal generators, the state is " + first + " first, then " + second);
        }
    }

    // ---- buffers ----

    static void buffers(LayerSpec layer, Case drawn) {
        BufferReference reference = layer.buffers().orElseThrow();
        Subject subject = Subject.of(layer, drawn);
        subject.begin(true);
        NdArray[] x = LayerChecks.inputs(layer, drawn).stream()
                .map(input -> Subject.widened(input.data()))
                .toArray(NdArray[]::new);
        for (int step = 0; step < STEPS; step++) {
            Map<String, NdArray> before = subject.block().state();
            before.replaceAll((path, array) -> Subject.widened(array));
            Map<String, NdArray> expected = reference.of(before, x);
            subject.forward(LayerChecks.inputs(layer, drawn));
            for (Map.Entry<String, Buffer> buffer :
                    subject.block().namedBuffers().entrySet()) {
                String path = buffer.getKey();
                NdArray value = buffer.getValue().value();
                NdArray wanted = expected.getOrDefault(path, Objects.requireNonNull(before.get(path)));
                String what = "the buffer " + path + " after " + (step + 1) + " forward passes in training";
                requireShape(what, value.shape(), wanted.shape());
                requireClose(what, value, wanted, layer.rtol(), 0, "by the reference");
            }
        }
    }

    /** Checks training passes of nothing, of one sample and of several: a batch that is too small may be refused, but leaves no NaN. */
    static void finiteBuffers(LayerSpec layer) {
        if (new Subject(layer, layer.dtype()).block().namedBuffers().isEmpty()) {
            return;
        }
        Operation operation = layer.trainingOperation();
        Stream.concat(
                        operation.emptyCases().stream(),
                        Stream.of(operation.dims(1, 1).differentiableCases(), operation.differentiableCases()))
                .forEach(cases -> Search.run(
                        "in training", cases, FEW, layer.name().hashCode(), drawn -> finiteBuffers(layer, drawn)));
    }

    private static void finiteBuffers(LayerSpec layer, Case drawn) {
        Subject subject = Subject.of(layer, drawn);
        subject.begin(true);
        Map<String, NdArray> before = new LinkedHashMap<>();
        subject.block().namedBuffers().forEach((path, buffer) -> before.put(path, buffer.value()));
        try {
            subject.forward(LayerChecks.inputs(layer, drawn));
        } catch (RuntimeException refused) {
            // OperationCheck.EMPTY requires that an empty batch is taken; here a batch may be refused.
        }
        subject.block().namedBuffers().forEach((path, buffer) -> {
            if (isFinite(Objects.requireNonNull(before.get(path))) && !isFinite(buffer.value())) {
                throw new AssertionError("a forward pass of inputs "
                        + drawn.inputs().subList(0, layer.inputCount()).stream()
                                .map(Tensor::shape)
                                .toList() + " makes the buffer " + path + " " + buffer.value()
                        + ", which it stays; leave the buffers as they are if there are too few samples");
            }
        });
    }

    private static boolean isFinite(NdArray array) {
        return Arrays.stream(array.toDoubleArray()).allMatch(Double::isFinite);
    }

    /**
     * Checks that the output of at least one of several cases depends on the buffers that training changes; a single output may not depend
     * on these buffers, for example if the layer multiplies them by an input that is 0.
     */
    static void buffersUsed(LayerSpec layer) {
        List<String> changed = new ArrayList<>();
        boolean isUsed = !Search.allMatch(
                layer.trainingOperation().differentiableCases(),
                Search.defaultTries(),
                layer.name().hashCode(),
                drawn -> !areUsed(layer, drawn, changed));
        if (!changed.isEmpty() && !isUsed) {
            throw new AssertionError("training changes the buffers " + changed
                    + ", but no output depends on them, neither in evaluation nor in training; does the layer ask"
                    + " isTraining()?");
        }
    }

    private static boolean areUsed(LayerSpec layer, Case drawn, List<String> changed) {
        List<Tensor> x = LayerChecks.inputs(layer, drawn);
        Subject subject = Subject.of(layer, drawn);
        Map<Buffer, NdArray> before = new LinkedHashMap<>();
        Map<String, Buffer> buffers = subject.block().namedBuffers();
        buffers.values().forEach(buffer -> before.put(buffer, buffer.value()));
        subject.begin(true);
        NdArray inTraining = subject.output(x);
        Map<Buffer, NdArray> other = new LinkedHashMap<>(before);
        buffers.forEach((path, buffer) -> {
            if (buffer.value().dtype().isFloating() && !buffer.value().equals(before.get(buffer))) {
                other.put(buffer, buffer.value().map(v -> 1.5 * v + 0.25));
                if (!changed.contains(path)) {
                    changed.add(path);
                }
            }
        });
        if (other.equals(before)) {
            return false;
        }
        subject.begin(false);
        NdArray inEvaluation = subject.output(x);
        other.forEach(Buffer::assign);
        boolean changesEvaluation = !subject.output(x).equals(inEvaluation);
        subject.begin(true);
        other.forEach(Buffer::assign);
        return changesEvaluation || !subject.output(x).equals(inTraining);
    }
}
