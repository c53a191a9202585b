package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.metric.MetricTest.ints;
import static io.adjoint.nn.metric.MetricTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MultiLabelTest {
    private static final Tensor ONE_LABEL_RIGHT = Tensor.of(new double[][] {{2, 1}, {-1, -3}, {0.5, 4}});
    private static final Tensor LABELS = Tensor.of(new int[] {1, 0, 0, 1, 1, 0}).reshape(3, 2);

    @Test
    void labelsMayBeScoresOrNumbersOrBooleans() {
        Tensor predicted = ONE_LABEL_RIGHT.gt(0);
        for (Tensor prediction : List.of(predicted, predicted.to(DType.INT32), predicted.to(DType.FLOAT32))) {
            assertThat(value(new F1(Average.MACRO).multiLabel(), prediction, LABELS.to(DType.BOOL)))
                    .isEqualTo(0.5);
        }
    }

    @Test
    void aLabelWithoutTargetsOrPredictionsScores0() {
        Tensor none = Tensor.zeros(2, 2).to(DType.INT32);
        for (Average average : List.of(Average.MACRO, Average.MICRO, Average.WEIGHTED, Average.SAMPLES)) {
            assertThat(value(new Precision(average).multiLabel(), none, none)).isZero();
            assertThat(value(new Recall(average).multiLabel(), none, none)).isZero();
            assertThat(value(new F1(average).multiLabel(), none, none)).isZero();
        }
        assertThat(value(
                        new F1(Average.MACRO).multiLabel(),
                        Tensor.of(new double[][] {{1, 0}}),
                        ints(1, 0).reshape(1, 2)))
                .isEqualTo(0.5);
    }

    @Test
    void whatMayBeLabelsOrSamplesIsRefusedByTheNamesOfBoth() {
        thrown(ShapeException.class, () -> new F1(Average.MACRO).ofLogits().update(ONE_LABEL_RIGHT, LABELS))
                .withMessage(
                        "F1: predictions [3, 2] of the targets' shape may be of 3 samples with several labels each, or of a"
                                + " sample for each element; for labels use multiLabel() of the metric, for samples"
                                + " pass flatten() of both");
        thrown(ShapeException.class, () -> new Recall(Average.MICRO).update(LABELS, LABELS))
                .withMessageContaining("for labels use multiLabel() of the metric");
        thrown(ShapeException.class, () -> new Accuracy().ofLogits().update(ONE_LABEL_RIGHT, LABELS))
                .withMessageContaining("for labels use multiLabel() of the metric");
        thrown(ShapeException.class, () -> new ConfusionMatrix(2).ofLogits().update(ONE_LABEL_RIGHT, LABELS))
                .withMessageContaining("for labels use a matrix for each, of select(1, label)");
        thrown(ShapeException.class, () -> new RocAuc().update(ONE_LABEL_RIGHT, LABELS))
                .withMessageEndingWith("; for labels use multiLabel() of the metric");

        assertThat(value(new Accuracy().ofLogits(), ONE_LABEL_RIGHT.flatten(), LABELS.flatten()))
                .isEqualTo(0.5);
        assertThat(value(new F1(Average.MACRO).ofLogits(), ONE_LABEL_RIGHT.flatten(), LABELS.flatten()))
                .isEqualTo((0.4 + 4.0 / 7) / 2);
    }

    @Test
    void aColumnIsOfSamplesAndTheFigureOfClass1TakesAnyShape() {
        assertThat(value(new Accuracy().ofLogits(), ONE_LABEL_RIGHT.slice(1, 0, 1), LABELS.slice(1, 0, 1)))
                .isEqualTo(1);
        assertThat(value(new F1(Average.BINARY).ofLogits(), ONE_LABEL_RIGHT, LABELS))
                .isEqualTo(4.0 / 7);
    }

    @Test
    void wrongLabelsAreNamedAndCountNothing() {
        F1 f1 = new F1(Average.SAMPLES).ofLogits().multiLabel();
        f1.update(ONE_LABEL_RIGHT, LABELS);
        double before = f1.value();

        thrown(
                        ShapeException.class,
                        () -> f1.update(Tensor.zeros(1, 3), Tensor.zeros(1, 3).to(DType.INT32)))
                .withMessage("F1: got targets [1, 3], but those before had 2 labels for each sample");
        thrown(ShapeException.class, () -> f1.update(Tensor.zeros(2, 3), ints(0, 2)))
                .withMessage("F1: expected predictions [N, L] of L labels for targets [N, L], got [2, 3] for [2]");
        thrown(ShapeException.class, () -> f1.update(Tensor.zeros(2), ints(0, 1)))
                .withMessageContaining("got [2] for [2]");
        refused(() -> f1.update(ONE_LABEL_RIGHT, LABELS.mul(2))).withMessage("F1: a label is 0 or 1, got 2");
        refused(() -> f1.update(ONE_LABEL_RIGHT.mul(Double.NaN), LABELS))
                .withMessage("F1: the score at position 0 is NaN");
        assertThat(f1.value()).isEqualTo(before);
        f1.reset();
        f1.update(Tensor.ones(1, 3), Tensor.ones(1, 3).to(DType.INT32));
        assertThat(f1.value()).isEqualTo(1);
        refused(() -> new F1(Average.SAMPLES).update(ints(0), ints(0)))
                .withMessage(
                        "F1: SAMPLES is for samples with several labels; call multiLabel() before the first update");
        thrown(IllegalStateException.class, f1::multiLabel)
                .withMessage(
                        "F1: multiLabel() must be set before the first update, or after reset(), but 1 samples are counted");
        refused(() -> new Recall(Average.BINARY).multiLabel())
                .withMessage(
                        "Recall: BINARY is of one class of two; for several labels choose MACRO, MICRO, WEIGHTED or SAMPLES");
    }
}
