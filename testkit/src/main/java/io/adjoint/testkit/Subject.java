package io.adjoint.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Init;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A block to be checked, which a {@link LayerSpec} has made, and the generator from which the block draws random numbers. The block's
 * buffers and the generator can be reset to the states that they had after the construction of the block.
 */
final class Subject {
    private final LayerSpec spec;
    private final Generator generator;
    private final Block block;
    private final Map<String, NdArray> firstNumbers;
    private final Map<Buffer, NdArray> firstBuffers = new LinkedHashMap<>();

    Subject(LayerSpec spec, DType dtype) {
        this(spec, dtype, 1);
    }

    Subject(LayerSpec spec, DType dtype, long seed) {
        this(spec, new Generator(seed), dtype);
        requireType(dtype);
    }

    private Subject(LayerSpec spec, Generator generator, DType dtype) {
        this(spec, generator, spec.create(new Init(generator, dtype)));
    }

    private Subject(LayerSpec spec, Generator generator, Block block) {
        this.spec = spec;
        this.generator = generator;
        this.block = block;
        // Parameters that the block itself has frozen are unfrozen, since their gradients are checked, too.
        block.unfreeze();
        firstNumbers = generator.state();
        block.namedBuffers().values().forEach(buffer -> firstBuffers.put(buffer, buffer.value()));
    }

    private void requireType(DType dtype) {
        block.namedParameters().forEach((path, parameter) -> {
            if (parameter.dtype() != dtype) {
                throw new AssertionError("the factory made the parameter " + path + " of " + parameter.dtype()
                        + " by an Init of " + dtype + "; take the type of the Init, or, if the block has one type"
                        + " alone, say so by LayerSpec.dtype(DType." + parameter.dtype() + ")");
            }
        });
    }

    /** A subject of the spec's first dtype, whose parameters have the elements of a case's parameters. */
    static Subject of(LayerSpec spec, Case drawn) {
        Subject subject = new Subject(spec, spec.dtype());
        List<Tensor> parameters = subject.block.parameters();
        for (int k = 0; k < parameters.size(); k++) {
            parameters
                    .get(k)
                    .assign(drawn.inputs().get(spec.inputCount() + k).data().to(spec.dtype()));
        }
        return subject;
    }

    /** A subject for another block, such as a copy of this block, with the same generator. */
    Subject of(Block other) {
        return new Subject(spec, generator, other);
    }

    Block block() {
        return block;
    }

    Generator generator() {
        return generator;
    }

    /** The names of the parameters; the first name for a shared parameter. */
    List<String> parameterNames() {
        Map<Tensor, String> paths = new LinkedHashMap<>();
        block.namedParameters().forEach((path, parameter) -> paths.putIfAbsent(parameter, path));
        return List.copyOf(paths.values());
    }

    /** A text for messages: the mode, the numbers of the parameters as inputs of the operation, and those that have an element 0. */
    String situation(boolean training, Case drawn) {
        List<String> numbered = new ArrayList<>();
        List<String> zero = new ArrayList<>();
        for (String path : parameterNames()) {
            int input = spec.inputCount() + numbered.size();
            numbered.add("input " + input + " is " + path);
            if (Arrays.stream(drawn.inputs().get(input).data().toDoubleArray()).anyMatch(v -> v == 0)) {
                zero.add(path);
            }
        }
        return (training ? "in training" : "in evaluation")
                + (numbered.isEmpty() ? "" : " (" + String.join(", ", numbered) + ")")
                + (zero.isEmpty()
                        ? ""
                        : " with a 0 in " + String.join(", ", zero)
                                + " (if it is never 0, say so by LayerSpec.parametersWithin)");
    }

    /** The names of the inputs, {@code x[0]} being {@code x0} unless it is the only one, and of the parameters by path. */
    List<String> variables() {
        int count = spec.inputCount();
        List<String> names = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            names.add(count == 1 ? "x" : "x" + k);
        }
        parameterNames().forEach(path -> names.add(path.replaceAll("\\W", "_").replaceAll("^(?=\\d)", "_")));
        return names;
    }

    /** Converts a FLOAT32 array to FLOAT64, for references; other arrays are unchanged. */
    static NdArray widened(NdArray array) {
        return array.dtype() == DType.FLOAT32 ? array.to(DType.FLOAT64) : array;
    }

    /** The block's state with its initial buffers and the given parameters; FLOAT32 arrays are converted to FLOAT64. */
    Map<String, NdArray> initialState(List<NdArray> parameters) {
        Map<Tensor, NdArray> values = new LinkedHashMap<>();
        List<Tensor> own = block.parameters();
        for (int k = 0; k < own.size(); k++) {
            values.put(own.get(k), parameters.get(k));
        }
        Map<String, NdArray> state = block.state();
        block.namedParameters().forEach((path, parameter) -> state.put(path, values.get(parameter)));
        block.namedBuffers().forEach((path, buffer) -> state.put(path, firstBuffers.get(buffer)));
        state.replaceAll((path, array) -> widened(array));
        return state;
    }

    /** Resets buffers and generator, and sets the block's mode, training or evaluation. */
    void begin(boolean training) {
        firstBuffers.forEach(Buffer::assign);
        generator.load(firstNumbers);
        mode(training);
    }

    /** Requires that the generator has given no numbers since its last reset. */
    void requireFirstNumbers(String call) {
        if (!generator.state().equals(firstNumbers)) {
            throw new AssertionError(call + " draws random numbers");
        }
    }

    void mode(boolean training) {
        if (training) {
            block.train();
        } else {
            block.eval();
        }
    }

    // ---- passes of the block ----

    /** A recorded forward pass, and the leaves on which it may depend: inputs, then parameters. */
    record Pass(Tensor value, List<Tensor> leaves) {
        /** Runs the backward pass, for all leaves that require a gradient. */
        @CanIgnoreReturnValue // as that of forward
        GradientRun backward() {
            return GradientRun.backward(value, leaves);
        }
    }

    Tensor run(Tensor... inputs) {
        return spec.run(block, inputs);
    }

    /** The inputs, of which floating inputs require a gradient, followed by the parameters. */
    List<Tensor> leaves(List<Tensor> inputs) {
        List<Tensor> leaves = new ArrayList<>();
        for (Tensor input : inputs) {
            leaves.add(input.dtype().isFloating() ? input.detach().requiresGrad(true) : input);
        }
        leaves.addAll(block.parameters());
        return leaves;
    }

    @CanIgnoreReturnValue // some callers only need the effects on the block
    Pass forward(List<Tensor> inputs) {
        List<Tensor> leaves = leaves(inputs);
        return new Pass(run(leaves.subList(0, inputs.size()).toArray(new Tensor[0])), leaves);
    }

    /** Runs a forward pass with inputs that require no gradient. */
    Pass forwardOfConstants(List<Tensor> inputs) {
        List<Tensor> leaves = new ArrayList<>(inputs);
        leaves.addAll(block.parameters());
        return new Pass(run(inputs.toArray(new Tensor[0])), leaves);
    }

    /** Computes the block's output without recording. */
    NdArray output(List<Tensor> inputs) {
        return Autograd.noGrad(() -> run(inputs.toArray(new Tensor[0]))).data();
    }

    /** Computes the tensors of the block's output without recording. */
    List<Tensor> outputs(List<Tensor> inputs) {
        return Autograd.noGrad(() -> spec.outputs(block, inputs.toArray(new Tensor[0])));
    }

    // ---- the block as a function of its parameters ----

    /**
     * Calls {@link #lifted} for a block that only supports FLOAT32: converts floating inputs from FLOAT64 to FLOAT32, and a floating output
     * back to FLOAT64.
     */
    Tensor narrowed(boolean training, int count, Tensor... tensors) {
        Tensor value = lifted(
                training,
                count,
                Arrays.stream(tensors)
                        .map(tensor -> tensor.dtype().isFloating() ? tensor.to(DType.FLOAT32) : tensor)
                        .toArray(Tensor[]::new));
        if (value.dtype() == DType.FLOAT64) {
            throw new AssertionError("the output of FLOAT32 inputs and parameters is FLOAT64");
        }
        return value.dtype().isFloating() ? value.to(DType.FLOAT64) : value;
    }

    /**
     * The block as a function of {@code tensors}, which are {@code count} inputs followed by the parameters; each evaluation begins with
     * the same buffers and random numbers.
     */
    Tensor lifted(boolean training, int count, Tensor... tensors) {
        List<Tensor> floating = Arrays.stream(tensors)
                .filter(tensor -> tensor.dtype().isFloating())
                .toList();
        List<Tensor> own = block.parameters();
        return new Lifted(floating.size() - own.size(), own, leaves -> {
                    begin(training);
                    Tensor[] inputs = Arrays.copyOf(tensors, count);
                    int at = 0;
                    for (int k = 0; k < count; k++) {
                        inputs[k] = inputs[k].dtype().isFloating() ? leaves[at++] : inputs[k];
                    }
                    return run(inputs);
                })
                .apply(floating);
    }
}
