package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.SGD;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lengths, intervals, schedules, and steps that the program makes itself. */
class TrainerLengthTest {
    private static final Tensor X = Tensor.randn(new Generator(1), 12, 2);
    private static final Tensor Y = X.sum(1).sin().unsqueeze(1);

    private final Layer model = new Dense(2, 1, new Generator(2));
    private final SGD optimizer = new SGD(model.parameters(), 0.1);
    private final long[] nanos = {0};

    /** A loader with four batches, that is, four steps an epoch. */
    private static DataLoader<Batch> loader() {
        return new DataLoader<>(Dataset.of(X, Y), 3).shuffle(new Generator(5));
    }

    private Trainer<Batch> trainer() {
        return Trainer.of(model, optimizer, new MSE());
    }

    /** A trainer whose steps take a second each. */
    private Trainer<Batch> timed() {
        Trainer<Batch> trainer = new Trainer<>(Evaluator.of(model, new MSE()), optimizer, () -> nanos[0]);
        return trainer.onBatch(loss -> nanos[0] += 1_000_000_000L);
    }

    @Test
    void aLengthEndsTheTrainingWhereItIsReached() {
        Trainer<Batch> steps = trainer();
        assertThat(steps.fit(loader(), Length.steps(4)).epochs())
                .as("an epoch without further batches is over")
                .isEqualTo(1);
        assertThat(steps.steps()).isEqualTo(4);

        Trainer<Batch> endless = trainer();
        Iterable<Batch> batches = () -> Stream.generate(() -> new Batch(X, Y)).iterator();
        assertThat(endless.fit(batches, Length.steps(7)).epochs()).isZero();
        assertThat(endless.steps()).isEqualTo(7);

        Trainer<Batch> time = timed();
        DataLoader<Batch> loader = loader();
        time.fit(loader, Length.of(Duration.ofSeconds(6)));
        assertThat(time.steps()).isEqualTo(6);
        nanos[0] += 3_600_000_000_000L; // the time between calls doesn't count
        time.fit(loader, Length.of(Duration.ofSeconds(7)));
        assertThat(time.steps()).isEqualTo(7);
        assertThat(time.epochs()).isEqualTo(1);
    }

    @Test
    void theTimeOfATrainingIsPartOfItsState() {
        Trainer<Batch> one = timed();
        List<Map<String, NdArray>> states = new ArrayList<>();
        DataLoader<Batch> loader = loader();
        one.onStep(() -> states.add(loader.state())).fit(loader, Length.of(Duration.ofSeconds(3)));
        Trainer<Batch> other = timed();
        other.load(one.state());
        DataLoader<Batch> place = loader();
        place.load(states.get(2));

        other.fit(place, Length.of(Duration.ofSeconds(5)));

        assertThat(other.steps()).isEqualTo(5);
        assertThat(trainer().state()).doesNotContainKey("elapsed");
        for (double no : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}) {
            Map<String, NdArray> impossible = new HashMap<>(trainer().state());
            impossible.put("elapsed", NdArray.scalar(DType.FLOAT64, no));
            refused(() -> trainer().load(impossible)).withMessageContaining("nothing was loaded: 'elapsed' is no time");
        }
    }

    @Test
    void aStateWithoutATimeBeginsItAnew() {
        Map<String, NdArray> first = timed().state();
        Trainer<Batch> trainer = timed();
        trainer.fit(loader(), Length.of(Duration.ofSeconds(3)));
        trainer.load(first);
        trainer.fit(loader(), Length.of(Duration.ofSeconds(2)));
        assertThat(trainer.steps()).isEqualTo(2);
    }

    @Test
    void anIntervalThatEndsAfterTheLastStepOfACallIsNotLost() {
        Trainer<Batch> trainer = timed().validate(loader(), Every.of(Duration.ofSeconds(10)));
        // Computing the tracked value at the end of the epoch takes 20 seconds.
        trainer.track("long", () -> nanos[0] += 20_000_000_000L);
        History history = trainer.fit(loader(), 1);
        assertThat(history.values("validation loss")).isEmpty();

        assertThat(trainer.fit(loader(), Length.steps(5)).steps("validation loss"))
                .containsExactly(5L);
    }

    @Test
    void anEpochWhoseLastStepFailsIsRepeated() {
        int[] calls = {0};
        Trainer<Batch> trainer = trainer().accumulate(3).onStep(() -> {
            // The second step of an epoch has only one batch.
            if (++calls[0] == 2) {
                throw new IllegalStateException("broken");
            }
        });
        thrown(IllegalStateException.class, () -> trainer.fit(loader(), 1));
        assertThat(trainer.epochs()).isZero();
        trainer.fit(loader(), 1);
        assertThat(trainer.epochs()).isEqualTo(1);
        assertThat(trainer.steps()).isEqualTo(4);
    }

    @Test
    void validationsComeAtTheirIntervals() {
        Trainer<Batch> trainer = timed().validate("steps", loader(), Every.steps(3))
                .validate("epochs", loader(), Every.epochs(2))
                .validate("time", loader(), Every.of(Duration.ofSeconds(6)));
        List<Epoch> epochs = new ArrayList<>();
        History history = trainer.onEpoch(epochs::add).fit(loader(), 5);

        assertThat(history.steps("steps loss")).containsExactly(3L, 6L, 9L, 12L, 15L, 18L);
        assertThat(history.steps("epochs loss")).containsExactly(8L, 16L);
        assertThat(history.steps("time loss")).containsExactly(6L, 12L, 18L);
        assertThat(history.steps("loss")).isEmpty();
        assertThat(history.values("steps loss")).hasSize(6);
        assertThat(history.epochs()).isEqualTo(5);
        assertThat(history.last("steps loss"))
                .isCloseTo(history.values("time loss").get(2), within(1e-15));
        assertThat(epochs.get(0).values()).containsOnlyKeys("loss");
        assertThat(epochs.get(0).notMeasured()).containsExactlyInAnyOrder("steps loss", "epochs loss", "time loss");
        assertThat(epochs.get(1).values())
                .containsOnlyKeys("loss", "epochs loss")
                .containsEntry("epochs loss", history.values("epochs loss").get(0));
        assertThat(epochs.get(2).values())
                .as("measured after the last step of the epoch, the twelfth")
                .containsOnlyKeys("loss", "steps loss", "time loss")
                .containsEntry("steps loss", history.values("steps loss").get(3));
        assertThat(history.toString()).contains("steps loss").contains("\n step");
        assertThat(history.mermaid("steps loss")).contains("x-axis \"step\" 3 --> 18");
        refused(() -> history.mermaid("loss", "steps loss")).withMessageContaining("draw them apart");
    }

    @Test
    void patienceCountsTheValuesOfWhatIsMonitored() {
        optimizer.learningRate(0);
        Trainer<Batch> trainer = trainer()
                .validate(List.of(new Batch(X, Y)), Every.steps(1))
                .patience(3)
                .restoreBest();

        History history = trainer.fit(loader(), 9);

        assertThat(trainer.steps()).isEqualTo(4);
        assertThat(history.best(Trainer.VALIDATION_LOSS, Goal.MIN)).isZero();
    }

    @Test
    void schedulesGoByStepsByEpochsOrOverAll() {
        List<Double> rates = new ArrayList<>();
        trainer()
                .schedule(k -> 1 + k, Every.EPOCH)
                .onStep(() -> rates.add(optimizer.learningRate()))
                .fit(loader(), 2);
        assertThat(rates).containsExactly(1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0);
        rates.clear();
        trainer()
                .schedule(k -> 1 + k, Every.steps(3))
                .onStep(() -> rates.add(optimizer.learningRate()))
                .fit(loader(), Length.steps(5));
        assertThat(rates).containsExactly(1.0, 1.0, 1.0, 2.0, 2.0);
        rates.clear();
        trainer()
                .accumulate(3)
                .scheduleOver(steps -> k -> steps + k)
                .onStep(() -> rates.add(optimizer.learningRate()))
                .fit(loader(), 2);
        assertThat(rates).as("two steps an epoch").containsExactly(4.0, 5.0, 6.0, 7.0);
        rates.clear();
        trainer()
                .scheduleOver(steps -> k -> steps)
                .onStep(() -> rates.add(optimizer.learningRate()))
                .fit(loader(), Length.steps(3));
        assertThat(rates).containsExactly(3.0, 3.0, 3.0);
        refused(() -> trainer().scheduleOver(steps -> k -> 1).fit(() -> loader().iterator(), 1))
                .withMessageContaining("whose number of steps nobody knows");
        refused(() -> trainer().schedule(k -> 1, Every.of(Duration.ofMinutes(1))))
                .withMessageContaining("not by time");
    }

    @Test
    void elementsAreClippedBeforeTheNorm() {
        Layer byHand = new Dense(2, 1, new Generator(2));
        SGD steps = new SGD(byHand.parameters(), 1);
        for (int step = 0; step < 3; step++) {
            steps.zeroGrad();
            new MSE().forward(byHand.forward(X), Y).backward();
            Clip.value(byHand.parameters(), 0.1);
            Clip.norm(byHand.parameters(), 0.12);
            steps.step();
        }
        optimizer.learningRate(1);

        trainer().clipNorm(0.12).clipValue(0.1).fit(List.of(new Batch(X, Y)), 3);

        assertThat(model.state()).isEqualTo(byHand.state());
    }

    @Test
    void lengthsAndIntervalsOfNothingAreRefused() {
        refused(() -> Length.epochs(-1));
        refused(() -> Length.steps(-1)).withMessage("Length: the number of steps must be from 0 to 2^53, got -1");
        refused(() -> Length.of(Duration.ofSeconds(-1)));
        refused(() -> Every.steps(0));
        refused(() -> Every.epochs(0)).withMessage("Every: the number of epochs must be at least 1, got 0");
        refused(() -> Every.of(Duration.ZERO));
        assertThat(Length.epochs(1)).hasToString("1 epoch");
        assertThat(Length.steps(0)).hasToString("0 steps");
        assertThat(Every.steps(500)).hasToString("every 500 steps");
        assertThat(Every.of(Duration.ofMillis(1500))).hasToString("every 1.5 seconds");
        assertThat(Length.of(Duration.ofDays(1_000_000))).hasToString("86400000000 seconds");
    }

    // ---- steps of the program ----

    @Test
    void severalOptimizersTakeTurnsInTheFunctionOfABatch() {
        Layer other = new Dense(2, 1, new Generator(3));
        Adam second = new Adam(other.parameters(), 0.1);
        Sequential both = new Sequential(model, other);
        List<Double> losses = new ArrayList<>();
        Trainer<Batch> trainer = Trainer.<Batch>of(both, batch -> {
            optimizer.zeroGrad();
            Tensor first = new MSE().forward(model.forward(batch.x()), batch.y());
            first.backward();
            optimizer.step();
            second.zeroGrad();
            Tensor loss = new MSE()
                    .forward(other.forward(batch.x()), model.forward(batch.x()).detach());
            loss.backward();
            second.step();
            losses.add(loss.item());
            return new Outcome(first).with("second loss", loss);
        });
        DataLoader<Batch> loader = loader();
        History history = trainer.track("value", () -> 1).fit(loader, 3);

        assertThat(trainer.steps()).isEqualTo(12);
        assertThat(history.names()).containsExactly("loss", "value", "second loss");
        assertThat(history.values("second loss").get(0))
                .isEqualTo((losses.get(0) + losses.get(1) + losses.get(2) + losses.get(3)) / 4);
        assertThat(history.last("loss")).isLessThan(history.values("loss").get(0));
        Trainer<Batch> loaded =
                Trainer.<Batch>of(both, batch -> new Outcome(Tensor.of(1))).track("value", () -> 1);
        loaded.load(trainer.state());
        assertThat(loaded.state()).isEqualTo(trainer.state());
        assertThat(loaded.history().toString()).isEqualTo(history.toString());
    }

    @Test
    void theSumsOfPartsGoOnInTheMiddleOfAnEpoch() {
        List<List<Map<String, NdArray>>> cuts = new ArrayList<>();
        DataLoader<Batch> loader = loader();
        Trainer<Batch> whole = parts();
        whole.onBatch(loss -> cuts.add(List.of(loader.state(), whole.state()))).fit(loader, 2);
        for (List<Map<String, NdArray>> cut : cuts) {
            Trainer<Batch> continued = parts();
            DataLoader<Batch> place = loader();
            place.load(cut.get(0));
            continued.load(cut.get(1));

            assertThat(continued.fit(place, 2).toString())
                    .isEqualTo(whole.history().toString());
            assertThat(continued.state()).isEqualTo(whole.state());
        }
    }

    /** A trainer whose steps change nothing, and whose outcomes have two more parts. */
    private Trainer<Batch> parts() {
        return Trainer.of(
                model,
                batch -> new Outcome(batch.x().sum())
                        .with("z", batch.y().mean())
                        .with("a", batch.x().amax()));
    }

    @Test
    void ratesAreNotSetForStepsOfTheProgram() {
        for (int k = 1; k <= 2; k++) {
            refused(() -> parts().scheduleOver(steps -> step -> 0.1).fit(loader(), 1))
                    .withMessageContaining("nor set a learning rate");
        }
        refused(() -> parts().plateau(new Plateau(0.1))
                        .monitor("loss", Goal.MIN)
                        .fit(loader(), 1))
                .withMessageContaining("a plateau sets no learning rate");
    }

    // ---- the search of a rate ----
}
