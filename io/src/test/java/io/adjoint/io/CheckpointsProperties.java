package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.WeightAverage;
import io.adjoint.nn.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** Tests that a training which is cut after any step and continued from its file has the bits of an uncut training. */
class CheckpointsProperties {
    private static final int EPOCHS = 3;
    private Path folder = Path.of("");

    @BeforeTry
    void create() throws IOException {
        folder = Files.createTempDirectory("checkpoints");
    }

    @AfterTry
    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** An exception that ends a training. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    enum Algorithm {
        SGD,
        ADAM,
        LBFGS;

        Optimizer of(List<Tensor> parameters) {
            return switch (this) {
                case SGD -> new SGD(parameters, 0.05).momentum(0.9);
                case ADAM -> new Adam(parameters, 0.05);
                case LBFGS -> new LBFGS(parameters, 0.5);
            };
        }
    }

    /** The settings of a training. */
    record Settings(Algorithm algorithm, int samples, int accumulated, boolean shuffled, boolean dropout) {}

    /** The parts of a training with either kind of loop. */
    private abstract static class Run {
        final Generator rng = new Generator(1);
        final Generator order = new Generator(2);
        final Sequential model;
        final Optimizer optimizer;
        final DataLoader<Batch> loader;
        final WeightAverage average;
        final Checkpoints checkpoints;

        Run(Settings settings, Path folder) {
            Dense hidden = new Dense(2, 3, rng);
            Dense output = new Dense(3, 1, rng);
            model = settings.dropout()
                    ? new Sequential(hidden, new BatchNorm1d(3, new Init(rng)), new Dropout(0.3, rng), output)
                    : new Sequential(hidden, output);
            optimizer = settings.algorithm().of(model.parameters());
            average = WeightAverage.ema(model, 0.9);
            Generator data = new Generator(3);
            DataLoader<Batch> sequential = new DataLoader<>(
                            Dataset.of(
                                    Tensor.randn(data, settings.samples(), 2),
                                    Tensor.randn(data, settings.samples(), 1)),
                            2)
                    .dropLast(true);
            loader = settings.shuffled() ? sequential.shuffle(order) : sequential;
            checkpoints = new Checkpoints(folder)
                    .part("model", model)
                    .part("optimizer", optimizer)
                    .part("loader", loader)
                    .part("average", average)
                    .part("rng", rng);
        }

        /** Trains to the end, or up to the step {@code cut}, after which it saves a checkpoint and throws. */
        abstract void train(long cut);

        void stepped(long step, long cut) {
            average.update();
            if (step == cut) {
                checkpoints.save(step);
                throw new Killed();
            }
        }
    }

    private static final class ByTrainer extends Run {
        private final Trainer<Batch> trainer;

        ByTrainer(Settings settings, Path folder) {
            super(settings, folder);
            int accumulated = optimizer.needsClosure() ? 1 : settings.accumulated();
            Plateau plateau = new Plateau(0.05).patience(0);
            trainer = Trainer.of(model, optimizer, new MSE())
                    .accumulate(accumulated)
                    .track("mean", () -> model.parameters().get(0).mean().item())
                    .monitor("mean", Goal.MIN)
                    .restoreBest()
                    .plateau(plateau);
            checkpoints.part("trainer", trainer).part("plateau", plateau);
        }

        @Override
        void train(long cut) {
            checkpoints.resume();
            trainer.onStep(() -> stepped(trainer.steps(), cut)).fit(loader, EPOCHS);
        }
    }

    private static final class ByLoop extends Run {
        ByLoop(Settings settings, Path folder) {
            super(settings, folder);
        }

        @Override
        void train(long cut) {
            CosineAnnealing rate = new CosineAnnealing(0.05, 20);
            long step = checkpoints.resume();
            while (step < (long) EPOCHS * loader.size()) {
                for (Batch batch : loader) {
                    optimizer.learningRate(rate.at(step));
                    optimizer.step(() -> {
                        optimizer.zeroGrad();
                        Tensor loss = new MSE().forward(model.forward(batch.x()), batch.y());
                        loss.backward();
                        return loss;
                    });
                    step++;
                    stepped(step, cut);
                }
            }
        }
    }

    @Property
    void aTrainersBitsAreThoseOfOneThatWasNotCut(
            @ForAll Algorithm algorithm,
            @ForAll @IntRange(min = 2, max = 9) int samples,
            @ForAll @IntRange(min = 1, max = 3) int accumulated,
            @ForAll boolean shuffled,
            @ForAll boolean dropout,
            @ForAll @IntRange(min = 1, max = 12) int cut) {
        Settings settings = new Settings(algorithm, samples, accumulated, shuffled, dropout);
        requireSame(() -> new ByTrainer(settings, folder.resolve("run")), cut);
    }

    @Example
    void aStateSavedAfterALastStepOfFewerBatchesIsThatOfAnEpochThatIsOver() {
        Settings settings = new Settings(Algorithm.SGD, 2, 2, true, true);
        requireSame(() -> new ByTrainer(settings, folder.resolve("run")), 1);
    }

    @Property
    void aLoopsBitsAreThoseOfOneThatWasNotCut(
            @ForAll Algorithm algorithm,
            @ForAll @IntRange(min = 2, max = 9) int samples,
            @ForAll boolean shuffled,
            @ForAll boolean dropout,
            @ForAll @IntRange(min = 1, max = 11) int cut) {
        // After the last step nothing is left to be done, but the loader doesn't know yet that the epoch is over.
        Assume.that(cut < EPOCHS * (samples / 2));
        Settings settings = new Settings(algorithm, samples, 1, shuffled, dropout);
        requireSame(() -> new ByLoop(settings, folder.resolve("run")), cut);
    }

    private static void requireSame(Supplier<Run> program, long cut) {
        Run whole = program.get();
        whole.train(-1);
        Run last = program.get();
        try {
            last.train(cut);
        } catch (Killed e) {
            last = program.get();
            last.train(-1);
        }
        assertThat(last.checkpoints.states()).isEqualTo(whole.checkpoints.states());
    }
}
