package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MetricTest {
    private static final List<Supplier<Metric>> ALL = List.of(
            Accuracy::new,
            () -> new TopKAccuracy(2),
            () -> new Precision(Average.MACRO),
            () -> new Recall(Average.MICRO),
            () -> new F1(Average.WEIGHTED),
            () -> new F1(Average.BINARY),
            () -> new F1(Average.SAMPLES).multiLabel(),
            () -> new Accuracy().multiLabel(),
            () -> new FBeta(2, Average.MACRO),
            () -> new Specificity(Average.BINARY),
            () -> new Jaccard(Average.MICRO),
            BalancedAccuracy::new,
            MatthewsCorrelation::new,
            CohenKappa::new,
            () -> new ConfusionMatrix(3),
            ClassReport::new,
            () -> new ClassReport("a", "b"),
            () -> new RocAuc().multiLabel(),
            RocAuc::new,
            AveragePrecision::new,
            MeanAbsoluteError::new,
            MeanSquaredError::new,
            RootMeanSquaredError::new,
            MeanAbsolutePercentageError::new,
            R2::new,
            LogLoss::new,
            BrierScore::new,
            CalibrationError::new,
            Perplexity::new);

    static Tensor ints(int... values) {
        return Tensor.of(values);
    }

    static double value(Metric metric, Tensor prediction, Tensor target) {
        metric.update(prediction, target);
        return metric.value();
    }

    @Test
    void withoutPredictionsThereIsNoFigure() {
        for (Supplier<Metric> each : ALL) {
            assertThat(each.get().value()).isNaN();
        }
    }

    // ---- classes ----

    @Test
    void predictionsAreScoresOfEachClassOrOfOneOrClasses() {
        Tensor scores = Tensor.of(new double[][] {{0.1, 0.9}, {0.8, 0.2}, {0.4, 0.6}});

        assertThat(value(new Accuracy(), scores, ints(1, 0, 0))).isEqualTo(2.0 / 3);
        assertThat(value(new Accuracy(), Tensor.of(0.9, 0.2, 0.5), ints(1, 0, 0)))
                .isEqualTo(1);
        assertThat(value(new Accuracy().ofLogits(), Tensor.of(0.9, -0.2, 0.5), ints(1, 0, 0)))
                .isEqualTo(2.0 / 3);
        assertThat(value(new Accuracy(), ints(1, 7, 0), ints(1, 7, 2))).isEqualTo(2.0 / 3);
        assertThat(value(new Accuracy(), Tensor.of(true, false), Tensor.of(true, true)))
                .isEqualTo(0.5);
        assertThat(value(
                        new Accuracy(),
                        Tensor.zeros(2, 3, 4, 5),
                        ints(new int[40]).reshape(2, 4, 5)))
                .isEqualTo(1);
        assertThat(value(
                        new TopKAccuracy(1),
                        Tensor.of(new double[] {1, 2, 3, 4, 5, 0}).reshape(1, 3, 2),
                        ints(2, 1).reshape(1, 2)))
                .isEqualTo(1);
    }

    @Test
    void aClassThatIsNeverPredictedOrNeverActualScores0() {
        assertThat(value(new Precision(Average.MACRO), ints(0, 0), ints(0, 1))).isEqualTo(0.25);
        assertThat(value(new Recall(Average.BINARY), ints(0, 1), ints(0, 0))).isZero();
        assertThat(value(new F1(Average.BINARY), ints(0, 0), ints(0, 0))).isZero();
    }

    @Test
    void aConfusionMatrixCountsWhatWasTakenForWhat() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        matrix.update(ints(0, 2, 1), ints(0, 0, 1));
        matrix.update(ints(2, 2), ints(2, 2));

        assertThat(matrix.count(0, 2)).isEqualTo(1);
        assertThat(matrix.counts()).isEqualTo(NdArray.of(Shape.of(3, 3), 1, 0, 1, 0, 1, 0, 0, 0, 2));
        assertThat(matrix.value()).isEqualTo(0.8);
        assertThat(matrix.total()).isEqualTo(5);
        assertThat(matrix.correct()).isEqualTo(4);
        assertThat(matrix.toString().lines())
                .containsExactly(
                        "actual \\ predicted",
                        "         0   1   2",
                        "     0   1   .   1",
                        "     1   .   1   .",
                        "     2   .   .   2");
    }

    @Test
    void figuresOfClassesAreThereWithoutAnAverage() {
        F1 f1 = new F1(Average.MACRO);
        assertThat(f1.perClass()).isEqualTo(NdArray.zeros(DType.FLOAT64, Shape.of(0)));
        f1.update(ints(0, 3, 3), ints(0, 3, 1));

        assertThat(f1.perClass()).isEqualTo(NdArray.of(Shape.of(4), 1, 0, 0, 2.0 / 3));
    }

    @Test
    void wrongClassesAreNamedAndCountNothing() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);

        refused(() -> matrix.update(ints(0, 1), ints(0, 3)))
                .withMessage("ConfusionMatrix: class 3 is out of range for 3 classes");
        refused(() -> matrix.count(-1, 0)).withMessage("ConfusionMatrix: class -1 is negative");
        assertThat(matrix.total()).isZero();
        refused(() -> new Accuracy().update(ints(0), ints(-100))).withMessage("Accuracy: class -100 is negative");
        refused(() -> new Recall(Average.BINARY).update(ints(0, 2), ints(0, 1)))
                .withMessage("Recall: class 2 is not one of two; choose MACRO, MICRO or WEIGHTED");
        refused(() -> new TopKAccuracy(1).update(Tensor.zeros(1, 2), ints(2)))
                .withMessage("TopKAccuracy: class 2 is out of range for 2 classes");
        thrown(DTypeException.class, () -> new F1(Average.MACRO).update(Tensor.zeros(2, 3), Tensor.of(0.0, 1)))
                .withMessage(
                        "F1: classes are INT32, or BOOL if there are two, but the targets [2] are FLOAT64; convert them"
                                + " with to(INT32)");
        thrown(ShapeException.class, () -> new Accuracy().update(Tensor.zeros(3, 2), ints(0, 1)))
                .withMessage(
                        "Accuracy: expected scores [N, C, ...] of classes for targets [N, ...], or predictions of the"
                                + " targets' shape, got [3, 2] for [2]");
        refused(() -> new Accuracy().update(Tensor.of(new double[][] {{0, Double.NaN}}), ints(0)))
                .withMessage("Accuracy: there is a NaN among the scores [1, 2]");
        refused(() -> new Accuracy().update(Tensor.of(Double.NaN), ints(0)))
                .withMessage("Accuracy: the score at position 0 is NaN");
        thrown(ShapeException.class, () -> new Accuracy().update(Tensor.zeros(3, 0), ints(0, 1, 0)))
                .withMessage("Accuracy: there are no classes in predictions [3, 0]");
        refused(() -> new TopKAccuracy(0)).withMessage("TopKAccuracy: the number k must be at least 1, got 0");
        refused(() -> new ConfusionMatrix(1)).withMessage("ConfusionMatrix: expected 2 to 10000 classes, got 1");
    }

    // ---- rankings ----

    @Test
    void equalScoresCountHalf() {
        assertThat(value(new RocAuc(), Tensor.of(1.0, 1, 0), ints(1, 0, 0))).isEqualTo(0.75);
        assertThat(value(new RocAuc(), Tensor.of(1.0, 1, 1), ints(1, 0, 0))).isEqualTo(0.5);
    }

    @Test
    void withoutSamplesOfAClassThereIsNoArea() {
        assertThat(value(new RocAuc(), Tensor.of(1.0, 2), ints(1, 1))).isNaN();
        assertThat(value(new RocAuc(), Tensor.of(1.0, 2), ints(0, 0))).isNaN();
        assertThat(value(new RocAuc(), Tensor.zeros(2, 3), ints(0, 1))).isNaN();
        assertThat(value(new AveragePrecision(), Tensor.of(1.0, 2), ints(0, 0))).isZero();
    }

    @Test
    void rankingsOfWrongShapesAreRefused() {
        RocAuc area = new RocAuc();
        area.update(Tensor.of(1.0, 2), ints(0, 1));

        thrown(ShapeException.class, () -> area.update(Tensor.zeros(2, 2), ints(0, 1)))
                .withMessage("RocAuc: got scores [2, 2], but those before had 1 for each sample");
        thrown(ShapeException.class, () -> area.update(Tensor.zeros(2, 1), ints(0, 1)))
                .withMessageStartingWith("RocAuc: expected scores [N] of class 1, or [N, C]");
        thrown(DTypeException.class, () -> area.update(ints(0, 1), ints(0, 1))).withMessageStartingWith("RocAuc: ");
        refused(() -> area.update(Tensor.of(1.0), ints(2)))
                .withMessage("RocAuc: class 2 is out of range for 2 classes");
        refused(() -> new AveragePrecision().update(Tensor.of(Double.NaN), ints(1)))
                .withMessage("AveragePrecision: the score at position 0 is NaN");
        assertThat(area.value()).isEqualTo(1);
    }

    // ---- numbers ----

    @Test
    void errorsOfLargeNumbersDoNotCancel() {
        Tensor target = Tensor.of(1e9, 1e9 + 1, 1e9 + 2);

        assertThat(value(new R2(), target.add(0.5), target)).isCloseTo(1 - 0.75 / 2, within(1e-12));
        assertThat(value(new R2(), Tensor.of(1.0), Tensor.of(2.0))).isNaN();
        assertThat(value(new RootMeanSquaredError(), Tensor.of(3.0, 0), Tensor.of(0.0, 4)))
                .isEqualTo(Math.sqrt(12.5));
        assertThat(value(new MeanAbsoluteError(), Tensor.of(Double.NaN), Tensor.of(2.0)))
                .isNaN();
    }

    @Test
    void errorsOfWrongShapesAndTypesAreRefused() {
        thrown(ShapeException.class, () -> new MeanAbsoluteError().update(Tensor.zeros(2, 1), Tensor.zeros(2)))
                .withMessage("MeanAbsoluteError: the prediction [2, 1] and the target [2] must have the same shape");
        thrown(
                        DTypeException.class,
                        () -> new RootMeanSquaredError().update(Tensor.zeros(2), Tensor.zeros(DType.FLOAT32, 2)))
                .withMessageStartingWith("RootMeanSquaredError");
        thrown(DTypeException.class, () -> new R2().update(ints(1), ints(1))).withMessageStartingWith("R2");
    }

    @Test
    void aLogLossIsThatOfProbabilitiesThatAreKeptFromZero() {
        Tensor ofPixels = Tensor.of(new double[] {0.25, 0.5, 0.75, 0.5}).reshape(1, 2, 2);

        // Numbers of scikit-learn 1.4.
        assertThat(value(new LogLoss(), Tensor.of(0.0, 1, 0.25), ints(1, 1, 0)))
                .isCloseTo(12.110445153856311, within(1e-12));
        assertThat(value(new LogLoss(), Tensor.of(new float[] {0, 1, 0.25f}), Tensor.of(true, true, false)))
                .isCloseTo(5.41002244817994, within(1e-6));
        assertThat(value(new LogLoss(), ofPixels, ints(1, 0).reshape(1, 2)))
                .isCloseTo(-(Math.log(0.75) + Math.log(0.5)) / 2, within(1e-15));
    }

    @Test
    void aLogLossRefusesLogitsAndChangesNothing() {
        LogLoss loss = new LogLoss();
        loss.update(Tensor.of(0.5), ints(1));

        refused(() -> loss.update(Tensor.of(0.5, -1), ints(1, 0)))
                .withMessage(
                        "LogLoss: expected probabilities, from 0 to 1, got -1.0; those of logits are softmax(1), or"
                                + " sigmoid() of class 1 alone");
        refused(() -> loss.update(Tensor.of(new double[][] {{0.5, 0.25}}), ints(1)))
                .withMessageContaining("add up to 0.75, expected 1");
        refused(() -> loss.update(Tensor.of(Double.NaN), ints(1))).withMessageContaining("got NaN");
        refused(() -> loss.update(Tensor.of(0.5), ints(2)))
                .withMessage("LogLoss: class 2 is out of range for 2 classes");
        thrown(DTypeException.class, () -> loss.update(ints(1), ints(1))).withMessageStartingWith("LogLoss");
        thrown(ShapeException.class, () -> loss.update(Tensor.zeros(2, 3), ints(1)))
                .withMessageStartingWith("LogLoss: expected scores [N, C, ...]");
        assertThat(loss.value()).isEqualTo(Math.log(2));
    }

    @Test
    void perplexityIsTheNumberOfClassesThatAreAsLikely() {
        Perplexity perplexity = new Perplexity();
        perplexity.update(Tensor.zeros(3, 8), ints(0, 5, -100));

        assertThat(perplexity.value()).isCloseTo(8, within(1e-12));
        assertThat(perplexity.nats()).isCloseTo(Math.log(8), within(1e-12));
        perplexity.update(Tensor.zeros(2, 8, 5), ints(new int[10]).reshape(2, 5));
        assertThat(perplexity.value()).isCloseTo(8, within(1e-12));
        thrown(ShapeException.class, () -> perplexity.update(Tensor.zeros(3), ints(0, 1, 2)))
                .withMessageStartingWith("Perplexity: ");
        thrown(DTypeException.class, () -> perplexity.update(Tensor.zeros(1, 2), Tensor.of(1.0)))
                .withMessageStartingWith("Perplexity: ");
        refused(() -> perplexity.update(Tensor.zeros(1, 2), ints(2)));
    }

    @Test
    void aClassThatCanBeNoClassIsRefusedBeforeItIsCounted() {
        Tensor ignored = ints(0, Integer.MAX_VALUE);

        refused(() -> new F1(Average.MACRO).update(ignored, ignored))
                .withMessageStartingWith("F1: class 2147483647 is beyond");
    }

    @Test
    void aMetricSaysItsSettingsThatAreNotAsByDefault() {
        assertThat(List.of(
                                new Accuracy(),
                                new Accuracy().ofLogits(),
                                new F1(Average.MACRO),
                                new Recall(Average.SAMPLES).ofLogits().multiLabel(),
                                new Accuracy().multiLabel(),
                                new TopKAccuracy(3),
                                new LogLoss(),
                                new Perplexity(0),
                                new RocAuc(),
                                new AveragePrecision().multiLabel(),
                                new FBeta(2, Average.MICRO).ofLogits(),
                                new MatthewsCorrelation().ofLogits(),
                                new CohenKappa(CohenKappa.Weights.LINEAR).threshold(0),
                                new ClassReport("cat", "dog").ofLogits(),
                                new CalibrationError(),
                                new CalibrationError(10),
                                new RootMeanSquaredError())
                        .stream()
                        .map(Object::toString))
                .containsExactly(
                        "Accuracy[]",
                        "Accuracy[threshold=0.0]",
                        "F1[average=MACRO]",
                        "Recall[average=SAMPLES, threshold=0.0, multiLabel=true]",
                        "Accuracy[multiLabel=true]",
                        "TopKAccuracy[k=3]",
                        "LogLoss[]",
                        "Perplexity[ignoreIndex=0]",
                        "RocAuc[]",
                        "AveragePrecision[multiLabel=true]",
                        "FBeta[beta=2.0, average=MICRO, threshold=0.0]",
                        "MatthewsCorrelation[threshold=0.0]",
                        "CohenKappa[weights=LINEAR, threshold=0.0]",
                        "ClassReport[threshold=0.0, names=[cat, dog]]",
                        "CalibrationError[]",
                        "CalibrationError[bins=10]",
                        "RootMeanSquaredError[]");
    }
}
