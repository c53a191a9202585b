package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Kernels;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.optim.Adam;
import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;

/** The results of every operation of the catalogue, and of whole trainings, as a digest of all their bits. */
public final class BitsOfEverything implements Supplier<Map<String, String>> {
    private static final int CASES = 3;
    private static final int STEPS = 5;

    @Override
    public Map<String, String> get() {
        Map<String, String> bits = new TreeMap<>(Map.of("kernels", Kernels.describe()));
        JqwikSession.run(() -> Catalogue.entries().map(Entry::operation).forEach(operation -> {
            RandomGenerator<Case> cases = operation.cases().generator(1000);
            Random random = new Random(operation.name().hashCode());
            for (int k = 0; k < CASES; k++) {
                bits.put(
                        operation.name() + " " + k,
                        results(operation, cases.next(random).value()));
            }
        }));
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Init init = new Init(new Generator(1)).dtype(dtype);
            Layer cnn = new Sequential(
                    new Conv2d(3, 20, 3, init), new ReLU(), new Flatten(), new Dense(20 * 8 * 8, 10, init));
            bits.put("CNN " + dtype, training(cnn, Shape.of(16, 3, 10, 10), dtype));
            Layer mlp = new Sequential(new Dense(70, 90, init), new ReLU(), new Dense(90, 10, init));
            bits.put("MLP " + dtype, training(mlp, Shape.of(50, 70), dtype));
            Layer encoder = new TransformerEncoderLayer(32, 4, new TransformerOptions().dropout(0), init);
            bits.put("transformer " + dtype, training(encoder, Shape.of(4, 9, 32), dtype));
        }
        return bits;
    }

    /** The digest of the output and of the gradients, or what is thrown. */
    private static String results(Operation operation, Case some) {
        try {
            Tensor[] inputs = some.inputs().stream()
                    .map(input -> input.dtype().isFloating() ? input.detach().requiresGrad(true) : input)
                    .toArray(Tensor[]::new);
            Tensor output = operation.apply(
                    inputs, some.arguments().stream().mapToInt(k -> k).toArray());
            if (output.requiresGrad()) {
                output.backward(output.detach());
            }
            StringBuilder digest = new StringBuilder(bits(output));
            for (Tensor input : inputs) {
                digest.append(input.grad() == null ? " none" : bits(input.grad()));
            }
            return digest.toString();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static String training(Layer model, Shape shape, DType dtype) {
        Random random = new Random(2);
        Tensor x = Tensor.of(
                NdArray.of(shape, random.doubles(shape.size()).toArray()).to(dtype));
        Adam adam = new Adam(model.parameters(), 1e-2);
        StringBuilder digest = new StringBuilder();
        for (int step = 0; step < STEPS; step++) {
            adam.zeroGrad();
            Tensor loss = model.forward(x).square().mean();
            loss.backward();
            adam.step();
            digest.append(bits(loss));
        }
        model.parameters().forEach(parameter -> digest.append(bits(parameter)));
        return digest.toString();
    }

    private static String bits(Tensor x) {
        return x.shape() + ":" + Arrays.hashCode(x.data().toDoubleArray()) + " ";
    }
}
