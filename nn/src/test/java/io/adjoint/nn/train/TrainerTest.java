package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerTest {
    private static final Tensor X = Tensor.normal(Shape.of(20, 3), 0, 1, new Generator(1));
    private static final Tensor Y = X.sum(1).sin().unsqueeze(1);

    private static Layer model() {
        Generator rng = new Generator(2);
        return new Sequential(new Dense(3, 8, rng), new Tanh(), new Dense(8, 1, rng));
    }

    private static Iterable<Batch> batches(int size) {
        return new DataLoader<>(Dataset.of(X, Y), size);
    }

    private static Trainer<Batch> trainer(Layer model) {
        return Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE());
    }

    @Test
    void doesThatWhichTheExplicitLoopDoes() {
        Layer byTrainer = model();
        Layer byHand = model();
        SGD optimizer = new SGD(byHand.parameters(), 0.1);
        List<Double> losses = new ArrayList<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            double sum = 0;
            for (Batch batch : batches(8)) {
                optimizer.zeroGrad();
                Tensor loss = new MSE().forward(byHand.forward(batch.x()), batch.y());
                loss.backward();
                optimizer.step();
                sum += loss.item() * batch.x().shape().dim(0);
            }
            losses.add(sum / 20);
        }

        History history = trainer(byTrainer).fit(batches(8), 3);

        assertThat(byTrainer.state()).isEqualTo(byHand.state());
        assertThat(history.values("loss")).isEqualTo(losses);
        assertThat(history.epochs()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"4, 5", "2, 15"})
    void accumulatedBatchesMakeTheStepOfALargeOneAlsoIfTheyAreOfUnequalSize(int number, int size) {
        Layer small = model();
        Layer large = model();

        trainer(small).accumulate(number).fit(batches(size), 2);
        trainer(large).fit(batches(20), 2);

        Map<String, NdArray> expected = large.state();
        small.state()
                .forEach((path, array) -> assertThat(array.toDoubleArray())
                        .as(path)
                        .containsExactly(
                                Objects.requireNonNull(expected.get(path)).toDoubleArray(), within(1e-14)));
    }

    private record Rating(Tensor user, Tensor film, Tensor stars) {}

    @Test
    void accumulatedRecordsWeighByTheirRowsIfTheBatchSizeSaysSo() {
        Layer small = model();
        Layer large = model();

        ofRatings(small).batchSize(Collate::rows).accumulate(2).fit(List.of(rating(0, 16), rating(16, 20)), 2);
        ofRatings(large).fit(List.of(rating(0, 20)), 2);

        Map<String, NdArray> expected = large.state();
        small.state()
                .forEach((path, array) -> assertThat(array.toDoubleArray())
                        .as(path)
                        .containsExactly(
                                Objects.requireNonNull(expected.get(path)).toDoubleArray(), within(1e-14)));
    }

    private static Rating rating(int from, int to) {
        return new Rating(X.slice(0, from, to), X.slice(0, from, to).sin(), Y.slice(0, from, to));
    }

    private static Trainer<Rating> ofRatings(Layer model) {
        return Trainer.<Rating>of(
                model,
                new SGD(model.parameters(), 0.1),
                batch -> Outcome.of(new MSE(), model.forward(batch.user().mul(batch.film())), batch.stars()));
    }

    @Test
    void aTrackedValueThatFailsLeavesTheModelInTrainingMode() {
        Layer model = model();
        Trainer<Batch> trainer = trainer(model).track("none", () -> {
            throw new IllegalStateException("none");
        });

        thrown(IllegalStateException.class, () -> trainer.fit(batches(8), 1));
        assertThat(model.isTraining()).isTrue();
    }

    @Test
    void tellsOfEachStep() {
        int[] steps = {0};

        trainer(model()).accumulate(2).onStep(() -> steps[0]++).fit(batches(5), 1);

        assertThat(steps[0]).isEqualTo(2);
    }

    @Test
    void whatIsLeftAtTheEndOfAnEpochMakesAStep() {
        Trainer<Batch> trainer = trainer(model()).accumulate(3);

        trainer.fit(batches(5), 2);

        assertThat(trainer.steps()).isEqualTo(4);
    }

    @Test
    void schedulesAndClipsEachStep() {
        Layer byTrainer = model();
        Layer byHand = model();
        SGD optimizer = new SGD(byHand.parameters(), 1);
        for (int step = 0; step < 4; step++) {
            optimizer.zeroGrad();
            new MSE().forward(byHand.forward(X), Y).backward();
            assertThat(Clip.norm(byHand.parameters(), 0.01)).isPositive();
            optimizer.learningRate(1.0 / (1 + step));
            optimizer.step();
        }

        Trainer<Batch> trainer = Trainer.of(byTrainer, new SGD(byTrainer.parameters(), 1), new MSE())
                .schedule(step -> 1.0 / (1 + step))
                .clipNorm(0.01);
        assertThat(trainer.fit(batches(20), 2).epochs()).isEqualTo(2);
        assertThat(trainer.fit(batches(20), 4).epochs()).isEqualTo(4);

        assertThat(byTrainer.state()).isEqualTo(byHand.state());
    }

    @Test
    void tracksInEvaluationModeWithoutRecording() {
        Layer model = model();
        List<Boolean> seen = new ArrayList<>();

        History history = trainer(model)
                .validate(batches(7))
                .track("mode", () -> {
                    seen.add(model.isTraining() || Autograd.isRecording());
                    return 5;
                })
                .fit(batches(8), 2);

        assertThat(seen).containsExactly(false, false);
        assertThat(model.isTraining()).isTrue();
        assertThat(history.names()).containsExactly("loss", Trainer.VALIDATION_LOSS, "mode");
        assertThat(history.last(Trainer.VALIDATION_LOSS))
                .isCloseTo(new MSE().forward(model.forward(X), Y).item(), within(1e-14));
    }

    @Test
    void stopsWhenTheMonitoredValueGetsNoBetterAndRestoresTheBestWeights() {
        Layer model = model();
        double[] values = {5, 3, 4, 3, 1};
        List<Map<String, NdArray>> states = new ArrayList<>();
        int[] epoch = {0};

        History history = trainer(model)
                .track("value", () -> values[epoch[0]++])
                .monitor("value", Goal.MIN)
                .patience(2)
                .restoreBest()
                .onEpoch(over -> states.add(model.state()))
                .fit(batches(20), 5);

        assertThat(history.values("value")).containsExactly(5.0, 3.0, 4.0, 3.0);
        assertThat(history.best("value", Goal.MIN)).isEqualTo(1);
        assertThat(model.state()).isEqualTo(states.get(1)).isNotEqualTo(states.get(3));
    }

    @Test
    void aListenerMayStopTheTraining() {
        Trainer<Batch> trainer = trainer(model());
        List<String> lines = new ArrayList<>();
        trainer.onEpoch(epoch -> {
            lines.add(epoch.toString());
            if (epoch.number() == 2) {
                trainer.stop();
            }
        });

        assertThat(trainer.fit(batches(20), 10).epochs()).isEqualTo(2);
        assertThat(lines).hasSize(2).last().asString().startsWith("epoch 2: loss 0.");
    }

    @Test
    void aCallCountsTheEpochsOfThoseBeforeAndItsHistoryHasThem() {
        Layer model = model();
        Trainer<Batch> trainer = trainer(model);
        History first = trainer.fit(batches(20), 2);
        History all = trainer.fit(batches(20), 3);
        assertThat(trainer.fit(batches(20), 3).epochs()).isEqualTo(3);

        assertThat(first.epochs()).isEqualTo(2);
        assertThat(all.values("loss")).startsWith(first.values("loss").toArray(Double[]::new));
        assertThat(trainer.epochs()).isEqualTo(3);
        assertThat(trainer.steps()).isEqualTo(3);
    }

    @Test
    void setsTheRateOfAPlateauByWhatIsMonitored() {
        double[] values = {3, 4, 5, 6, 1};
        Layer model = model();
        SGD optimizer = new SGD(model.parameters(), 0.1);
        List<Double> rates = new ArrayList<>();
        int[] epoch = {0};

        Trainer.of(model, optimizer, new MSE())
                .track("value", () -> values[epoch[0]++])
                .monitor("value", Goal.MIN)
                .plateau(new Plateau(0.1).factor(0.5).patience(1))
                .onEpoch(over -> rates.add(optimizer.learningRate()))
                .fit(batches(20), 5);

        assertThat(rates).containsExactly(0.1, 0.1, 0.05, 0.05, 0.05);
    }

    @Test
    void anOptimizerThatNeedsAClosureGetsOne() {
        Layer byTrainer = model();
        Layer byHand = model();
        LBFGS optimizer = new LBFGS(byHand.parameters()).strongWolfe();
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            losses.add(optimizer
                    .step(() -> {
                        optimizer.zeroGrad();
                        Tensor loss = new MSE().forward(byHand.forward(X), Y);
                        loss.backward();
                        return loss;
                    })
                    .item());
        }
        List<Double> heard = new ArrayList<>();

        Trainer<Batch> trainer = Trainer.of(byTrainer, new LBFGS(byTrainer.parameters()).strongWolfe(), new MSE())
                .onBatch(loss -> heard.add(loss.item()));
        History history = trainer.fit(batches(20), 3);

        assertThat(byTrainer.state()).isEqualTo(byHand.state());
        assertThat(history.values("loss")).isEqualTo(losses).isEqualTo(heard);
        assertThat(losses.get(2)).isLessThan(losses.get(0) / 100);
        assertThat(trainer.steps()).isEqualTo(3);
        refused(() -> trainer.accumulate(2).fit(batches(10), 4))
                .withMessageContaining("Trainer: LBFGS evaluates the loss of a batch several times a step");
        refused(() -> trainer.accumulate(1).clipNorm(1).fit(batches(10), 4)).withMessageContaining("nor clipped");
    }

    @Test
    void takesBatchesOfAnyKind() {
        Layer model = model();
        Trainer<Tensor> trainer = Trainer.of(
                model,
                new SGD(model.parameters(), 0.1),
                x -> new Outcome(model.forward(x).square().mean()));
        List<Double> losses = new ArrayList<>();
        trainer.batchSize(x -> x.shape().dim(0)).onBatch(loss -> losses.add(loss.item()));

        History history = trainer.fit(List.of(X.slice(0, 0, 15), X.slice(0, 15, 20)), 1);

        assertThat(history.last("loss")).isCloseTo((15 * losses.get(0) + 5 * losses.get(1)) / 20, within(1e-15));
    }

    @Test
    @SuppressWarnings("NullAway") // code without null checks may pass null
    void refusesSettingsThatMakeNoSense() {
        Trainer<Batch> trainer = trainer(model());

        refused(() -> trainer.accumulate(0))
                .withMessage("Trainer: the number of batches to accumulate must be at least 1, got 0");
        refused(() -> trainer.clipNorm(Double.NaN))
                .withMessage("Trainer: the norm to clip to must be positive, got NaN");
        refused(() -> trainer.patience(0)).withMessage("Trainer: the patience must be at least 1, got 0");
        refused(() -> trainer.track("loss", () -> 1)).withMessageContaining("'loss' is the training loss");
        refused(() -> trainer.fit(batches(8), -1)).withMessageContaining("must not be negative, got -1");
        refused(() -> trainer.plateau(new Plateau(1)).fit(batches(8), 1))
                .withMessageContaining("'validation loss' is monitored");
        refused(() -> trainer(model())
                        .validate(batches(8))
                        .schedule(step -> 1)
                        .plateau(new Plateau(1))
                        .fit(batches(8), 1))
                .withMessage("Trainer: the learning rate is either that of a schedule or of a plateau");
        refused(() -> trainer(model()).fit(List.of(), 1)).withMessage("Trainer: there are no batches to train with");
        refused(() -> trainer(model()).validate(List.of()).fit(batches(8), 1))
                .withMessage("Evaluator: there are no batches to evaluate");
        Layer own = model();
        refused(() -> Trainer.<Tensor>of(own, new SGD(own.parameters(), 1), x -> new Outcome(x))
                        .fit(List.of(Tensor.of(1, 2)), 1))
                .withMessage("Outcome: the loss of a batch must be one number, but is [2]; reduce it with mean()");
        refused(() -> Trainer.<Tensor>of(own, new SGD(own.parameters(), 1), x -> new Outcome(null))
                        .fit(List.of(Tensor.of(1)), 1))
                .withMessage("Outcome: the loss of a batch is null");
        refused(() -> trainer(model()).restoreBest().fit(batches(8), 1))
                .withMessage("Trainer: 'validation loss' is monitored, but not tracked; call validate(batches) or"
                        + " track(name, value), or monitor another value by monitor(name, goal); there are [loss]");
    }

    @Test
    void theTrainingLossCanBeMonitored() {
        Layer model = model();
        // With a learning rate of 0 no epoch is better than the first.
        History history = Trainer.of(model, new SGD(model.parameters(), 0), new MSE())
                .monitor("loss", Goal.MIN)
                .patience(1)
                .fit(batches(8), 9);

        assertThat(history.epochs()).isEqualTo(2);
    }

    @Test
    void aListenerMayAddOthersAndTrackMore() {
        Trainer<Batch> trainer = trainer(model());
        List<Integer> numbers = new ArrayList<>();
        trainer.onEpoch(epoch -> {
            if (epoch.number() == 2) {
                trainer.onEpoch(later -> numbers.add(later.number())).track("late", () -> 7);
            }
        });
        History history = trainer.fit(batches(8), 3);

        assertThat(numbers).containsExactly(3);
        assertThat(history.values("late")).containsExactly(Double.NaN, Double.NaN, 7.0);
        Trainer<Batch> other = trainer(model()).track("late", () -> 7);
        other.load(trainer.state());
        assertThat(other.history().values("late")).isEqualTo(history.values("late"));
    }

    @Test
    void noEpochsLeaveTheModelInTrainingMode() {
        Layer model = model();
        model.eval();
        assertThat(trainer(model).fit(batches(8), 0).epochs()).isZero();

        assertThat(model.isTraining()).isTrue();
    }
}
