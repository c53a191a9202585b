package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.metric.MeanAbsoluteError;
import io.adjoint.nn.metric.R2;
import io.adjoint.nn.metric.RootMeanSquaredError;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.LinearRamp;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Plateau;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerStateTest {
    private static final int EPOCHS = 6;
    private static final Tensor X = Tensor.normal(Shape.of(22, 3), 0, 1, new Generator(1));
    private static final Tensor Y = X.sum(1).sin().unsqueeze(1);

    /** Settings of a training, one or several at a time. */
    enum Setting {
        NONE(t -> {}),
        SCHEDULE(t -> t.trainer.schedule(step -> new LinearRamp(0.1).at(step) / (1 + step))),
        CLIPPING(t -> t.trainer.clipNorm(0.1)),
        ACCUMULATION(t -> t.trainer.accumulate(3)),
        EARLY_STOPPING(t -> t.trainer.monitor("zigzag", Goal.MIN).patience(2)),
        EARLY_STOPPING_WITH_BEST_WEIGHTS(
                t -> t.trainer.monitor("zigzag", Goal.MAX).patience(2).restoreBest()),
        BEST_WEIGHTS(t -> t.trainer.restoreBest()),
        PLATEAU(t -> t.trainer.monitor("zigzag", Goal.MIN).plateau(t.plateau)),
        ALL(t -> t.trainer
                .clipNorm(0.5)
                .accumulate(2)
                .plateau(t.plateau)
                .patience(4)
                .restoreBest()),
        METRICS(t -> t.trainer.metrics(new RootMeanSquaredError(), new R2())),
        SCHEDULE_OF_EPOCHS(t -> t.trainer.schedule(new CosineAnnealing(0.1, EPOCHS), Every.EPOCH)),
        SCHEDULE_OVER_ALL(t -> t.trainer.scheduleOver(steps -> new OneCycle(0.1, Math.max(10, steps)))),
        SEVERAL_VALIDATIONS(t -> t.trainer
                .metrics(new MeanAbsoluteError())
                .clipValue(0.05)
                .validate("few", List.of(Training.batch(3)), Every.steps(4))
                .validate("rare", List.of(Training.batch(9)), Every.epochs(2))
                .monitor("few loss", Goal.MIN)
                .plateau(t.plateau)
                .restoreBest()),
        CLOSURE(t -> {}),
        WORKERS(t -> {}),
        LIST(t -> {});

        private final Consumer<Training> set;

        Setting(Consumer<Training> set) {
            this.set = set;
        }
    }

    /** A trainer and all that it works with. */
    private static final class Training {
        static final List<Batch> LIST = List.of(batch(0), batch(7), batch(14));
        final Generator rng = new Generator(3);
        final Layer model = new Sequential(
                new Dense(3, 5, rng),
                new BatchNorm1d(5, new Init(rng)),
                new Tanh(),
                new Dropout(0.2, rng),
                new Dense(5, 1, rng));
        final Optimizer optimizer;
        final Plateau plateau = new Plateau(0.05).factor(0.5).patience(0);
        final DataLoader<Batch> loader;
        final Trainer<Batch> trainer;
        final boolean hasList;

        Training(Setting setting) {
            optimizer = setting == Setting.CLOSURE
                    ? new LBFGS(model.parameters(), 0.1).maxIterations(3)
                    : new Adam(model.parameters(), 0.05);
            loader = new DataLoader<>(Dataset.of(X, Y), 4).shuffle(rng).workers(setting == Setting.WORKERS ? 2 : 0);
            trainer = Trainer.of(model, optimizer, new MSE()).validate(new DataLoader<>(Dataset.of(X, Y), 10));
            trainer.track("zigzag", () -> trainer.epochs() % 3 - trainer.steps() * 1e-4);
            setting.set.accept(this);
            hasList = setting == Setting.LIST;
        }

        History fit() {
            return fit(EPOCHS);
        }

        History fit(int epochs) {
            return fit(Length.epochs(epochs));
        }

        History fit(Length length) {
            return trainer.fit(hasList ? LIST : loader, length);
        }

        private static Batch batch(int from) {
            return new Batch(X.slice(0, from, from + 7), Y.slice(0, from, from + 7));
        }

        /** The states of all parts, by the part's name. */
        Map<String, Map<String, NdArray>> states() {
            Map<String, Map<String, NdArray>> states = new LinkedHashMap<>();
            states.put("model", model.state());
            states.put("optimizer", optimizer.state());
            states.put("plateau", plateau.state());
            states.put("loader", loader.state());
            states.put("trainer", trainer.state());
            return states;
        }

        void load(Map<String, Map<String, NdArray>> states) {
            model.load(part(states, "model"));
            optimizer.load(part(states, "optimizer"));
            plateau.load(part(states, "plateau"));
            loader.load(part(states, "loader"));
            trainer.load(part(states, "trainer"));
        }
    }

    private static Map<String, NdArray> part(Map<String, Map<String, NdArray>> states, String name) {
        return Objects.requireNonNull(states.get(name));
    }

    @ParameterizedTest
    @EnumSource
    void aTrainingThatIsCutAnywhereAndContinuedInAFreshTrainerEndsWithTheSameBits(Setting setting) {
        Training whole = new Training(setting);
        List<Map<String, Map<String, NdArray>>> cuts = new ArrayList<>();
        cuts.add(whole.states());
        whole.trainer
                .onBatch(loss -> cuts.add(whole.states()))
                .onStep(() -> cuts.add(whole.states()))
                .onEpoch(epoch -> cuts.add(whole.states()))
                .track("cut", () -> {
                    cuts.add(whole.states());
                    return 0;
                });
        History history = whole.fit();
        cuts.add(whole.states());

        assertThat(history.epochs())
                .isEqualTo(
                        switch (setting) {
                            case EARLY_STOPPING -> 3;
                            case EARLY_STOPPING_WITH_BEST_WEIGHTS -> 5;
                            default -> EPOCHS;
                        });
        for (int k = 0; k < cuts.size(); k++) {
            Training continued = new Training(setting);
            continued.trainer.track("cut", () -> 0);
            continued.load(cuts.get(k));
            assertThat(continued.trainer.state()).isEqualTo(part(cuts.get(k), "trainer"));

            History all = continued.fit();

            assertThat(continued.states()).as("cut " + k + " of " + cuts.size()).isEqualTo(whole.states());
            assertThat(all.toString()).isEqualTo(history.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = "SCHEDULE_OVER_ALL") // its rates depend on the length of each call
    void aTrainingInSeveralCallsEndsWithTheBitsOfOneCall(Setting setting) {
        Training whole = new Training(setting);
        History history = whole.fit();
        for (int first = 0; first <= EPOCHS; first++) {
            Training parts = new Training(setting);
            assertThat(parts.fit(first).epochs()).isLessThanOrEqualTo(first);
            assertThat(parts.fit(Math.min(first + 1, EPOCHS)).epochs()).isLessThanOrEqualTo(first + 1);

            History all = parts.fit();

            assertThat(all.toString()).isEqualTo(history.toString());
            assertThat(parts.states()).as("after " + first).isEqualTo(whole.states());
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = "SCHEDULE_OVER_ALL") // its rates depend on the length of each call
    void aTrainingOfAnyNumberOfStepsGoesOnHereAndFromItsStates(Setting setting) {
        Training whole = new Training(setting);
        History history = whole.fit();
        for (long steps = 1; steps <= whole.trainer.steps(); steps++) {
            Training here = new Training(setting);
            History part = here.fit(Length.steps(steps));
            assertThat(here.trainer.steps()).isEqualTo(steps);
            assertThat(part.epochs()).isEqualTo(here.trainer.epochs());
            Training there = new Training(setting);
            there.load(here.states());

            for (Training each : List.of(here, there)) {
                assertThat(each.fit().toString()).isEqualTo(history.toString());
                assertThat(each.states()).as("after step " + steps).isEqualTo(whole.states());
            }
        }
    }

    @Test
    void aTrainingThatIsStoppedAtAnyStepGoesOnHereAndFromItsStates() {
        Training whole = new Training(Setting.SEVERAL_VALIDATIONS);
        History history = whole.fit();
        for (long stop = 1; stop < whole.trainer.steps(); stop++) {
            long at = stop;
            Training here = new Training(Setting.SEVERAL_VALIDATIONS);
            here.trainer.onStep(() -> {
                if (here.trainer.steps() == at) {
                    here.trainer.stop();
                }
            });
            assertThat(here.fit().epochs()).isLessThanOrEqualTo(history.epochs());
            assertThat(here.trainer.steps()).isEqualTo(stop);
            Training there = new Training(Setting.SEVERAL_VALIDATIONS);
            there.load(here.states());

            for (Training each : List.of(here, there)) {
                assertThat(each.fit().toString()).isEqualTo(history.toString());
                assertThat(each.states()).as("after step " + stop).isEqualTo(whole.states());
            }
        }
    }

    @Test
    void aCallGoesOnWithTheLastWeightsWhateverTheModelHas() {
        Training whole = new Training(Setting.BEST_WEIGHTS);
        whole.trainer.monitor("zigzag", Goal.MAX);
        assertThat(whole.fit().epochs()).isEqualTo(EPOCHS);
        Training parts = new Training(Setting.BEST_WEIGHTS);
        List<Map<String, NdArray>> weights = new ArrayList<>();
        parts.trainer.monitor("zigzag", Goal.MAX).onEpoch(epoch -> weights.add(parts.model.state()));
        assertThat(parts.fit(4).best("zigzag", Goal.MAX)).isEqualTo(2);
        assertThat(parts.model.state()).isEqualTo(weights.get(2)).isNotEqualTo(weights.get(3));

        parts.model.load(weights.get(0));
        assertThat(parts.fit().epochs()).isEqualTo(EPOCHS);

        assertThat(parts.states()).isEqualTo(whole.states());
    }

    @Test
    void aTrainingThatFailedBeginsItsEpochAnewHereAndFromAState() {
        Training training = new Training(Setting.ACCUMULATION);
        int[] batches = {0};
        training.trainer.onBatch(loss -> {
            // This is the fourth batch of the second epoch, which has six.
            if (++batches[0] == 10) {
                throw new IllegalStateException("no power");
            }
        });
        thrown(IllegalStateException.class, training::fit).withMessage("no power");
        assertThat(training.trainer.epochs()).isEqualTo(1);
        Training other = new Training(Setting.ACCUMULATION);
        other.model.load(training.model.state());
        other.optimizer.load(training.optimizer.state());
        other.rng.load(training.rng.state());
        other.trainer.load(training.trainer.state());

        assertThat(training.fit().epochs()).isEqualTo(EPOCHS);
        assertThat(other.fit().epochs()).isEqualTo(EPOCHS);

        assertThat(training.trainer.steps()).isEqualTo(3 + 5 * 2);
        assertThat(other.states()).isEqualTo(training.states());
    }

    @Test
    void aTrainingWhoseLastStepFailedBeginsItsEpochAnewHereAndFromAState() {
        boolean[] fails = {true};
        Training training = new Training(Setting.NONE);
        Training other = new Training(Setting.NONE);
        for (Training each : List.of(training, other)) {
            // An epoch has six batches, so its second step has only two.
            each.trainer.accumulate(4).schedule(step -> {
                if (step == 3 && fails[0]) {
                    throw new IllegalStateException("no rate");
                }
                return 1;
            });
        }
        thrown(IllegalStateException.class, training::fit).withMessage("no rate");
        assertThat(training.trainer.epochs()).isEqualTo(1);
        other.load(training.states());
        fails[0] = false;

        assertThat(training.fit().epochs()).isEqualTo(EPOCHS);
        assertThat(other.fit().epochs()).isEqualTo(EPOCHS);

        assertThat(training.trainer.steps()).isEqualTo(3 + 5 * 2);
        assertThat(other.states()).isEqualTo(training.states());
    }

    @Test
    void anEvaluationThatFailedIsRepeatedAloneHereAndFromAState() {
        Training whole = new Training(Setting.ALL);
        History history = whole.fit();
        boolean[] fails = {true};
        Training training = new Training(Setting.ALL);
        training.trainer.track("zigzag", () -> {
            if (fails[0] && training.trainer.epochs() == 2) {
                throw new IllegalStateException("no data");
            }
            return training.trainer.epochs() % 3 - training.trainer.steps() * 1e-4;
        });
        thrown(IllegalStateException.class, training::fit).withMessage("no data");
        Training other = new Training(Setting.ALL);
        other.load(training.states());
        fails[0] = false;

        for (Training each : List.of(training, other)) {
            assertThat(each.fit().toString()).isEqualTo(history.toString());
            assertThat(each.states()).isEqualTo(whole.states());
        }
    }

    @Test
    void aLoaderThatIsElsewhereIsRefused() {
        Training training = new Training(Setting.NONE);
        List<Map<String, Map<String, NdArray>>> states = new ArrayList<>();
        training.trainer.onStep(() -> states.add(training.states()));
        assertThat(training.fit().epochs()).isEqualTo(EPOCHS);
        Training other = new Training(Setting.NONE);
        other.trainer.load(part(states.get(2), "trainer"));

        thrown(IllegalStateException.class, other::fit)
                .withMessage("Trainer: in the epoch of the state, 3 batches were taken, but of the loader's 0; load its"
                        + " state, too");
        other.load(states.get(2));
        assertThat(other.fit().epochs()).isEqualTo(EPOCHS);
        assertThat(other.states()).isEqualTo(training.states());
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAndChangesNothing() {
        Training training = new Training(Setting.ALL);
        assertThat(training.fit().epochs()).isEqualTo(EPOCHS);
        Map<String, NdArray> before = training.trainer.state();
        Map<String, NdArray> other = new LinkedHashMap<>(before);
        other.put("steps", NdArray.scalar(DType.FLOAT64, -1));

        refused(() -> training.trainer.load(other))
                .withMessage("Trainer: the state does not fit, and nothing was loaded: the count 'steps' must not be"
                        + " negative, got -1");
        other.remove("epochs");
        other.put("history.more", NdArray.zeros(DType.FLOAT64, Shape.of(6)));
        refused(() -> training.trainer.load(other))
                .withMessageContaining("missing 'epochs' FLOAT64 []")
                .withMessageContaining("unexpected 'history.more'");
        assertThat(training.trainer.state()).isEqualTo(before);
        refused(() -> new Training(Setting.NONE).trainer.load(before))
                .withMessageContaining("unexpected 'best.0.weight'");
    }
}
