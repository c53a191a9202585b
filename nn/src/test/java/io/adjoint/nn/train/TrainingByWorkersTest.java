package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.StepDecay;
import io.adjoint.nn.optim.WeightAverage;
import io.adjoint.nn.parallel.Collective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The settings of a trainer with any number of workers, which stop, lower rates, clip, accumulate and evaluate at the same steps. */
class TrainingByWorkersTest {
    private static final int SHARDS = 4;

    /** A training of a small classifier by one worker. */
    private static final class Program {
        final Generator rng = new Generator(1);
        final Init init = new Init(rng).dtype(DType.FLOAT32);
        final Dense first = new Dense(8, 12, init);
        final Dense last = new Dense(12, 3, init);
        final Sequential model =
                new Sequential(first, new BatchNorm1d(12, init), new Tanh(), new Dropout(0.2, rng), last);
        final Adam optimizer = new Adam(model.parameters(), 0.02);
        final Tensor x = Tensor.randn(DType.FLOAT32, new Generator(2), 48, 8);
        final Tensor y = Tensor.of(x.sum(1).sign().add(1).data().to(DType.INT32));
        final DataLoader<Batch> loader = new DataLoader<>(Dataset.of(x, y), 16).shuffle(rng);
        final DataLoader<Batch> others = new DataLoader<>(
                Dataset.of(Tensor.randn(DType.FLOAT32, new Generator(3), 30, 8), y.slice(0, 0, 30)), 10);
        final List<Stateful> more = new ArrayList<>();
        final Map<String, NdArray> best = new LinkedHashMap<>();
        final Collective workers;
        /** The worker's clock: it goes on by a second per batch for worker 0, and faster for the other workers. */
        private long nanos;

        final Trainer<Batch> trainer;

        Program(Collective workers) {
            this.workers = workers;
            trainer = new Trainer<>(Evaluator.of(model, new CrossEntropy()), optimizer, () -> nanos)
                    .onBatch(loss -> nanos += (1 + 7L * workers.rank()) * 1_000_000_000L)
                    .parallel(workers, SHARDS);
        }

        Map<String, NdArray> state() {
            List<Stateful> parts = new ArrayList<>(List.of(model, optimizer, loader, trainer, rng));
            parts.addAll(more);
            Map<String, NdArray> all = new LinkedHashMap<>(best);
            parts.forEach(part -> part.state()
                    .forEach((name, array) -> all.put(part.getClass().getSimpleName() + " " + name, array)));
            // The elapsed time differs between the workers.
            all.remove("Trainer elapsed");
            return all;
        }
    }

    /** Settings of a trainer; each constant also checks that its setting had an effect. */
    enum Kind {
        PATIENCE {
            @Override
            void train(Program program) {
                // These samples have other labels than the first samples, so their loss gets worse.
                History history =
                        program.trainer.validate(program.others).patience(2).fit(program.loader, 40);
                assertThat(history.epochs()).isBetween(3, 39);
            }
        },
        PATIENCE_WITHIN_AN_EPOCH {
            @Override
            void train(Program program) {
                program.trainer.validate(program.others, Every.STEP).patience(4).fit(program.loader, 40);
                assertThat(program.trainer.epochs()).isLessThan(39);
                assertThat(program.trainer.steps()).isGreaterThan(4);
            }
        },
        PLATEAU {
            @Override
            void train(Program program) {
                Plateau plateau = new Plateau(0.02).patience(0).relativeThreshold(0.1);
                program.more.add(plateau);
                program.trainer.validate(program.others).plateau(plateau).fit(program.loader, 8);
                assertThat(program.optimizer.learningRate()).isLessThan(0.02);
            }
        },
        BEST_WEIGHTS {
            @Override
            void train(Program program) {
                program.trainer
                        .metrics(new Accuracy())
                        .validate(program.others)
                        .monitor("validation Accuracy", Goal.MAX)
                        .restoreBest()
                        .fit(program.loader, 3);
                Map<String, NdArray> best = program.model.state();
                program.trainer.fit(program.loader, 6);
                program.best.putAll(best);
            }
        },
        SEVERAL_VALIDATIONS {
            @Override
            void train(Program program) {
                History history = program.trainer
                        .metrics(new Accuracy())
                        .validate(program.others, Every.steps(2))
                        .validate("training", program.loader)
                        .validate("seldom", program.others, Every.epochs(2))
                        .track(
                                "norm",
                                () -> program.workers.rank()
                                        + program.first.weight().data().get(0, 0))
                        .fit(program.loader, 4);
                assertThat(history.names()).contains("validation Accuracy", "training loss", "seldom Accuracy", "norm");
                assertThat(history.steps("validation loss")).containsExactly(2L, 4L, 6L, 8L, 10L, 12L);
            }
        },
        CLIPPED_GROUPS {
            @Override
            void train(Program program) {
                Adam groups = new Adam(program.first.parameters(), 0.02);
                groups.add(program.last.parameters()).set("beta2", 0.9).rateScale(0.5);
                Trainer<Batch> trainer = Trainer.of(program.model, groups, new CrossEntropy())
                        .parallel(program.workers, SHARDS)
                        .clipNorm(0.1)
                        .clipValue(0.05);
                trainer.fit(program.loader, 3);
                assertThat(trainer.gradientNorm().orElseThrow()).isGreaterThan(0.1);
                program.more.add(groups);
                program.more.add(trainer);
            }
        },
        ACCUMULATED {
            @Override
            void train(Program program) {
                program.trainer.accumulate(2).clipNorm(0.1).fit(program.loader, 3);
                assertThat(program.trainer.steps()).isEqualTo(6);
            }
        },
        AVERAGED {
            @Override
            void train(Program program) {
                WeightAverage average = WeightAverage.ema(program.model, 0.9);
                program.more.add(average);
                program.trainer
                        .onStep(average::update)
                        .schedule(new StepDecay(0.02, 2).gamma(0.7))
                        .track(
                                "averaged",
                                () -> average.within(() ->
                                        program.trainer.evaluate(program.others).loss()))
                        .fit(program.loader, 3);
                assertThat(average.updates()).isEqualTo(9);
            }
        },
        SCHEDULE_OF_ALL {
            @Override
            void train(Program program) {
                program.trainer.scheduleOver(steps -> new OneCycle(0.02, steps)).fit(program.loader, 3);
                assertThat(program.trainer.steps()).isEqualTo(9);
            }
        },
        LENGTH_IN_TIME {
            @Override
            void train(Program program) {
                program.trainer.fit(program.loader, Length.of(Duration.ofSeconds(5)));
                assertThat(program.trainer.steps()).isEqualTo(5);
            }
        },
        INTERVAL_IN_TIME {
            @Override
            void train(Program program) {
                History history = program.trainer
                        .validate(program.others, Every.of(Duration.ofSeconds(4)))
                        .fit(program.loader, 4);
                assertThat(history.steps("validation loss")).containsExactly(4L, 8L, 12L);
            }
        };

        abstract void train(Program program);
    }

    @ParameterizedTest
    @EnumSource
    void anyNumberOfWorkersEndsWithTheSameBits(Kind kind) {
        Program alone = new Program(Collective.alone());
        kind.train(alone);
        Map<String, NdArray> expected = alone.state();
        for (int size : new int[] {1, 2, 4}) {
            List<Map<String, NdArray>> states = Collective.threads(size, workers -> {
                Program program = new Program(workers);
                kind.train(program);
                return program.state();
            });
            assertThat(states)
                    .as("%d workers", size)
                    .allSatisfy(state -> assertThat(state).isEqualTo(expected));
        }
    }

    /** Counts the events of a training. */
    private static final class Counter implements Log {
        final List<String> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void start(TrainingRun run) {
            events.add("start");
        }

        @Override
        public void step(Step step) {
            events.add("step");
        }

        @Override
        public void numbers(Moment at, Map<String, Double> values) {
            events.add("numbers");
        }

        @Override
        public void epoch(Moment at, Map<String, Double> values) {
            events.add("epoch");
        }

        @Override
        public void text(Moment at, String name, String text) {
            events.add(text);
        }

        @Override
        public void failure(Moment at, Throwable cause) {
            events.add("failure");
        }

        @Override
        public void end(Moment at) {
            events.add("end");
        }
    }

    @Test
    void logsGetTheEventsOfTheFirstWorkerAlone() {
        List<List<String>> events = Collective.threads(3, workers -> {
            Counter counter = new Counter();
            Program program = new Program(workers);
            program.trainer
                    .log(counter)
                    .validate(program.others, Every.steps(2))
                    .onEpoch(epoch -> program.trainer.tell(
                            log -> log.text(program.trainer.moment(), "rank", "rank " + workers.rank())))
                    .fit(program.loader, 1);
            return counter.events;
        });
        assertThat(events.get(0)).containsExactly("start", "step", "step", "numbers", "step", "epoch", "rank 0", "end");
        assertThat(events.subList(1, 3)).containsOnly(List.of());
    }

    /** The messages of the exceptions of two workers, whose programs catch them. */
    private static List<String> failures(Consumer<Program> setting) {
        return Collective.threads(2, Duration.ofMinutes(1), workers -> {
            Program program = new Program(workers);
            setting.accept(program);
            return String.valueOf(
                    catchThrowable(() -> program.trainer.fit(program.loader, 2)).getMessage());
        });
    }

    @Test
    void aLogThatCannotBeginEndsTheTrainingOfAll() {
        assertThat(failures(program -> program.trainer.log(new Log() {
                    @Override
                    public void start(TrainingRun run) {
                        throw new IllegalStateException("no such folder");
                    }
                })))
                .allMatch(message -> message.contains("no such folder"));
    }

    @Test
    void aListenerThatFailsOnOneWorkerEndsTheTrainingOfAll() {
        assertThat(failures(program -> program.trainer.onStep(() -> {
                    if (program.workers.rank() == 1) {
                        throw new IllegalStateException("the second worker's listener");
                    }
                })))
                .allMatch(message -> message.contains("the second worker's listener"));
    }

    @Test
    void trainingsThatStopAreContinuedByOtherNumbersOfWorkers() {
        Program whole = new Program(Collective.alone());
        whole.trainer.accumulate(2).validate(whole.others, Every.steps(2)).fit(whole.loader, 4);
        List<Map<String, NdArray>> saved = List.of();
        for (int size : new int[] {4, 1, 3, 2}) {
            List<Map<String, NdArray>> before = saved;
            saved = Collective.threads(size, workers -> {
                        Program program = new Program(workers);
                        List<Stateful> parts =
                                List.of(program.model, program.optimizer, program.loader, program.trainer, program.rng);
                        program.trainer.accumulate(2).validate(program.others, Every.steps(2));
                        for (int k = 0; k < before.size(); k++) {
                            parts.get(k).load(before.get(k));
                        }
                        long end = program.trainer.steps() + 2;
                        program.trainer.onStep(() -> {
                            if (workers.rank() == workers.size() - 1 && program.trainer.steps() == end) {
                                program.trainer.stop();
                            }
                        });
                        program.trainer.fit(program.loader, 4);
                        return parts.stream().map(Stateful::state).toList();
                    })
                    .get(size - 1);
        }
        Map<String, NdArray> model = Objects.requireNonNull(saved.get(0));
        assertThat(model).isEqualTo(whole.model.state());
        assertThat(saved.get(1)).isEqualTo(whole.optimizer.state());
        assertThat(saved.get(3)).isEqualTo(whole.trainer.state());
    }
}
