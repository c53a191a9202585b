package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.BatchIterator;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.DataStream;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.StreamLoader;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.metric.Average;
import io.adjoint.nn.metric.ClassReport;
import io.adjoint.nn.metric.CohenKappa;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.metric.F1;
import io.adjoint.nn.metric.Perplexity;
import io.adjoint.nn.metric.RocAuc;
import io.adjoint.nn.metric.TopKAccuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.WeightAverage;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint of earlier code, {@code earlier-checkpoint.safetensors}: this training saved it before classes declared their states, in the
 * middle of an epoch and of the batches of a step; the two numbers of {@code TopKAccuracy} have been renamed in it since. It is loaded, and
 * a checkpoint saved today has the same names and bits.
 */
class EarlierCheckpointTest {
    private static final int CLASSES = 3;
    private static final int STOPPED_AFTER = 11;

    @TempDir
    Path folder = Path.of("");

    /** An exception that ends the training. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A training with all kinds of parts. */
    static final class Training {
        private final Generator rng = new Generator(1);
        private final Sequential model = new Sequential(
                new Dense(2, 4, rng),
                new BatchNorm1d(4, new Init(rng)),
                new Dropout(0.2, rng),
                new Dense(4, CLASSES, rng));
        private final Dense line = new Dense(2, 1, rng);
        private final Adam optimizer = new Adam(model.parameters(), 0.05);
        private final LBFGS lbfgs = new LBFGS(line.parameters(), 0.5);
        private final WeightAverage average = WeightAverage.ema(model, 0.9);
        private final Plateau plateau = new Plateau(0.5).patience(0);
        private final Tensor inputs = Tensor.randn(new Generator(2), 14, 2);
        private final Tensor targets =
                Tensor.of(IntStream.range(0, 14).map(k -> k * k % CLASSES).toArray());
        private final DataLoader<Batch> loader =
                new DataLoader<>(Dataset.of(inputs, targets), 2).shuffle(new Generator(3));
        private final StreamLoader<List<Integer>> stream = DataStream.of(
                        IntStream.range(0, 9).boxed().toList())
                .shuffle(4)
                .batch(2, samples -> samples)
                .generator(new Generator(4));
        private final Trainer<Batch> trainer = Trainer.<Batch>of(model, optimizer, this::outcome)
                .metrics(
                        new Accuracy(),
                        new F1(Average.MACRO),
                        new CohenKappa(CohenKappa.Weights.LINEAR),
                        new ConfusionMatrix(CLASSES),
                        new RocAuc(),
                        new TopKAccuracy(2),
                        new Perplexity(),
                        new ClassReport("a", "b", "c"))
                .accumulate(2)
                .validate(List.of(new Batch(inputs, targets)), Every.steps(2))
                .monitor(Trainer.VALIDATION_LOSS, Goal.MIN)
                .restoreBest()
                .plateau(plateau);
        private int batches;

        private Outcome outcome(Batch batch) {
            Tensor logits = model.forward(batch.x());
            Tensor penalty = model.parameters().get(0).square().sum().mul(0.01);
            return new Outcome(new CrossEntropy().forward(logits, batch.y()).add(penalty), logits, batch.y())
                    .with("penalty", penalty);
        }

        Map<String, Stateful> parts() {
            Map<String, Stateful> parts = new LinkedHashMap<>();
            parts.put("model", model);
            parts.put("line", line);
            parts.put("optimizer", optimizer);
            parts.put("lbfgs", lbfgs);
            parts.put("average", average);
            parts.put("plateau", plateau);
            parts.put("loader", loader);
            parts.put("stream", stream);
            parts.put("trainer", trainer);
            parts.put("rng", rng);
            return parts;
        }

        Checkpoints in(Path folder) {
            Checkpoints checkpoints = new Checkpoints(folder);
            parts().forEach(checkpoints::part);
            return checkpoints;
        }

        /** Trains up to the batch after which the checkpoint is saved. */
        void run(Path folder) {
            Checkpoints checkpoints = in(folder);
            checkpoints.resume();
            for (int k = 0; k < 3; k++) {
                lbfgs.step(() -> {
                    lbfgs.zeroGrad();
                    Tensor loss = line.forward(inputs).sub(1).square().mean();
                    loss.backward();
                    return loss;
                });
            }
            try (BatchIterator<List<Integer>> elements = stream.iterator()) {
                assertThat(elements.next()).hasSize(2);
                assertThat(elements.next()).hasSize(2);
                trainer.onStep(average::update).onBatch(loss -> {
                    batches++;
                    if (batches == STOPPED_AFTER) {
                        checkpoints.save(STOPPED_AFTER);
                        throw new Stopped();
                    }
                });
                trainer.fit(loader, 3);
            }
        }
    }

    private static Path earlier() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(EarlierCheckpointTest.class.getResource("earlier-checkpoint.safetensors"))
                .toURI());
    }

    @Test
    void itIsLoadedWhole() throws URISyntaxException {
        Training training = new Training();
        assertThat(training.in(folder).load(earlier())).isEqualTo(STOPPED_AFTER);

        for (Map.Entry<String, Stateful> part : training.parts().entrySet()) {
            assertThat(withoutSettings(part.getValue().state()))
                    .as(part.getKey())
                    .isEqualTo(withoutSettings(Checkpoints.read(earlier(), part.getKey())));
        }
        assertThat(training.trainer.state().keySet())
                .contains(
                        "history.loss",
                        "parts.penalty",
                        "part.penalty",
                        "steps.validation loss",
                        "metric.RocAuc.scores",
                        "best.0.weight",
                        "gradient.0");
        assertThat(training.lbfgs.state().keySet()).contains("direction", "change.0.move");
        assertThat(training.stream.state()).containsEntry("position", NdArray.scalar(DType.INT32, 2));
    }

    @Test
    void theSameTrainingSavesTheSameToday() throws URISyntaxException {
        Training training = new Training();

        assertThatThrownBy(() -> training.run(folder)).isInstanceOf(Stopped.class);

        Path today = new CheckpointFolder(folder).files().lastEntry().getValue();
        for (String part : training.parts().keySet()) {
            assertThat(withoutSettings(Checkpoints.read(today, part)))
                    .as(part)
                    .isEqualTo(withoutSettings(Checkpoints.read(earlier(), part)));
        }
    }

    /** A state without the settings of optimizers except the learning rate, the only setting that earlier states had. */
    private static Map<String, NdArray> withoutSettings(Map<String, NdArray> state) {
        Map<String, NdArray> rest = new LinkedHashMap<>(state);
        rest.keySet().removeIf(name -> name.matches("(Adam|LBFGS)\\.\\w+") && !name.endsWith(".learningRate"));
        return rest;
    }
}
