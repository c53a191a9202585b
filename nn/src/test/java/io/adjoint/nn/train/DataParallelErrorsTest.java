package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.CollectiveException;
import io.adjoint.nn.train.ShardedProgram.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Workers that differ, fail or stop. */
class DataParallelErrorsTest {
    @Test
    void aShardThatFailsLeavesGradientsAndBuffersAndEndsTheOthers() {
        List<String> failures = new ArrayList<>();
        assertThatThrownBy(() -> Collective.threads(2, workers -> {
                    ShardedProgram program = new ShardedProgram(Model.BATCH_NORM, Collective.alone());
                    DataParallel<Batch> parallel =
                            new DataParallel<>(program.model, program.optimizer, workers, ShardedProgram.SHARDS);
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
                        "Trainer: worker 1 has another 'weight' than worker 0; begin with the same settings, seeds and data, or load");
    }

    @Test
    void shardsAreAtLeastAsManyAsWorkers() {
        Layer model = new Dense(2, 1, new Generator(1));
        refused(() -> new DataParallel<Batch>(model, new Adam(model.parameters(), 0.1), Collective.alone(), 0))
                .withMessage("DataParallel: the number of shards must be at least 1, got 0");
        assertThatThrownBy(() -> Collective.threads(
                        2, workers -> new DataParallel<Batch>(model, new Adam(model.parameters(), 0.1), workers, 1)))
                .hasStackTraceContaining(
                        "DataParallel: the number of shards must be from the number of workers, 2, to 65536, got 1");
    }

    @Test
    void loadersOfOtherSeedsAreRefused() {
        assertThatThrownBy(() -> Collective.threads(2, workers -> {
                    ShardedProgram program = new ShardedProgram(Model.DROPOUT, workers);
                    DataLoader<Batch> other = new DataLoader<>(
                                    Dataset.of(Tensor.zeros(ShardedProgram.DTYPE, 32, 16), Tensor.of(new int[32])), 8)
                            .shuffle(new Generator(workers.rank()));
                    return program.trainer.fit(other, 1);
                }))
                .hasStackTraceContaining("Trainer: worker 1 has another 'loader's ");
    }

    /** Trains one worker with the given numbers of batches, rows and shards. */
    private static History own(Collective workers, int batches, int rows, int shards) {
        Layer model = new Dense(2, 1, new Generator(1));
        List<Batch> own = Collections.nCopies(batches, new Batch(Tensor.ones(rows, 2), Tensor.ones(rows, 1)));
        return Trainer.of(model, new Adam(model.parameters(), 0.1), new MSE())
                .validate(own)
                .parallel(workers, shards)
                .fit(own, 1);
    }

    @Test
    void workersWithOtherBatchesOrShardsAreRefused() {
        String message = "the workers are not at the same point of the training: they have other batches, shards, or";
        assertThatThrownBy(() -> Collective.threads(2, workers -> own(workers, 1 + workers.rank(), 4, 4)))
                .hasStackTraceContaining(message);
        assertThatThrownBy(() -> Collective.threads(2, workers -> own(workers, 2 - workers.rank(), 4, 4)))
                .hasStackTraceContaining(message);
        assertThatThrownBy(() -> Collective.threads(2, workers -> own(workers, 1, 2 + 2 * workers.rank(), 4)))
                .hasStackTraceContaining(message);
        assertThatThrownBy(() -> Collective.threads(2, workers -> own(workers, 1, 4, 2 + 2 * workers.rank())))
                .hasStackTraceContaining("Trainer: worker 1 has another 'number of shards' than worker 0;");
    }

    @Test
    void aScheduleThatCannotBeMadeOnOneWorkerEndsAll() {
        CountDownLatch over = new CountDownLatch(1);
        List<String> messages = Collective.threads(2, workers -> {
            ShardedProgram program = new ShardedProgram(Model.DROPOUT, workers);
            if (workers.rank() == 1) {
                program.trainer.scheduleOver(steps -> {
                    throw new ArithmeticException("no schedule");
                });
            }
            String message =
                    catchThrowable(() -> program.trainer.fit(program.loader, 1)).getMessage();
            if (workers.rank() == 0) {
                over.countDown();
            }
            // The worker's program catches the exception and goes on.
            assertThatCode(() -> over.await(60, TimeUnit.SECONDS)).doesNotThrowAnyException();
            return String.valueOf(message);
        });
        assertThat(messages.get(0)).endsWith("rank 1 failed: java.lang.ArithmeticException: no schedule");
        assertThat(messages.get(1)).isEqualTo("no schedule");
    }

    @Test
    void aForwardPassThatChangesAParameterIsRefused() {
        Layer model = new Dense(2, 1, new Generator(1));
        DataParallel<Batch> parallel =
                new DataParallel<>(model, new Adam(model.parameters(), 0.1), Collective.alone(), 2);
        thrown(
                        IllegalStateException.class,
                        () -> parallel.backward(new Batch(Tensor.ones(2, 2), Tensor.ones(2, 1)), part -> {
                            Tensor loss = model.forward(part.x()).sum();
                            InPlace.assign(
                                    model.parameters().get(0).data(), NdArray.ones(DType.FLOAT64, Shape.of(1, 2)));
                            return new Outcome(loss);
                        }))
                .withMessageStartingWith("DataParallel: the forward pass changes the parameter 'weight', which");
    }

    @Test
    void oneWorkersStopEndsAllAtTheSameStep() {
        List<Long> steps = Collective.threads(2, workers -> {
            ShardedProgram program = new ShardedProgram(Model.DROPOUT, workers);
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
