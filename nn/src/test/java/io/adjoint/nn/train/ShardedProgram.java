package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.layer.Unflatten;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.parallel.Collective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A training by workers, with all parts that have a state, of a model in which something depends on the shard. */
final class ShardedProgram {
    static final int SHARDS = 8;
    static final DType DTYPE = DType.FLOAT32;

    /** Models in which something depends on the shard: random numbers, statistics of batches, or sequences. */
    enum Model {
        DROPOUT(rng -> new Sequential(
                new Dense(16, 12, init(rng)), new ReLU(), new Dropout(0.3, rng), new Dense(12, 3, init(rng)))),
        BATCH_NORM(rng -> new Sequential(
                new Unflatten(1, 1, 4, 4),
                new Conv2d(1, 3, 3, init(rng)),
                new BatchNorm2d(3, init(rng)),
                new ReLU(),
                new Flatten(),
                new Dense(12, 3, init(rng)))),
        LSTM(Recurrent::new),
        TRANSFORMER(Encoder::new);

        private final Function<Generator, Layer> maker;

        Model(Function<Generator, Layer> maker) {
            this.maker = maker;
        }
    }

    private static Init init(Generator rng) {
        return new Init(rng).dtype(DTYPE);
    }

    private static final class Recurrent extends Layer {
        private final LSTM lstm;
        private final Dense head;

        Recurrent(Generator rng) {
            lstm = child("lstm", new LSTM(4, 6, init(rng)));
            head = child("head", new Dense(6, 3, init(rng)));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return head.forward(lstm.forward(x.reshape(-1, 4, 4)).sequence().mean(1));
        }
    }

    private static final class Encoder extends Layer {
        private final TransformerEncoder encoder;
        private final Dense head;

        Encoder(Generator rng) {
            encoder = child(
                    "encoder",
                    new TransformerEncoder(
                            1, 4, 2, new TransformerOptions().feedForward(8).dropout(0.2, rng), init(rng)));
            head = child("head", new Dense(4, 3, init(rng)));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return head.forward(encoder.forward(x.reshape(-1, 4, 4)).mean(1));
        }
    }

    final Generator rng = new Generator(1);
    final Layer model;
    final Adam optimizer;
    final DataLoader<Batch> loader;
    final DataLoader<Batch> validation;
    final Trainer<Batch> trainer;

    ShardedProgram(Model kind, Collective workers) {
        model = kind.maker.apply(rng);
        optimizer = new Adam(model.parameters(), 0.01);
        Tensor x = Tensor.randn(DTYPE, new Generator(2), 70, 16);
        Tensor y = Tensor.of(x.sum(1).sign().add(1).data().to(DType.INT32));
        // The last batch has six samples, so two of its shards are empty.
        loader = new DataLoader<>(Dataset.of(x, y), 32).shuffle(rng);
        validation = new DataLoader<>(Dataset.of(x, y), 20);
        trainer = Trainer.of(model, optimizer, new CrossEntropy())
                .metrics(new Accuracy())
                .clipNorm(1)
                .schedule(new CosineAnnealing(0.01, 12))
                .validate(validation)
                .parallel(workers, SHARDS);
        if (kind == Model.BATCH_NORM) {
            loader.dropLast(true);
        }
    }

    List<Stateful> parts() {
        return List.of(model, optimizer, loader, trainer, rng);
    }

    Map<String, NdArray> state() {
        Map<String, NdArray> all = new LinkedHashMap<>();
        parts().forEach(part ->
                part.state().forEach((name, array) -> all.put(part.getClass().getSimpleName() + " " + name, array)));
        return all;
    }
}
