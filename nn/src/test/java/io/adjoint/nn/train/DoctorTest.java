package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// Long because each mistake is planted, and each habit that looks like one is shown, in the same small model.
class DoctorTest {
    private static final int STEPS = 60;

    private final Generator rng = new Generator(1);
    private final Tensor x = Tensor.normal(Shape.of(16, 3), 0, 1, rng);
    private final Tensor y = x.sum(1).tanh().unsqueeze(1);
    private final Tensor zeroOrOne = y.gt(0).to(DType.FLOAT64);
    private final Tensor classes = y.gt(0).to(DType.INT32).squeeze();
    private final Dense first = new Dense(3, 8, rng);
    private final Layer model = new Sequential(first, new ReLU(), new Dense(8, 1, rng));

    private static List<Finding> watch(Layer model, Runnable training) {
        Doctor doctor = Doctor.watch(model);
        try (doctor) {
            training.run();
        }
        return doctor.findings();
    }

    private static void train(Layer model, Loss loss, Tensor x, Tensor y, double rate) {
        train(new SGD(model.parameters(), rate), () -> loss.forward(model.forward(x), y));
    }

    private static void train(Optimizer optimizer, Supplier<Tensor> loss) {
        for (int step = 0; step < STEPS; step++) {
            optimizer.zeroGrad();
            loss.get().backward();
            optimizer.step();
        }
    }

    private static void assertOnly(List<Finding> findings, Mistake mistake) {
        assertThat(findings).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.mistake()).as(finding.toString()).isEqualTo(mistake);
            assertThat(finding.toString()).contains(mistake.advice());
        });
    }

    // ---- nothing to find ----

    @Test
    void aSoundTrainingHasNoFindings() {
        assertThat(watch(model, () -> train(model, new MSE(), x, y, 0.05))).isEmpty();
    }

    @Test
    void accumulatingGradientsOverBatchesIsNoMistake() {
        SGD optimizer = new SGD(model.parameters(), 0.02);
        assertThat(watch(model, () -> {
                    for (int step = 0; step < STEPS; step++) {
                        optimizer.zeroGrad();
                        for (int batch = 0; batch < 4; batch++) {
                            new MSE().forward(model.forward(x), y).div(4).backward();
                        }
                        optimizer.step();
                    }
                }))
                .isEmpty();
    }

    @Test
    void clearingGradientsAfterTheStepIsNoMistake() {
        SGD optimizer = new SGD(model.parameters(), 0.05);
        assertThat(watch(model, () -> {
                    for (int step = 0; step < STEPS; step++) {
                        new MSE().forward(model.forward(x), y).backward();
                        optimizer.step();
                        optimizer.zeroGrad();
                    }
                }))
                .isEmpty();
    }

    @Test
    void aFrozenParameterIsNoMistake() {
        first.freeze();

        assertThat(watch(model, () -> train(model, new MSE(), x, y, 0.05))).isEmpty();
    }

    @Test
    void evaluatingInEvaluationModeIsNoMistake() {
        Layer normalized = imageModel();
        Tensor images = Tensor.normal(Shape.of(8, 1, 4, 4), 0, 1, rng);
        Tensor targets = Tensor.zeros(8, 2, 3, 3);
        assertThat(watch(normalized, () -> {
                    for (int epoch = 0; epoch < 2; epoch++) {
                        train(normalized, new MSE(), images, targets, 0.05);
                        normalized.eval();
                        Tensor unused = Autograd.noGrad(() -> normalized.forward(images));
                        assertThat(unused.shape().rank()).isEqualTo(4);
                        normalized.train();
                    }
                }))
                .isEmpty();
    }

    @Test
    void keepingLossesAfterTheirBackwardPassIsNoMistake() {
        List<Tensor> losses = new ArrayList<>();
        SGD optimizer = new SGD(model.parameters(), 0.05);
        assertThat(watch(model, () -> {
                    for (int step = 0; step < 250; step++) {
                        optimizer.zeroGrad();
                        Tensor loss = new MSE().forward(model.forward(x), y);
                        loss.backward();
                        losses.add(loss);
                        optimizer.step();
                    }
                }))
                .isEmpty();
        assertThat(losses).hasSize(250);
    }

    // ---- each mistake ----

    @Test
    void gradientsThatAreNeverZeroedAreFound() {
        SGD optimizer = new SGD(model.parameters(), 0.001);

        List<Finding> findings = watch(model, () -> {
            for (int step = 0; step < STEPS; step++) {
                new MSE().forward(model.forward(x), y).backward();
                optimizer.step();
            }
        });

        assertOnly(findings, Mistake.GRADIENTS_NOT_ZEROED);
    }

    @Test
    void aStateThatIsCarriedWithItsGraphIsFound() {
        Layer step = new Sequential(new Dense(3, 3, rng), new Tanh());
        SGD optimizer = new SGD(step.parameters(), 0.001);
        Tensor[] state = {x};

        List<Finding> findings = watch(step, () -> {
            for (int k = 0; k < 5; k++) {
                optimizer.zeroGrad();
                state[0] = step.forward(state[0]);
                // The gradients run back through earlier states too, which is right: no step has changed the parameters
                // since then.
                state[0].sum().backward(GraphMode.KEEP);
            }
            optimizer.step();
        });
        assertThat(findings).isEmpty();

        List<Finding> later = watch(step, () -> {
            Tensor kept = x;
            Dense scale = new Dense(3, 3, rng);
            for (int k = 0; k < 4; k++) {
                optimizer.zeroGrad();
                Tensor fresh = step.forward(x);
                kept = kept.add(fresh.detach().add(scale.weight().sum()));
                fresh.sum().add(kept.sum()).backward(GraphMode.KEEP);
                optimizer.step();
            }
        });
        assertOnly(later, Mistake.GRAPH_KEPT);
    }

    @Test
    void outputsThatAreKeptWithTheirGraphsAreFound() {
        List<Tensor> answers = new ArrayList<>();

        List<Finding> findings = watch(model, () -> {
            for (int k = 0; k < 120; k++) {
                answers.add(model.forward(x));
            }
        });

        assertOnly(findings, Mistake.GRAPH_KEPT);
        assertThat(answers).hasSize(120);
    }

    @Test
    void aParameterWithoutAGradientIsFound() {
        Layer forgetful = new Layer() {
            final Dense used = child("used", new Dense(3, 1, rng));
            final Dense unused = child("unused", new Dense(3, 1, rng));

            @Override
            protected Tensor compute(Tensor input) {
                return used.forward(input).add(unused.forward(input).detach());
            }
        };

        List<Finding> findings = watch(forgetful, () -> train(forgetful, new MSE(), x, y, 0.05));

        assertOnly(findings, Mistake.NO_GRADIENT);
        assertThat(findings).extracting(Finding::path).containsExactly("unused.weight", "unused.bias");
    }

    @Test
    void aParameterThatNoOptimizerHasIsFound() {
        SGD optimizer = new SGD(first.parameters(), 0.05);

        List<Finding> findings = watch(
                model,
                () -> train(optimizer, () -> {
                    model.zeroGrad();
                    return new MSE().forward(model.forward(x), y);
                }));

        assertOnly(findings, Mistake.NOT_UPDATED);
        assertThat(findings).extracting(Finding::path).containsExactly("2.weight", "2.bias");
    }

    @Test
    void aStepThatIsForgottenIsFound() {
        assertOnly(
                watch(model, () -> {
                    for (int k = 0; k < STEPS; k++) {
                        model.zeroGrad();
                        new MSE().forward(model.forward(x), y).backward();
                    }
                }),
                Mistake.NOT_UPDATED);
    }

    @Test
    void deadUnitsAreFound() {
        Objects.requireNonNull(first.bias())
                .assign(Tensor.full(DType.FLOAT64, Shape.of(8), -100).data());

        List<Finding> findings = watch(model, () -> train(model, new MSE(), x, y, 0.05));

        assertThat(findings).extracting(Finding::mistake).contains(Mistake.DEAD_UNITS);
        assertThat(findings).extracting(Finding::path).contains("1");
    }

    @Test
    void explodingGradientsAreFound() {
        List<Finding> findings = watch(model, () -> train(model, new MSE(), x, y.mul(1e6), 1e-9));

        assertThat(findings).extracting(Finding::mistake).contains(Mistake.EXPLODING_GRADIENT);
        assertThat(watch(model, () -> train(model, new MSE(), x, y.mul(Double.NaN), 1e-9)))
                .extracting(Finding::mistake)
                .contains(Mistake.EXPLODING_GRADIENT);
    }

    @Test
    void vanishingGradientsAreFound() {
        List<Layer> layers = new ArrayList<>();
        for (int k = 0; k < 12; k++) {
            layers.add(new Dense(3, 3, rng));
            layers.add(new Sigmoid());
        }
        layers.add(new Dense(3, 1, rng));
        Layer deep = new Sequential(layers.toArray(Layer[]::new));

        List<Finding> findings = watch(deep, () -> train(deep, new MSE(), x, y, 0.1));

        assertThat(findings).extracting(Finding::mistake).contains(Mistake.VANISHING_GRADIENT);
        assertThat(findings).extracting(Finding::path).contains("0.weight").doesNotContain("24.weight");
    }

    @Test
    void aSigmoidBeforeALossThatContainsOneIsFound() {
        Layer twice = new Sequential(new Dense(3, 1, rng), new Sigmoid());

        assertOnly(watch(twice, () -> train(twice, new BCEWithLogits(), x, zeroOrOne, 0.1)), Mistake.APPLIED_TWICE);
    }

    @Test
    void aSoftmaxBeforeALossThatContainsOneIsFound() {
        Layer logits = new Dense(3, 2, rng);

        assertOnly(
                watch(
                        logits,
                        () -> train(
                                new SGD(logits.parameters(), 0.1),
                                () -> new CrossEntropy()
                                        .forward(logits.forward(x).softmax(1), classes))),
                Mistake.APPLIED_TWICE);
        assertOnly(
                watch(
                        logits,
                        () -> train(
                                new SGD(logits.parameters(), 0.1),
                                () -> new NLL().forward(logits.forward(x).softmax(1), classes))),
                Mistake.APPLIED_TWICE);
    }

    @Test
    void aTargetThatBroadcastsIsFound() {
        Loss own = (prediction, target) -> prediction.sub(target).square().mean();

        assertOnly(watch(model, () -> train(model, own, x, y.squeeze(), 0.05)), Mistake.BROADCAST_TARGET);
    }

    @Test
    void aLearningRateThatIsFarTooHighIsFound() {
        Layer linear = new Dense(3, 1, rng);

        List<Finding> findings = watch(
                linear, () -> train(new Adam(linear.parameters(), 3), () -> new MSE().forward(linear.forward(x), y)));

        assertThat(findings).extracting(Finding::mistake).contains(Mistake.RATE_TOO_HIGH);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLearningRateWhoseFirstStepKillsTheUnitsIsFound(boolean isAdam) {
        Layer relu = new Sequential(
                new Dense(3, 16, rng), new ReLU(), new Dense(16, 16, rng), new ReLU(), new Dense(16, 1, rng));
        Tensor far = y.add(100);

        List<Finding> findings = watch(
                relu,
                () -> train(
                        isAdam ? new Adam(relu.parameters(), 30) : new SGD(relu.parameters(), 1),
                        () -> new MSE().forward(relu.forward(x), far)));

        assertThat(findings)
                .as("%s", findings)
                .extracting(Finding::mistake)
                .contains(Mistake.RATE_TOO_HIGH, Mistake.DEAD_UNITS);
    }

    @Test
    void aLearningRateThatIsFarTooLowIsFound() {
        assertOnly(watch(model, () -> train(model, new MSE(), x, y, 1e-9)), Mistake.RATE_TOO_LOW);
    }

    @Test
    void anEvaluationInTrainingModeIsFound() {
        Layer normalized = imageModel();
        Tensor images = Tensor.normal(Shape.of(8, 1, 4, 4), 0, 1, rng);

        List<Finding> findings = watch(normalized, () -> {
            train(normalized, new MSE(), images, Tensor.zeros(8, 2, 3, 3), 0.05);
            Tensor unused = Autograd.noGrad(() -> normalized.forward(images));
            assertThat(unused.shape().rank()).isEqualTo(4);
        });

        assertOnly(findings, Mistake.EVAL_FORGOTTEN);
    }

    @Test
    void aPartOfTheModelMayBeTrainedAlone() {
        Layer normalized = imageModel();
        Tensor images = Tensor.normal(Shape.of(8, 1, 4, 4), 0, 1, rng);
        normalized.eval();
        normalized.children().values().iterator().next().train();

        assertThat(watch(normalized, () -> train(normalized, new MSE(), images, Tensor.zeros(8, 2, 3, 3), 0.05)))
                .noneMatch(finding -> finding.mistake() == Mistake.TRAIN_FORGOTTEN);
    }

    @Test
    void aTrainingInEvaluationModeIsFound() {
        Layer normalized = imageModel();
        Tensor images = Tensor.normal(Shape.of(8, 1, 4, 4), 0, 1, rng);
        normalized.eval();

        List<Finding> findings =
                watch(normalized, () -> train(normalized, new MSE(), images, Tensor.zeros(8, 2, 3, 3), 0.05));

        assertOnly(findings, Mistake.TRAIN_FORGOTTEN);
    }

    private Layer imageModel() {
        Init init = new Init(rng);
        return new Sequential(new Conv2d(1, 2, 2, init), new BatchNorm2d(2, init));
    }

    // ---- the doctor itself ----

    @Test
    void aReportBeforeTheEndTellsWhatNeverGotAGradient() {
        Dense unused = new Dense(2, 2, rng);
        Layer forgetful = new Layer() {
            final Layer used = child("used", model);
            final Layer spare = child("spare", unused);

            @Override
            protected Tensor compute(Tensor input) {
                assertThat(spare).isNotNull();
                return used.forward(input);
            }
        };
        try (Doctor doctor = Doctor.watch(forgetful)) {
            train(forgetful, new MSE(), x, y, 0.05);

            assertThat(doctor.report()).contains("NO_GRADIENT at spare.weight", "NO_GRADIENT at spare.bias");
        }
    }

    @Test
    void watchingChangesNoBit() {
        Layer alone = new Sequential(new Dense(3, 8, new Generator(7)), new ReLU(), new Dense(8, 1, new Generator(8)));
        Layer watched =
                new Sequential(new Dense(3, 8, new Generator(7)), new ReLU(), new Dense(8, 1, new Generator(8)));

        train(alone, new MSE(), x, y, 0.05);
        List<Finding> findings = watch(watched, () -> train(watched, new MSE(), x, y, 0.05));

        assertThat(findings).isEmpty();
        assertThat(watched.state()).isEqualTo(alone.state());
    }

    @Test
    void findingsReachTheListenerOnceAndTheReport() {
        List<Finding> heard = new ArrayList<>();
        Consumer<Finding> listener = heard::add;
        Loss own = (prediction, target) -> prediction.sub(target).square().mean();
        try (Doctor doctor = Doctor.watch(model, listener)) {
            train(model, own, x, y.squeeze(), 0.05);

            assertThat(heard).isEqualTo(doctor.findings()).hasSize(1);
            assertThat(doctor.report())
                    .isEqualTo("BROADCAST_TARGET, step 0: 'sub' makes [16, 16] of the model's output [16, 1]; "
                            + Mistake.BROADCAST_TARGET.advice());
        }
    }

    @Test
    void aClosedDoctorWatchesNothing() {
        Doctor doctor = Doctor.watch(model);
        doctor.close();
        doctor.close();

        train(model, (p, t) -> p.sub(t).square().mean(), x, y.squeeze(), 0.05);

        assertThat(doctor.findings()).isEmpty();
        assertThat(doctor.report()).isEqualTo("No mistake found in 0 steps.");
    }
}
