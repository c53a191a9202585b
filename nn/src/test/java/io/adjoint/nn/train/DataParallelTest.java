package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
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
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.CollectiveException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same bits for any number of workers. */
class DataParallelTest {
    private static final int SHARDS = 8;
    private static final DType DTYPE = DType.FLOAT32;

    /** Models with what depends on the shard: random numbers, statistics of batches, sequences. */
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

    /** A training with all that is carried: its states are compared. */
    private static final class Program {
        final Generator rng = new Generator(1);
        final Layer model;
        final Adam optimizer;
        final DataLoader<Batch> loader;
        final DataLoader<Batch> validation;
        final Trainer<Batch> trainer;

        Program(Model kind, Collective workers) {
            model = kind.maker.apply(rng);
            optimizer = new Adam(model.parameters(), 0.01);
            Tensor x = Tensor.randn(DTYPE, new Generator(2), 70, 16);
            Tensor y = Tensor.of(x.sum(1).sign().add(1).data().to(DType.INT32));
            // The last batch is of six samples, so that two shards are empty.
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
            parts().forEach(part -> part.state()
                    .forEach((name, array) -> all.put(part.getClass().getSimpleName() + " " + name, array)));
            return all;
        }
    }

    private static Map<String, NdArray> trained(
            Model model, int workers, Function<Program, Map<String, NdArray>> training) {
        List<Map<String, NdArray>> states =
                Collective.threads(workers, collective -> training.apply(new Program(model, collective)));
        states.forEach(state -> assertThat(state).isEqualTo(states.get(0)));
        return states.get(0);
    }

    private static Map<String, NdArray> threeEpochs(Program program) {
        program.trainer.fit(program.loader, 3);
        return program.state();
    }

    @ParameterizedTest
    @EnumSource
    void anyNumberOfWorkersEndsWithTheSameBits(Model model) {
        Map<String, NdArray> alone = threeEpochs(new Program(model, Collective.alone()));
        for (int workers : new int[] {1, 2, 3, 4, 8}) {
            assertThat(trained(model, workers, DataParallelTest::threeEpochs))
                    .as("%d workers", workers)
                    .isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTrainingIsContinuedByAnotherNumberOfWorkers(Model model) {
        Map<String, NdArray> whole = threeEpochs(new Program(model, Collective.alone()));
        List<Map<String, NdArray>> saved = Collective.threads(4, workers -> {
                    Program program = new Program(model, workers);
                    program.trainer.fit(program.loader, Length.steps(2));
                    return program.parts().stream().map(Stateful::state).toList();
                })
                .get(0);
        Map<String, NdArray> continued = trained(model, 2, program -> {
            for (int k = 0; k < saved.size(); k++) {
                program.parts().get(k).load(saved.get(k));
            }
            return threeEpochs(program);
        });
        assertThat(continued).isEqualTo(whole);
    }

    @Test
    void accumulatedGradientsAndOptimizersThatEvaluateABatchAgainHaveTheSameBits() {
        List<Map<String, NdArray>> states = new ArrayList<>();
        for (int size : new int[] {1, 2, 4}) {
            states.add(Collective.threads(size, workers -> {
                        Program program = new Program(Model.DROPOUT, workers);
                        program.trainer.accumulate(2).fit(program.loader, 2);
                        Layer model = new Dense(4, 1, new Generator(4));
                        Tensor x = Tensor.randn(new Generator(5), 24, 4);
                        Trainer.of(model, new LBFGS(model.parameters()), new MSE())
                                .parallel(workers, 4)
                                .fit(
                                        new DataLoader<>(
                                                Dataset.of(x, x.sum(1).sin().unsqueeze(1)), 12),
                                        2);
                        Map<String, NdArray> all = new LinkedHashMap<>(program.state());
                        model.state().forEach((name, array) -> all.put("closure " + name, array));
                        return all;
                    })
                    .get(size - 1));
        }
        assertThat(states.get(1)).isEqualTo(states.get(0));
        assertThat(states.get(2)).isEqualTo(states.get(0));
    }

    @Test
    void oneShardIsThePlainTraining() {
        Generator rng = new Generator(1);
        Layer plain = new Dense(4, 2, new Generator(1));
        Layer sharded = new Dense(4, 2, new Generator(1));
        Dataset<Batch> data =
                Dataset.of(Tensor.randn(rng, 12, 4), Tensor.of(new int[] {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
        Trainer.of(plain, new Adam(plain.parameters(), 0.1), new CrossEntropy()).fit(new DataLoader<>(data, 5), 2);
        Trainer.of(sharded, new Adam(sharded.parameters(), 0.1), new CrossEntropy())
                .parallel(Collective.alone(), 1)
                .fit(new DataLoader<>(data, 5), 2);
        assertThat(sharded.state()).isEqualTo(plain.state());
    }

    @Test
    void aLoopOfOnesOwnHasTheSameBits() {
        List<Map<String, NdArray>> states = new ArrayList<>();
        for (int size : new int[] {1, 2, 4}) {
            states.add(Collective.threads(size, workers -> {
                        Program program = new Program(Model.DROPOUT, Collective.alone());
                        DataParallel<Batch> parallel =
                                new DataParallel<>(program.model, program.optimizer, workers, SHARDS);
                        program.model.train();
                        for (Batch batch : program.loader) {
                            program.optimizer.zeroGrad();
                            Outcome outcome = parallel.backward(
                                    batch,
                                    part -> Outcome.of(new CrossEntropy(), program.model.forward(part.x()), part.y())
                                            .with("twice", part.x().sum().mul(2)));
                            assertThat(outcome.parts()).containsOnlyKeys("twice");
                            program.optimizer.step();
                        }
                        assertThat(parallel.state()).containsEntry("passes", NdArray.scalar(DType.FLOAT64, 3));
                        return program.model.state();
                    })
                    .get(size - 1));
        }
        assertThat(states.get(1)).isEqualTo(states.get(0));
        assertThat(states.get(2)).isEqualTo(states.get(0));
    }

    @Test
    void aShardThatFailsLeavesGradientsAndBuffersAndEndsTheOthers() {
        List<String> failures = new ArrayList<>();
        assertThatThrownBy(() -> Collective.threads(2, workers -> {
                    Program program = new Program(Model.BATCH_NORM, Collective.alone());
                    DataParallel<Batch> parallel =
                            new DataParallel<>(program.model, program.optimizer, workers, SHARDS);
                    Batch batch = program.loader.iterator().next();
                    program.model.parameters().forEach(p -> p.setGrad(p.detach()));
                    Map<String, NdArray> before = program.model.state();
                    try {
                        Outcome unused = parallel.backward(batch, part -> {
                            Tensor scores = program.model.forward(part.x());
                            if (workers.rank() == 1) {
                                throw new ArithmeticException("the second worker");
                            }
                            return Outcome.of(new CrossEntropy(), scores, part.y());
                        });
                    } finally {
                        assertThat(program.model.state()).isEqualTo(before);
                        program.model
                                .parameters()
                                .forEach(p -> assertThat(p.grad())
                                        .isNotNull()
                                        .extracting(Tensor::data)
                                        .isEqualTo(p.data()));
                        synchronized (failures) {
                            failures.add("worker " + workers.rank());
                        }
                    }
                    return 0;
                }))
                .isInstanceOf(CollectiveException.class)
                .hasRootCauseInstanceOf(ArithmeticException.class)
                .hasRootCauseMessage("the second worker");
        assertThat(failures).containsExactlyInAnyOrder("worker 0", "worker 1");
    }

    @Test
    void workersThatBeginWithOtherWeightsAreRefused() {
        assertThatThrownBy(() -> Collective.threads(2, workers -> {
                    Layer model = new Dense(2, 1, new Generator(workers.rank()));
                    return Trainer.of(model, new Adam(model.parameters(), 0.1), new CrossEntropy())
                            .parallel(workers, 2)
                            .fit(List.<Batch>of(), 1);
                }))
                .hasStackTraceContaining(
                        "Trainer: worker 1 has another 'weight' than worker 0; begin with the same seeds and data, or load");
    }

    @Test
    void shardsAreAtLeastAsManyAsWorkers() {
        Layer model = new Dense(2, 1, new Generator(1));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new DataParallel<Batch>(model, new Adam(model.parameters(), 0.1), Collective.alone(), 0))
                .withMessage("DataParallel: the number of shards must be at least 1, got 0");
        assertThatThrownBy(() -> Collective.threads(
                        2, workers -> new DataParallel<Batch>(model, new Adam(model.parameters(), 0.1), workers, 1)))
                .hasStackTraceContaining(
                        "DataParallel: the number of shards must be from the number of workers, 2, to 65536, got 1");
    }

    @Test
    void loadersOfOtherSeedsAreRefused() {
        assertThatThrownBy(() -> Collective.threads(2, workers -> {
                    Program program = new Program(Model.DROPOUT, workers);
                    DataLoader<Batch> other = new DataLoader<>(
                                    Dataset.of(Tensor.zeros(DTYPE, 32, 16), Tensor.of(new int[32])), 8)
                            .shuffle(new Generator(workers.rank()));
                    return program.trainer.fit(other, 1);
                }))
                .hasStackTraceContaining("Trainer: worker 1 has another 'loader's ");
    }

    @Test
    void aForwardPassThatChangesAParameterIsRefused() {
        Layer model = new Dense(2, 1, new Generator(1));
        DataParallel<Batch> parallel =
                new DataParallel<>(model, new Adam(model.parameters(), 0.1), Collective.alone(), 2);
        assertThatThrownBy(() -> parallel.backward(new Batch(Tensor.ones(2, 2), Tensor.ones(2, 1)), part -> {
                    Tensor loss = model.forward(part.x()).sum();
                    InPlace.assign(model.parameters().get(0).data(), NdArray.ones(DType.FLOAT64, Shape.of(1, 2)));
                    return new Outcome(loss);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("DataParallel: the forward pass changes the parameter 'weight', which");
    }

    @Test
    void anEvaluationThatDrawsNumbersHasTheSameBits() {
        List<Double> losses = new ArrayList<>();
        for (int size : new int[] {1, 2, 3}) {
            losses.addAll(Collective.threads(size, workers -> {
                Generator rng = new Generator(1);
                Layer model = new Dense(2, 1, rng);
                Evaluator<Batch> evaluator = new Evaluator<Batch>(
                                model,
                                batch -> new Outcome(model.forward(batch.x())
                                        .mul(Tensor.randn(rng, 1))
                                        .sum()))
                        .parallel(workers);
                Tensor x = Tensor.randn(new Generator(2), 10, 2);
                DataLoader<Batch> batches = new DataLoader<>(Dataset.of(x, x), 2);
                double first = evaluator.evaluate(batches).loss();
                assertThat(evaluator.evaluate(batches).loss()).isEqualTo(first);
                return first;
            }));
        }
        assertThat(losses).hasSize(6).containsOnly(losses.get(0));
    }

    @Test
    void predictionsAreThoseOfAllSamplesInOrder() {
        for (int size : new int[] {1, 2, 3}) {
            List<Tensor> all = Collective.threads(size, workers -> {
                Program program = new Program(Model.LSTM, Collective.alone());
                Batch batch = program.validation.iterator().next();
                DataParallel<Batch> parallel = new DataParallel<>(program.model, program.optimizer, workers, 5);
                Outcome outcome = parallel.backward(
                        batch, part -> Outcome.of(new CrossEntropy(), program.model.forward(part.x()), part.y()), true);
                assertThat(outcome.target())
                        .isNotNull()
                        .extracting(Tensor::data)
                        .isEqualTo(batch.y().data());
                return Objects.requireNonNull(outcome.prediction());
            });
            all.forEach(each -> assertThat(each.shape()).isEqualTo(Shape.of(20, 3)));
            all.forEach(each -> assertThat(each.data()).isEqualTo(all.get(0).data()));
        }
    }

    @Test
    void twoDataParallelsHaveOtherNumbers() {
        List<Double> losses = new ArrayList<>();
        Generator rng = new Generator(1);
        Layer model = new Dense(2, 1, rng);
        for (long streams : new long[] {0, 0, 1}) {
            losses.add(new DataParallel<Batch>(model, new Adam(model.parameters(), 0.1), Collective.alone(), 2)
                    .streams(streams)
                    .backward(
                            new Batch(Tensor.ones(2, 2), Tensor.ones(2, 1)),
                            part -> new Outcome(model.forward(part.x())
                                    .mul(Tensor.randn(rng, 1))
                                    .sum()))
                    .loss()
                    .item());
        }
        assertThat(losses.get(1)).isEqualTo(losses.get(0)).isNotEqualTo(losses.get(2));
    }

    @Test
    void oneWorkersStopEndsAllAtTheSameStep() {
        List<Long> steps = Collective.threads(2, workers -> {
            Program program = new Program(Model.DROPOUT, workers);
            program.trainer.onStep(() -> {
                if (workers.rank() == 1 && program.trainer.steps() == 4) {
                    program.trainer.stop();
                }
            });
            program.trainer.fit(program.loader, 5);
            return program.trainer.steps();
        });
        assertThat(steps).containsExactly(4L, 4L);
    }
}
