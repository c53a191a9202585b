package io.adjoint.view;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.metric.RootMeanSquaredError;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Trainer;
import java.util.List;
import java.util.Map;

/** A training of two steps an epoch with a validation after each third step, and its parts. */
final class SmallTraining {
    private static final Tensor X = Tensor.randn(new Generator(1), 8, 2);
    private static final Tensor Y = X.sum(1).unsqueeze(1);

    final Layer model = new Dense(2, 1, new Generator(2));
    final SGD optimizer = new SGD(model.parameters(), 0.1);
    final DataLoader<Batch> loader = new DataLoader<>(Dataset.of(X, Y), 4);
    final Trainer<Batch> trainer = Trainer.of(model, optimizer, new MSE())
            .metrics(new RootMeanSquaredError())
            .validate(List.of(new Batch(X, Y)), Every.steps(3));

    List<Map<String, NdArray>> states() {
        return List.of(model.state(), optimizer.state(), loader.state(), trainer.state());
    }

    void load(List<Map<String, NdArray>> states) {
        model.load(states.get(0));
        optimizer.load(states.get(1));
        loader.load(states.get(2));
        trainer.load(states.get(3));
    }
}
