package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A layer, or a block with other inputs and outputs, as it is to be tested: how to create and run it, the shapes and elements of its
 * inputs, and its order of differentiability. {@link LayerProperties} tests it.
 *
 * <pre>{@code
 * LayerSpec.of("dense", init -> new Dense(2, 3, init)).shapes("(...,2)->(...,3)").order(2)
 * LayerSpec.of("lstm", init -> new LSTM(2, 3, init), (lstm, x) -> lstm.forward(x[0])).shapes("(n,t,2)")
 * }</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 *
 * @param name the name in messages
 * @param factory creates the block, from the source of its parameters
 * @param forward runs the block; the result is a tensor, or a record of tensors and such records
 * @param shapes of the inputs, and of the output if it is one tensor of known shape, as in {@link Shapes#fitting(String)}
 * @param inputs the elements of each input
 * @param parameters the elements of the parameters, which are drawn as well
 * @param order the order up to which the block is differentiable
 * @param isRandomInTraining whether training draws random numbers, so that a gradient cannot be compared with differences
 * @param recordedTolerance by how much the gradients of a recorded pass may differ from those of a plain one
 */
@CheckReturnValue
public record LayerSpec(
        String name,
        Function<Init, ? extends Block> factory,
        BiFunction<Block, Tensor[], Object> forward,
        String shapes,
        List<Values> inputs,
        Values parameters,
        int order,
        boolean isRandomInTraining,
        double recordedTolerance) {
    /** A layer that is differentiable once, of any input from −2 to 2, with parameters from −1.5 to 1.5. */
    public static LayerSpec of(String name, Function<Init, ? extends Layer> factory) {
        return new LayerSpec(
                name,
                factory,
                (block, x) -> ((Layer) block).forward(x[0]),
                "(...)",
                List.of(Values.between(-2, 2)),
                Values.between(-1.5, 1.5),
                1,
                false,
                1e-13);
    }

    /** A block with a forward of its own, otherwise as {@link #of(String, Function)}. */
    @SuppressWarnings("unchecked")
    public static <B extends Block> LayerSpec of(
            String name, Function<Init, B> factory, BiFunction<B, Tensor[], Object> forward) {
        return new LayerSpec(
                name,
                factory,
                (block, x) -> forward.apply((B) block, x),
                "(...)",
                List.of(Values.between(-2, 2)),
                Values.between(-1.5, 1.5),
                1,
                false,
                1e-13);
    }

    /** With inputs of these shapes. */
    public LayerSpec shapes(String fitting) {
        return new LayerSpec(
                name, factory, forward, fitting, inputs, parameters, order, isRandomInTraining, recordedTolerance);
    }

    /** With inputs of these elements, the same for all or for each its own. */
    public LayerSpec within(Values... allowed) {
        return new LayerSpec(
                name,
                factory,
                forward,
                shapes,
                List.of(allowed),
                parameters,
                order,
                isRandomInTraining,
                recordedTolerance);
    }

    /** With parameters of these elements. */
    public LayerSpec parametersWithin(Values allowed) {
        return new LayerSpec(
                name, factory, forward, shapes, inputs, allowed, order, isRandomInTraining, recordedTolerance);
    }

    /** Differentiable up to this order. */
    public LayerSpec order(int highest) {
        return new LayerSpec(
                name, factory, forward, shapes, inputs, parameters, highest, isRandomInTraining, recordedTolerance);
    }

    /** Of a block whose training draws random numbers. */
    public LayerSpec randomInTraining() {
        return new LayerSpec(name, factory, forward, shapes, inputs, parameters, order, true, recordedTolerance);
    }

    /**
     * Whose gradients in a pass that is recorded differ by so much, relative to their largest element or 1, from those in one that is
     * not: rounding, which a layer may magnify.
     */
    public LayerSpec recordedTolerance(double relative) {
        return new LayerSpec(name, factory, forward, shapes, inputs, parameters, order, isRandomInTraining, relative);
    }

    /** A new block in one of the modes. */
    Block create(boolean training) {
        Block block = factory.apply(new Init(new Generator(1)));
        if (training) {
            block.train();
        } else {
            block.eval();
        }
        return block;
    }

    /** The tensors of the output of the block, those of a record in the order of its components. */
    public List<Tensor> outputs(Block block, Tensor... inputs) {
        List<Tensor> outputs = new ArrayList<>();
        collect(forward.apply(block, inputs), outputs);
        return outputs;
    }

    /** The output of the block as one tensor: all tensors of a record end to end. */
    Tensor run(Block block, Tensor... inputs) {
        List<Tensor> outputs = outputs(block, inputs);
        return outputs.size() == 1
                ? outputs.get(0)
                : Tensor.concat(
                        0, outputs.stream().map(output -> output.reshape(-1)).toList());
    }

    private static void collect(Object output, List<Tensor> into) {
        if (output instanceof Tensor tensor) {
            into.add(tensor);
            return;
        }
        RecordComponent[] components = output.getClass().getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(
                    "LayerSpec: the output must be a tensor or a record of tensors, got a " + output.getClass());
        }
        for (RecordComponent component : components) {
            try {
                collect(component.getAccessor().invoke(output), into);
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(
                        "LayerSpec: the component " + component.getName() + " of the output cannot be read; is "
                                + output.getClass().getName() + " public?",
                        e);
            }
        }
    }

    /**
     * The block in one of its modes as an operation of its inputs and of all its parameters, so that everything that can be checked
     * of operations can be checked of it.
     */
    public Operation operation(boolean training) {
        Block block = create(training);
        Signature signature = Signature.parse(shapes);
        int count = signature.inputs().size();
        List<Signature.Part> parts = new ArrayList<>(signature.inputs());
        List<Values> values = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            values.add(inputs.get(Math.min(k, inputs.size() - 1)));
        }
        for (Tensor parameter : block.parameters()) {
            parts.add(new Signature.Part(
                    false,
                    Arrays.stream(parameter.shape().toArray())
                            .mapToObj(size -> new Signature.Axis(Integer.toString(size), false, size))
                            .collect(Collectors.toList())));
            values.add(parameters);
        }
        Lifted lifted = new Lifted(count, block.parameters(), fromInitialBuffers(block, count));
        return Operation.of(
                        name + (training ? " in training" : " in evaluation"),
                        tensors -> lifted.apply(List.of(tensors)))
                .shapes(new Signature(parts, signature.result()))
                .within(values.toArray(new Values[0]))
                .order(order)
                .recordedTolerance(recordedTolerance)
                // The block has one type, and one set of parameters for all evaluations.
                .except(OperationCheck.FLOATS, OperationCheck.INTERLEAVED);
    }

    /** The block as a function of its inputs alone, which begins with the same buffers each time. */
    private Function<Tensor[], Tensor> fromInitialBuffers(Block block, int count) {
        Map<Buffer, NdArray> initial = new LinkedHashMap<>();
        block.namedBuffers().values().forEach(buffer -> initial.put(buffer, buffer.value()));
        return leaves -> {
            initial.forEach(Buffer::assign);
            return run(block, Arrays.copyOf(leaves, count));
        };
    }

    /**
     * A function of leaves, some of which are a block's own parameters, as a function of tensors in place of them. Each evaluation begins
     * by assigning their elements; so does each of the backward rule, which is lifted in the same way and so differentiable again.
     *
     * @param inputs the number of leaves before the block's own
     * @param own the block's own
     * @param function takes the inputs, the block's own, then upstream gradients
     */
    private record Lifted(int inputs, List<Tensor> own, Function<Tensor[], Tensor> function) {
        Tensor apply(List<Tensor> tensors) {
            Tensor[] leaves = leaves(tensors);
            NdArray value = Autograd.noGrad(() -> function.apply(leaves)).data();
            return Autograd.op("layer", value, tensors, g -> {
                List<Tensor> withUpstream = new ArrayList<>(tensors);
                withUpstream.add(g);
                // As the pass that asks: one that records nothing takes the fused kernels.
                GraphMode graph = Autograd.isRecording() ? GraphMode.CREATE : GraphMode.FREE;
                BitSet wanted = new BitSet();
                IntStream.range(0, tensors.size()).forEach(k -> wanted.set(k, Autograd.isWanted(tensors.get(k))));
                Tensor joined = new Lifted(inputs, own, all -> gradients(graph, wanted, all)).apply(withUpstream);
                List<Tensor> gradients = new ArrayList<>();
                int at = 0;
                for (Tensor tensor : tensors) {
                    int size = tensor.shape().size();
                    gradients.add(joined.slice(0, at, at + size).reshape(tensor.shape()));
                    at += size;
                }
                return gradients;
            });
        }

        private Tensor[] leaves(List<Tensor> tensors) {
            Tensor[] leaves = new Tensor[tensors.size()];
            for (int k = 0; k < leaves.length; k++) {
                boolean isOwn = k >= inputs && k < inputs + own.size();
                leaves[k] =
                        isOwn ? own.get(k - inputs) : tensors.get(k).detach().requiresGrad(true);
                // Not again within a rule: the engine takes a changed value that was saved for a mistake.
                if (isOwn && !leaves[k].data().equals(tensors.get(k).data())) {
                    leaves[k].assign(tensors.get(k).data());
                }
            }
            return leaves;
        }

        /**
         * The wanted gradients of the function, zeros for the others, end to end, as a function of its leaves and of an upstream gradient.
         */
        private Tensor gradients(GraphMode graph, BitSet wanted, Tensor... leaves) {
            Tensor[] inner = Arrays.copyOf(leaves, leaves.length - 1);
            List<Tensor> asked = wanted.stream().mapToObj(k -> inner[k]).toList();
            Tensor[] gradients = Autograd.enableGrad(() -> {
                Tensor output = function.apply(inner);
                Gradients found = output.requiresGrad()
                        ? Autograd.gradients(List.of(output), List.of(leaves[inner.length]), asked, graph)
                        : null;
                Tensor[] all = new Tensor[inner.length];
                for (int k = 0; k < all.length; k++) {
                    Tensor zeros = Tensor.zerosLike(inner[k]);
                    all[k] = (found == null ? zeros : found.find(inner[k]).orElse(zeros)).reshape(-1);
                }
                return all;
            });
            return Tensor.concat(0, gradients);
        }
    }
}
