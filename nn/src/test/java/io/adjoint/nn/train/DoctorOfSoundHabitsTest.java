package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Constant;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.WarmUp;
import io.adjoint.nn.optim.WeightAverage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tests habits that look like mistakes but aren't, each beside the mistake that it looks like. */
class DoctorOfSoundHabitsTest {
    private final Generator rng = new Generator(1);
    private final Init init = new Init(rng);
    private final Tensor x = Tensor.randn(Shape.of(16, 4), rng);
    private final Tensor y = x.sum(1).unsqueeze(1);
    private final Dense first = new Dense(4, 8, init);
    private final Dense last = new Dense(8, 1, init);
    private final Sequential model = new Sequential(first, new ReLU(), last);
    private final Sequential normalized =
            new Sequential(new Dense(4, 8, init), new BatchNorm1d(8, init), new ReLU(), new Dense(8, 1, init));
    private final Sequential noisy =
            new Sequential(new Dense(4, 8, init), new Dropout(0.5, rng), new Dense(8, 1, init));

    private Tensor loss(Layer of) {
        return new MSE().forward(of.forward(x), y);
    }

    private void train(Layer of, Optimizer optimizer, int steps) {
        for (int k = 0; k < steps; k++) {
            optimizer.zeroGrad();
            loss(of).backward();
            optimizer.step();
        }
    }

    private void train(Layer of, int steps) {
        train(of, new SGD(of.parameters(), 0.01), steps);
    }

    private static void runWithoutGrad(Layer of, Tensor input) {
        assertThat(Autograd.noGrad(() -> of.forward(input)).requiresGrad()).isFalse();
    }

    private static List<Mistake> mistakes(Doctor doctor) {
        return doctor.findings().stream().map(Finding::mistake).toList();
    }

    // ---- weights that begin at 0 ----

    private static void clear(Dense layer) {
        layer.weight().assign(NdArray.zeros(DType.FLOAT64, layer.weight().shape()));
    }

    @Test
    void aWeightThatBeginsAtZeroAndIsWarmedUpIsNoMistake() {
        clear(last);
        Adam optimizer = new Adam(model.parameters(), 1e-3);
        try (Doctor doctor = Doctor.watch(model)) {
            Trainer.of(model, optimizer, new MSE())
                    .schedule(new WarmUp(new Constant(1e-3), 4000))
                    .fit(List.of(new Batch(x, y)), 60);

            assertThat(doctor.findings()).isEmpty();
        }
    }

    /** A layer with a frozen weight, to which the product of two small parameters is added; the second of them begins at 0. */
    private final class LowRank extends Layer {
        final Dense whole = child("whole", new Dense(4, 8, init));
        final Tensor down = parameter("down", init.uniform(Shape.of(2, 4), -0.5, 0.5));
        final Tensor up = parameter("up", init.zeros(Shape.of(8, 2)));
        final Dense head = child("head", new Dense(8, 1, init));

        LowRank() {
            whole.freeze();
            head.freeze();
        }

        @Override
        protected Tensor compute(Tensor input) {
            return head.forward(
                    whole.forward(input).add(input.matmul(down.transpose(0, 1)).matmul(up.transpose(0, 1))));
        }
    }

    @Test
    void anAdapterOfLowRankThatIsWarmedUpIsNoMistake() {
        Layer adapted = new LowRank();
        Adam optimizer = new Adam(adapted.parameters(), 1e-3);
        try (Doctor doctor = Doctor.watch(adapted)) {
            WarmUp rate = new WarmUp(new Constant(1e-4), 10_000);
            for (int k = 0; k < 60; k++) {
                optimizer.learningRate(rate.at(k));
                train(adapted, optimizer, 1);
            }

            assertThat(doctor.findings()).isEmpty();
        }
    }

    @Test
    void aRateThatIsFarTooHighIsFoundForAWeightThatBeginsAtZero() {
        Dense lone = new Dense(4, 1, init);
        clear(lone);
        try (Doctor doctor = Doctor.watch(lone)) {
            train(lone, new SGD(lone.parameters(), 1.5), 40);

            assertThat(mistakes(doctor)).contains(Mistake.RATE_TOO_HIGH);
        }
    }

    // ---- modes ----

    @Test
    void gatheringRunningStatisticsOfAverageWeightsIsNoMistake() {
        WeightAverage average = WeightAverage.swa(normalized);
        try (Doctor doctor = Doctor.watch(normalized)) {
            train(normalized, 20);
            average.update();
            runWithin(average, normalized);
            assertThat(doctor.findings()).isEmpty();

            train(normalized, 20);
            average.update();
            runWithin(average, normalized);
            train(normalized, 20);
            assertThat(doctor.findings()).isEmpty();

            average.copyTo(normalized);
            runWithoutGrad(normalized, x);
            normalized.eval();
            runWithoutGrad(normalized, x);
            assertThat(doctor.findings()).isEmpty();
        }
    }

    private void runWithin(WeightAverage average, Layer of) {
        Supplier<Tensor> run = () -> Autograd.noGrad(() -> of.forward(x));
        assertThat(average.within(run).requiresGrad()).isFalse();
    }

    @Test
    void anEvaluationOfAverageWeightsInTrainingModeIsFoundWhereThereAreNoStatistics() {
        WeightAverage average = WeightAverage.ema(noisy, 0.9);
        try (Doctor doctor = Doctor.watch(noisy)) {
            train(noisy, 20);
            average.update();
            runWithin(average, noisy);

            assertThat(mistakes(doctor)).containsExactly(Mistake.EVAL_FORGOTTEN);
        }
    }

    @Test
    void evaluationsInTrainingModeBetweenEpochsAreFoundOnce() {
        List<Finding> heard = new ArrayList<>();
        try (Doctor doctor = Doctor.watch(normalized, heard::add)) {
            for (int epoch = 0; epoch < 3; epoch++) {
                train(normalized, 5);
                runWithoutGrad(normalized, x);
            }

            assertThat(mistakes(doctor)).containsExactly(Mistake.EVAL_FORGOTTEN);
        }
        assertThat(heard).hasSize(1);
    }

    @Test
    void anEvaluationThatIsRecordedBeforeASoundStepIsNoMistake() {
        try (Doctor doctor = Doctor.watch(normalized)) {
            for (int epoch = 0; epoch < 3; epoch++) {
                normalized.eval();
                assertThat(normalized.forward(x).requiresGrad()).isTrue();
                normalized.train();
                train(normalized, 5);
            }

            assertThat(doctor.findings()).isEmpty();
        }
    }

    // ---- freezing ----

    @Test
    void freezingAfterABackwardPassIsNoMistake() {
        try (Doctor doctor = Doctor.watch(model)) {
            loss(model).backward();
            first.freeze();
            train(model, 20);

            assertThat(doctor.findings()).isEmpty();
        }
    }

    @Test
    void unfreezingIsNoMistake() {
        first.freeze();
        try (Doctor doctor = Doctor.watch(model)) {
            train(model, 20);
            first.unfreeze();
            assertThat(doctor.findings()).isEmpty();

            train(model, 20);
            assertThat(doctor.findings()).isEmpty();
        }
    }

    @Test
    void whatIsUnfrozenButNotInTheOptimizerIsFound() {
        first.freeze();
        SGD optimizer = new SGD(last.parameters(), 0.01);
        try (Doctor doctor = Doctor.watch(model)) {
            train(model, optimizer, 20);
            first.unfreeze();
            train(model, optimizer, 20);

            assertThat(doctor.findings()).extracting(Finding::path).containsExactly("0.weight", "0.bias");
            assertThat(mistakes(doctor)).containsOnly(Mistake.NOT_UPDATED);
        }
    }

    // ---- reading ----

    @Test
    void readingWhileGradientsAreAccumulatedFindsNothingThenOrLater() {
        List<Batch> batches = Collections.nCopies(64, new Batch(x, y));
        try (Doctor doctor = Doctor.watch(model)) {
            Trainer.of(model, new SGD(model.parameters(), 0.01), new MSE())
                    .accumulate(32)
                    .onBatch(loss -> assertThat(doctor.findings()).isEmpty())
                    .fit(batches, 3);

            assertThat(doctor.report()).isEqualTo("No mistake found in 6 steps.");
        }
    }

    @Test
    void aStepThatIsForgottenIsFoundWhileTheTrainingRuns() {
        try (Doctor doctor = Doctor.watch(model)) {
            for (int k = 0; k < 20; k++) {
                model.zeroGrad();
                loss(model).backward();
            }
            assertThat(mistakes(doctor)).containsExactly(Mistake.NOT_UPDATED);

            train(model, 3);
            assertThat(doctor.findings()).isEmpty();
        }
    }

    @Test
    void aStepThatIsForgottenWithTheClearingOfGradientsIsFound() {
        try (Doctor doctor = Doctor.watch(model)) {
            for (int k = 0; k < 100; k++) {
                loss(model).backward();
            }
            assertThat(mistakes(doctor)).containsExactly(Mistake.NOT_UPDATED);
        }
    }

    @Test
    void readingChangesNothing() {
        assertThat(findingsOfABadTraining(k -> {})).isNotEmpty().isEqualTo(readOften());
    }

    private List<Finding> readOften() {
        List<Doctor> current = new ArrayList<>();
        return findingsOfABadTraining(
                current, k -> assertThat(current.get(0).report()).isNotEmpty());
    }

    private List<Finding> findingsOfABadTraining(IntConsumer reading) {
        return findingsOfABadTraining(new ArrayList<>(), reading);
    }

    /** The findings of a training in which one parameter isn't used, another isn't updated, and gradients aren't cleared. */
    private static List<Finding> findingsOfABadTraining(List<Doctor> current, IntConsumer reading) {
        Generator same = new Generator(5);
        Dense used = new Dense(4, 8, same);
        Dense head = new Dense(8, 1, same);
        Dense spare = new Dense(2, 2, same);
        Layer forgetful = new Layer() {
            final Layer body = child("body", used);
            final Layer top = child("top", head);
            final Layer unused = child("unused", spare);

            @Override
            protected Tensor compute(Tensor input) {
                assertThat(unused).isNotNull();
                return top.forward(body.forward(input));
            }
        };
        Tensor input = Tensor.randn(Shape.of(16, 4), same);
        SGD optimizer = new SGD(used.parameters(), 1e-4);
        Doctor doctor = Doctor.watch(forgetful);
        try (doctor) {
            current.add(doctor);
            for (int k = 0; k < 30; k++) {
                forgetful.forward(input).square().mean().backward();
                reading.accept(k);
                optimizer.step();
                reading.accept(k);
            }
        }
        return doctor.findings();
    }

    @Test
    void whatOnlyTheEndTellsReachesTheListenerAtTheEndEvenIfItThrows() {
        Doctor doctor = Doctor.watch(model, finding -> {
            throw new IllegalStateException(finding.path());
        });
        for (int k = 0; k < 5; k++) {
            first.forward(x).mean().backward();
            first.zeroGrad();
        }
        assertThat(mistakes(doctor)).containsExactly(Mistake.NO_GRADIENT, Mistake.NO_GRADIENT);

        thrown(IllegalStateException.class, doctor::close).withMessage("2.weight");
        doctor.close();
        train(model, 5);
        assertThat(doctor.report()).contains("NO_GRADIENT at 2.weight, step 0");
    }
}
