package io.adjoint.testkit;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.Graph;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A layer as it is to be tested: how to create it, what its input may be, and how often it is differentiable.
 * {@link LayerProperties} tests it.
 *
 * <pre>{@code
 * LayerSpec.of("dense", rng -> new Dense(2, 3, rng)).shapes("(...,2)->(...,3)").order(2)
 * }</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 *
 * @param name the name in messages
 * @param factory creates the layer, with what it draws its parameters from
 * @param shapes of the input, and of the output if known, as in {@link Shapes#fitting(String)}
 * @param inputs the elements of the input
 * @param parameters the elements of the parameters, which are drawn as well
 * @param order how often the layer is differentiable
 * @param isRandomInTraining whether training draws random numbers, so that a gradient cannot be compared with differences
 */
public record LayerSpec(
        String name,
        Function<RandomGenerator, Layer> factory,
        String shapes,
        Values inputs,
        Values parameters,
        int order,
        boolean isRandomInTraining) {
    /** A layer that is differentiable once, of any input from −2 to 2, with parameters from −1.5 to 1.5. */
    public static LayerSpec of(String name, Function<RandomGenerator, Layer> factory) {
        return new LayerSpec(name, factory, "(...)", Values.between(-2, 2), Values.between(-1.5, 1.5), 1, false);
    }

    /** With inputs of these shapes. */
    public LayerSpec shapes(String fitting) {
        return new LayerSpec(name, factory, fitting, inputs, parameters, order, isRandomInTraining);
    }

    /** With inputs of these elements. */
    public LayerSpec within(Values allowed) {
        return new LayerSpec(name, factory, shapes, allowed, parameters, order, isRandomInTraining);
    }

    /** With parameters of these elements. */
    public LayerSpec parametersWithin(Values allowed) {
        return new LayerSpec(name, factory, shapes, inputs, allowed, order, isRandomInTraining);
    }

    /** Differentiable so often. */
    public LayerSpec order(int highest) {
        return new LayerSpec(name, factory, shapes, inputs, parameters, highest, isRandomInTraining);
    }

    /** Of a layer whose training draws random numbers. */
    public LayerSpec randomInTraining() {
        return new LayerSpec(name, factory, shapes, inputs, parameters, order, true);
    }

    /** A new layer in one of the modes. */
    Layer create(boolean training) {
        Layer layer = factory.apply(new SplittableRandom(1));
        if (training) {
            layer.train();
        } else {
            layer.eval();
        }
        return layer;
    }

    /**
     * The layer in one of its modes as an operation of its input and of all its parameters, so that everything that can be checked
     * of operations can be checked of it.
     */
    public Operation operation(boolean training) {
        Layer layer = create(training);
        Signature input = Signature.parse(shapes);
        List<Signature.Part> parts = new ArrayList<>(input.inputs());
        List<Values> values = new ArrayList<>(List.of(inputs));
        for (Tensor parameter : layer.parameters()) {
            parts.add(new Signature.Part(
                    false,
                    Arrays.stream(parameter.shape().toArray())
                            .mapToObj(side -> new Signature.Axis(Integer.toString(side), false, side))
                            .collect(Collectors.toList())));
            values.add(parameters);
        }
        return Operation.of(name + (training ? " in training" : " in evaluation"), tensors -> lifted(layer, tensors))
                .shapes(new Signature(parts, input.result()))
                .within(values.toArray(new Values[0]))
                .order(order)
                // The layer has one type.
                .except(OperationCheck.FLOATS);
    }

    /** The layer's output as a function of the given tensors: of its input, and of what to assign to its parameters. */
    private static Tensor lifted(Layer layer, Tensor... tensors) {
        return lifted(layer.parameters(), leaves -> layer.forward(leaves[0]), List.of(tensors));
    }

    /**
     * A function of leaves of which some are the layer's own, as a function of tensors in place of them. Each evaluation begins by
     * assigning their elements; so does each of the rule, which is lifted in the same way and so differentiable again.
     */
    private static Tensor lifted(List<Tensor> own, Function<Tensor[], Tensor> function, List<Tensor> tensors) {
        Tensor[] leaves = leaves(own, tensors);
        NdArray value = Autograd.noGrad(() -> function.apply(leaves)).data();
        return Autograd.op("layer", value, tensors, g -> {
            List<Tensor> withArriving = new ArrayList<>(tensors);
            withArriving.add(g);
            Tensor joined = lifted(own, gradient(function), withArriving);
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

    /** The first leaf for the input, then the layer's own, then leaves for gradients that arrive. */
    private static Tensor[] leaves(List<Tensor> own, List<Tensor> tensors) {
        Tensor[] leaves = new Tensor[tensors.size()];
        for (int k = 0; k < leaves.length; k++) {
            boolean isOwn = k > 0 && k <= own.size();
            leaves[k] = isOwn ? own.get(k - 1) : tensors.get(k).detach().requiresGrad(true);
            // Not again within a rule: the engine takes a changed value that was saved for a mistake.
            if (isOwn && !leaves[k].data().equals(tensors.get(k).data())) {
                leaves[k].assign(tensors.get(k).data());
            }
        }
        return leaves;
    }

    /** The function of the leaves, and of what arrives, whose value is all gradients end to end. */
    private static Function<Tensor[], Tensor> gradient(Function<Tensor[], Tensor> function) {
        return leaves -> {
            Tensor[] inner = Arrays.copyOf(leaves, leaves.length - 1);
            Tensor[] gradients = Autograd.enableGrad(() -> {
                Tensor output = function.apply(inner);
                Gradients found = output.requiresGrad()
                        ? Autograd.gradients(
                                List.of(output), List.of(leaves[inner.length]), List.of(inner), Graph.CREATE)
                        : null;
                Tensor[] all = new Tensor[inner.length];
                for (int k = 0; k < all.length; k++) {
                    Tensor leaf = inner[k];
                    Tensor zeros = Tensor.zerosLike(leaf);
                    all[k] = (found == null ? zeros : found.find(leaf).orElse(zeros)).reshape(-1);
                }
                return all;
            });
            return Tensor.concat(0, gradients);
        };
    }
}
