package io.adjoint.proof;

import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.RotaryPositions;
import io.adjoint.nn.layer.SinusoidalPositions;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Trains networks of each kind, with every optimizer, for some steps, and computes digests of all losses and of the final weights. */
final class ShortTrainings {
    private static final int STEPS = 5;

    private ShortTrainings() {}

    /** The digests by name. */
    static Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Generator generator = new Generator(1);
            Init init = new Init(generator).dtype(dtype);
            Layer mlp = new Sequential(
                    new Dense(70, 90, init),
                    new ReLU(),
                    new Dropout(0.2, generator),
                    new Dense(90, 40, init),
                    new GELU(),
                    new Dense(40, 10, init));
            digests.put("MLP " + dtype, adam(mlp, mlp::forward, Shape.of(50, 70), dtype));
            Layer cnn = new Sequential(
                    new Conv2d(3, 20, 3, init),
                    new BatchNorm2d(20, init),
                    new ReLU(),
                    new MaxPool2d(2),
                    new Flatten(),
                    new Dense(20 * 4 * 4, 10, init));
            digests.put("CNN " + dtype, adam(cnn, cnn::forward, Shape.of(16, 3, 10, 10), dtype));
            LSTM lstm = new LSTM(8, 20, init);
            digests.put("LSTM " + dtype, adam(lstm, x -> lstm.forward(x).sequence(), Shape.of(6, 11, 8), dtype));
            Layer transformer = new Sequential(
                    new SinusoidalPositions(9, 32),
                    new TransformerEncoderLayer(
                            32,
                            4,
                            new TransformerOptions().dropout(0.1, generator).positions(new RotaryPositions(9, 8)),
                            init));
            digests.put("transformer " + dtype, adam(transformer, transformer::forward, Shape.of(4, 9, 32), dtype));
            OptimizerCatalogue.ROWS.forEach(row -> {
                Init same = new Init(new Generator(3)).dtype(dtype);
                Layer model =
                        new Sequential(new Dense(7, 9, same), new Lambda("tanh", Tensor::tanh), new Dense(9, 1, same));
                JsonObject rate = new JsonObject();
                rate.addProperty("lr", 0.01);
                Optimizer optimizer = row.golden().apply(row.taken(model.parameters()), new Arguments(rate));
                String name = row.type().getSimpleName() + " " + dtype;
                digests.put(
                        name,
                        training(
                                model,
                                model::forward,
                                Shape.of(20, 7),
                                dtype,
                                optimizer,
                                new CosineAnnealing(0.01, STEPS)));
            });
        }
        return digests;
    }

    private static String adam(Block model, UnaryOperator<Tensor> function, Shape shape, DType dtype) {
        Adam adam = new Adam(model.parameters(), 1e-2);
        return training(model, function, shape, dtype, adam, new OneCycle(1e-2, STEPS));
    }

    private static String training(
            Block model, UnaryOperator<Tensor> function, Shape shape, DType dtype, Optimizer optimizer, Schedule rate) {
        Tensor x = Tensor.rand(dtype, shape, new Generator(2));
        Digest digest = new Digest();
        for (int step = 0; step < STEPS; step++) {
            optimizer.learningRate(rate.at(step));
            digest.add(optimizer.step(() -> {
                optimizer.zeroGrad();
                Tensor loss = function.apply(x).square().mean();
                loss.backward();
                return loss;
            }));
        }
        model.state().values().forEach(array -> digest.add(Tensor.of(array)));
        return digest.text();
    }
}
