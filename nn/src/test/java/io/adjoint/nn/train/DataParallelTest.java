package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ShardSum;
import io.adjoint.nn.train.ShardedProgram.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a training has the same bits with any number of workers. */
class DataParallelTest {
    private static Map<String, NdArray> trained(
            Model model, int workers, Function<ShardedProgram, Map<String, NdArray>> training) {
        List<Map<String, NdArray>> states =
                Collective.threads(workers, collective -> training.apply(new ShardedProgram(model, collective)));
        states.forEach(state -> assertThat(state).isEqualTo(states.get(0)));
        return states.get(0);
    }

    private static Map<String, NdArray> threeEpochs(ShardedProgram program) {
        program.trainer.fit(program.loader, 3);
        return program.state();
    }

    @ParameterizedTest
    @EnumSource
    void anyNumberOfWorkersEndsWithTheSameBits(Model model) {
        Map<String, NdArray> alone = threeEpochs(new ShardedProgram(model, Collective.alone()));
        for (int workers : new int[] {1, 2, 3, 4, 8}) {
            assertThat(trained(model, workers, DataParallelTest::threeEpochs))
                    .as("%d workers", workers)
                    .isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTrainingIsContinuedByAnotherNumberOfWorkers(Model model) {
        Map<String, NdArray> whole = threeEpochs(new ShardedProgram(model, Collective.alone()));
        List<Map<String, NdArray>> saved = Collective.threads(4, workers -> {
                    ShardedProgram program = new ShardedProgram(model, workers);
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
                        ShardedProgram program = new ShardedProgram(Model.DROPOUT, workers);
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
                        ShardedProgram program = new ShardedProgram(Model.DROPOUT, Collective.alone());
                        DataParallel<Batch> parallel =
                                new DataParallel<>(program.model, program.optimizer, workers, ShardedProgram.SHARDS);
                        program.model.train();
                        for (Batch batch : program.loader) {
                            program.optimizer.zeroGrad();
                            Outcome outcome = parallel.backward(
                                    batch,
                                    part -> Outcome.of(new CrossEntropy(), program.model.forward(part.x()), part.y())
                                            .with("twice", part.x().sum().mul(2)));
                            assertThat(outcome.numbers()).containsOnlyKeys("twice");
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
    void anEvaluationThatDrawsNumbersHasTheSameBits() {
        List<Double> losses = new ArrayList<>();
        for (int size : new int[] {1, 2, 3}) {
            losses.addAll(Collective.threads(size, workers -> {
                Generator rng = new Generator(1);
                Layer model = new Dense(2, 1, rng);
                Evaluator<Batch> evaluator = Evaluator.<Batch>of(
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
                ShardedProgram program = new ShardedProgram(Model.LSTM, Collective.alone());
                Batch batch = program.validation.iterator().next();
                DataParallel<Batch> parallel = new DataParallel<>(program.model, program.optimizer, workers, 5);
                Outcome outcome = parallel.backwardWithPredictions(
                        batch, part -> Outcome.of(new CrossEntropy(), program.model.forward(part.x()), part.y()));
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
    void partsOfWeightZeroLeaveTheOthersWithTheirWorkers() {
        List<Integer> weights = List.of(0, 2, 0, 1, 0);
        for (int size : new int[] {1, 2, 3, 5}) {
            List<List<Integer>> computed = Collective.threads(size, workers -> {
                List<Integer> own = new ArrayList<>();
                Layer model = new Dense(1, 1, new Generator(1));
                Outcome outcome = new DataParallel<Integer>(model, new Adam(model.parameters(), 0.1), workers, 5)
                        .splitBy((batch, shards) -> List.of(0, 1, 2, 3, 4))
                        .batchSize(weights::get)
                        .backward(0, part -> {
                            own.add(part);
                            return new Outcome(model.forward(Tensor.ones(1, 1))
                                    .mul(0)
                                    .add(part)
                                    .sum());
                        });
                // (2·1 + 1·3)/3
                assertThat(outcome.loss().item()).isCloseTo(5 / 3.0, within(1e-15));
                return own;
            });
            for (int rank = 0; rank < size; rank++) {
                int worker = rank;
                assertThat(computed.get(rank)).allMatch(part -> ShardSum.worker(part, 5, size) == worker);
            }
            assertThat(computed.stream().flatMap(List::stream)).containsExactly(1, 3);
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
}
