package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Stateful;
import io.adjoint.io.Checkpoints;
import io.adjoint.nn.Block;
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
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.layer.Unflatten;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.Trainer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Trainings of four kinds of networks by workers, each with a digest of its final weights and states. */
enum WorkerTraining {
    MLP {
        @Override
        Layer build(Generator rng, Init init) {
            return new Sequential(
                    new Dense(64, 40, init), new ReLU(), new Dropout(0.3, rng), new Dense(40, CLASSES, init));
        }
    },
    CNN {
        @Override
        Layer build(Generator rng, Init init) {
            return new Sequential(
                    new Unflatten(1, 1, 8, 8),
                    new Conv2d(1, 8, 3, init),
                    new BatchNorm2d(8, init),
                    new ReLU(),
                    new MaxPool2d(2),
                    new Flatten(),
                    new Dense(72, CLASSES, init));
        }
    },
    RECURRENT {
        @Override
        Layer build(Generator rng, Init init) {
            LSTM lstm = new LSTM(8, 12, init);
            return new Sequences(lstm, x -> lstm.forward(x).sequence(), new Dense(12, CLASSES, init));
        }
    },
    TRANSFORMER {
        @Override
        Layer build(Generator rng, Init init) {
            TransformerEncoderLayer encoder = new TransformerEncoderLayer(
                    8, 2, new TransformerOptions().feedForward(16).dropout(0.2, rng), init);
            return new Sequences(encoder, encoder::forward, new Dense(8, CLASSES, init));
        }
    };

    private static final int SHARDS = 4;
    private static final int CLASSES = 3;
    private static final int EPOCHS = 2;
    /** The step after which a checkpoint is saved, in the middle of an epoch. */
    private static final int SAVED = 2;

    abstract Layer build(Generator rng, Init init);

    /**
     * Classifies images; an image is read as a sequence with eight numbers in each step, and a dense layer classifies the mean of the
     * block's outputs.
     */
    private static final class Sequences extends Layer {
        private final UnaryOperator<Tensor> sequence;
        private final Dense head;

        Sequences(Block block, UnaryOperator<Tensor> sequence, Dense head) {
            this.sequence = sequence;
            child("block", block);
            this.head = child("head", head);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return head.forward(sequence.apply(x.reshape(-1, 8, 8)).mean(1));
        }
    }

    /**
     * Trains a network, or continues the training from a checkpoint.
     *
     * @param saved a folder in which the first worker saves a checkpoint in the middle of the training; null for none
     * @param resumed the folder of a checkpoint; null to begin
     * @return the digest of weights, optimizer, trainer with its history, loader and generator
     */
    String digest(Collective workers, @Nullable Path saved, @Nullable Path resumed) {
        Generator rng = new Generator(1);
        Layer model = build(rng, new Init(rng).dtype(DType.FLOAT32));
        Adam optimizer = new Adam(model.parameters(), 0.01);
        Tensor x = Tensor.randn(DType.FLOAT32, new Generator(2), 45, 64);
        Tensor y = Tensor.of(x.sum(1).sign().add(1).data().to(DType.INT32));
        DataLoader<Batch> loader = new DataLoader<>(Dataset.of(x, y), 15).shuffle(rng);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, new CrossEntropy())
                .metrics(new Accuracy())
                .clipNorm(1)
                .schedule(new CosineAnnealing(0.01, 6))
                .validate(new DataLoader<>(Dataset.of(x, y), 20))
                .parallel(workers, SHARDS);
        Map<String, Stateful> parts = new LinkedHashMap<>();
        parts.put("model", model);
        parts.put("optimizer", optimizer);
        parts.put("loader", loader);
        parts.put("trainer", trainer);
        parts.put("generator", rng);
        if (resumed != null && checkpoints(resumed, parts).resume() != SAVED) {
            throw new IllegalStateException("no checkpoint in " + resumed);
        }
        if (saved != null && workers.rank() == 0) {
            Checkpoints checkpoints = checkpoints(saved, parts);
            trainer.onStep(() -> {
                if (trainer.steps() == SAVED) {
                    checkpoints.save(SAVED);
                }
            });
        }
        trainer.fit(loader, EPOCHS);
        Digest digest = new Digest();
        parts.values().forEach(part -> part.state().values().forEach(array -> digest.add(Tensor.of(array))));
        return digest.text();
    }

    private Checkpoints checkpoints(Path folder, Map<String, Stateful> parts) {
        Checkpoints checkpoints = new Checkpoints(folder.resolve(name()));
        parts.forEach(checkpoints::part);
        return checkpoints;
    }
}
