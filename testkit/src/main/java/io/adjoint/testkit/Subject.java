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

/** A block of a spec, with the generator that it draws from: both can be put back to how they were after it was made. */
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
        // The gradients of parameters that are frozen from the beginning are to be right, too.
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

    /** A subject with the parameters of a case, of the first type of the spec. */
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

    /** A subject of a block made of this one's, which draws from the same generator. */
    Subject of(Block other) {
        return new Subject(spec, generator, other);
    }

    Block block() {
        return block;
    }

    Generator generator() {
        return generator;
    }

    /** The names of the parameters, one of each. */
    List<String> parameterNames() {
        Map<Tensor, String> paths = new LinkedHashMap<>();
        block.namedParameters().forEach((path, parameter) -> paths.putIfAbsent(parameter, path));
        return List.copyOf(paths.values());
    }

    /** An array in FLOAT64 if it is FLOAT32, for references. */
    static NdArray widened(NdArray array) {
        return array.dtype() == DType.FLOAT32 ? array.to(DType.FLOAT64) : array;
    }

    /** The first state, with other parameters, in FLOAT64. */
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

    /** Puts buffers and generator back, and sets the mode. */
    void begin(boolean training) {
        firstBuffers.forEach(Buffer::assign);
        generator.load(firstNumbers);
        mode(training);
    }

    void mode(boolean training) {
        if (training) {
            block.train();
        } else {
            block.eval();
        }
    }

    // ---- as it is ----

    /** A forward pass that is recorded, and the leaves that it may depend on: inputs, then parameters. */
    record Pass(Tensor value, List<Tensor> leaves) {
        /** The pass with the gradients of all leaves that require one. */
        GradientRun backward() {
            return GradientRun.backward(value, leaves);
        }
    }

    Tensor run(Tensor... inputs) {
        return spec.run(block, inputs);
    }

    /** The inputs, which require gradients as far as they can, then the parameters. */
    List<Tensor> leaves(List<Tensor> inputs) {
        List<Tensor> leaves = new ArrayList<>();
        for (Tensor input : inputs) {
            leaves.add(input.dtype().isFloating() ? input.detach().requiresGrad(true) : input);
        }
        leaves.addAll(block.parameters());
        return leaves;
    }

    @CanIgnoreReturnValue // For what it leaves behind.
    Pass forward(List<Tensor> inputs) {
        List<Tensor> leaves = leaves(inputs);
        return new Pass(run(leaves.subList(0, inputs.size()).toArray(new Tensor[0])), leaves);
    }

    /** A forward pass of inputs that require no gradient. */
    Pass forwardOfConstants(List<Tensor> inputs) {
        List<Tensor> leaves = new ArrayList<>(inputs);
        leaves.addAll(block.parameters());
        return new Pass(run(inputs.toArray(new Tensor[0])), leaves);
    }

    /** The output, without recording. */
    NdArray output(List<Tensor> inputs) {
        return Autograd.noGrad(() -> run(inputs.toArray(new Tensor[0]))).data();
    }

    // ---- as a function ----

    /** The function of {@link #lifted} for a block of FLOAT32 alone, between FLOAT64 tensors. */
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

    /** The block as a function of inputs and parameters, which begins with the same buffers and random numbers each time. */
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
