package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.metric.MetricTest.ints;
import static io.adjoint.nn.metric.MetricTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.ShapeException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Targets that are floats, as losses of probabilities and logits take them. */
class FloatTargetsTest {
    private static final List<Supplier<Metric>> BINARY = List.of(
            () -> new Accuracy(),
            () -> new Precision(Average.BINARY),
            () -> new Recall(Average.MACRO),
            () -> new F1(Average.BINARY),
            () -> new FBeta(2, Average.MICRO),
            () -> new Specificity(Average.WEIGHTED),
            () -> new Jaccard(Average.BINARY),
            BalancedAccuracy::new,
            MatthewsCorrelation::new,
            CohenKappa::new,
            () -> new ConfusionMatrix(2),
            ClassReport::new,
            RocAuc::new,
            AveragePrecision::new,
            LogLoss::new,
            BrierScore::new,
            CalibrationError::new);
    private static final List<Supplier<Metric>> OF_LABELS = List.of(
            () -> new Accuracy().multiLabel(),
            () -> new Precision(Average.MACRO).multiLabel(),
            () -> new F1(Average.SAMPLES).multiLabel(),
            () -> new ClassReport().multiLabel(),
            () -> new RocAuc().multiLabel(),
            () -> new AveragePrecision().multiLabel());

    private final Tensor scores = Tensor.randn(new Generator(1), 40).sigmoid();
    private final Tensor classes = Tensor.randn(new Generator(2), 40).gt(0);

    @Test
    void floats0And1AreTheClassesOfAPredictionOfTheirShape() {
        for (Supplier<Metric> each : BINARY) {
            Metric floats = each.get();
            double expected = value(each.get(), scores, classes.to(DType.INT32));

            assertThat(value(floats, scores, classes.to(DType.FLOAT64)))
                    .as("%s", floats)
                    .isEqualTo(expected)
                    .isNotNaN();
            assertThat(value(each.get(), scores, classes.to(DType.FLOAT32)))
                    .as("%s", floats)
                    .isEqualTo(expected);
            assertThat(value(
                            each.get(),
                            scores.unsqueeze(1),
                            classes.to(DType.FLOAT64).unsqueeze(1)))
                    .as("%s", floats)
                    .isEqualTo(expected);
        }
    }

    @Test
    void floats0And1AreLabels() {
        Tensor predictions = scores.reshape(10, 4);
        Tensor labels = classes.reshape(10, 4);
        for (Supplier<Metric> each : OF_LABELS) {
            Metric floats = each.get();
            assertThat(value(floats, predictions, labels.to(DType.FLOAT64)))
                    .as("%s", floats)
                    .isEqualTo(value(each.get(), predictions, labels.to(DType.INT32)))
                    .isNotNaN();
        }
    }

    @Test
    void otherFloatsAreNoClassesAndCountNothing() {
        for (Supplier<Metric> each : BINARY) {
            for (double wrong : new double[] {0.25, 2, -1, Double.NaN}) {
                Metric metric = each.get();
                String name = metric.getClass().getSimpleName();
                double before = value(metric, scores, classes);
                refused(() -> metric.update(Tensor.of(0.5, 0.1), Tensor.of(1, wrong)))
                        .withMessage(name + ": a floating target is class 0 or class 1, got " + wrong
                                + " at position 1; of indices of classes pass target.to(INT32), of probabilities"
                                + " target.gt(0.5)");
                assertThat(metric.value()).isEqualTo(before);
            }
        }
        refused(() -> new F1(Average.MACRO).multiLabel().update(Tensor.ones(1, 2), Tensor.full(2, 1, 2)))
                .withMessageStartingWith("F1: a floating target is class 0 or class 1, got 2.0 at position 0");
    }

    @Test
    void theClassesOfScoresOfEachClassAreNoFloats() {
        Tensor ofTwo = Tensor.of(new double[][] {{0.1, 0.9}, {0.8, 0.2}});
        for (Metric metric : List.of(new Accuracy(), new RocAuc(), new LogLoss(), new TopKAccuracy(1))) {
            thrown(DTypeException.class, () -> metric.update(ofTwo, Tensor.of(1.0, 0)))
                    .withMessage(
                            metric.getClass().getSimpleName() + ": classes are INT32, or BOOL if there are two, but"
                                    + " the targets [2] are FLOAT64; convert them with to(INT32)");
            assertThat(value(metric, ofTwo, ints(1, 0))).isNotNaN();
        }
    }

    @Test
    void oneHotTargetsAreToldTheirIndex() {
        thrown(ShapeException.class, () -> new Accuracy().update(Tensor.zeros(3, 3), Tensor.eye(3)))
                .withMessage(
                        "Accuracy: predictions [3, 3] of the targets' shape may be of 3 samples with several labels each,"
                                + " or of a sample for each element; for labels use multiLabel() of the metric, for one-hot targets"
                                + " pass target.argMax(1), for samples pass flatten() of both");
    }
}
