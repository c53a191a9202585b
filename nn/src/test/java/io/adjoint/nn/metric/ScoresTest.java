package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.metric.MetricTest.ints;
import static io.adjoint.nn.metric.MetricTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ScoresTest {
    /** The fraction of the samples not predicted as a class that indeed don't belong to it. */
    private static final class NegativePredictiveValue extends ClassScore<NegativePredictiveValue> {
        NegativePredictiveValue(Average average) {
            super(average);
        }

        @Override
        protected double score(ClassCounts of) {
            return ClassCounts.ratio(of.trueNegatives(), of.trueNegatives() + of.falseNegatives());
        }
    }

    @Test
    void theThresholdIsSetBeforeTheFirstUpdate() {
        Tensor scores = Tensor.of(0.3, 0.4);
        Tensor targets = ints(0, 1);

        assertThat(value(new Accuracy().threshold(0.35), scores, targets)).isEqualTo(1);
        assertThat(value(new F1(Average.BINARY).ofLogits(), scores, targets))
                .isEqualTo(value(new F1(Average.BINARY).threshold(0), scores, targets))
                .isEqualTo(2.0 / 3);
        assertThat(new NegativePredictiveValue(Average.MACRO).threshold(0).multiLabel())
                .hasToString("NegativePredictiveValue[average=MACRO, threshold=0.0, multiLabel=true]");
        Accuracy updated = new Accuracy();
        updated.update(scores, targets);
        thrown(IllegalStateException.class, () -> updated.threshold(0))
                .withMessage("Accuracy: threshold must be set before the first update, or after reset(), but 2 samples"
                        + " are counted");
        refused(() -> new ConfusionMatrix(2).threshold(Double.NaN))
                .withMessage("ConfusionMatrix: the threshold is NaN");
    }

    @Test
    void aScoreOfOnesOwnIsItsFormula() {
        NegativePredictiveValue score = new NegativePredictiveValue(Average.MACRO);
        score.update(ints(0, 1, 1, 2), ints(0, 1, 0, 1));

        assertThat(score.perClass()).isEqualTo(NdArray.of(Shape.of(3), 2.0 / 3, 0.5, 1));
        assertThat(score.value()).isEqualTo((2.0 / 3 + 0.5 + 1) / 3);
        assertThat(score).hasToString("NegativePredictiveValue[average=MACRO]");
        assertThat(value(
                        new NegativePredictiveValue(Average.SAMPLES).multiLabel(),
                        ints(0, 1, 0, 0).reshape(2, 2),
                        ints(0, 1, 1, 0).reshape(2, 2)))
                .isEqualTo(0.75);
    }

    @Test
    void f1IsFBetaOf1() {
        Tensor predicted = ints(0, 1, 1, 2, 2, 0);
        Tensor targets = ints(0, 1, 2, 2, 1, 1);

        assertThat(value(new FBeta(1, Average.MACRO), predicted, targets))
                .isEqualTo(value(new F1(Average.MACRO), predicted, targets));
        refused(() -> new FBeta(0, Average.MACRO))
                .withMessage("FBeta: the weight beta must be positive and finite, got 0.0");
    }

    @Test
    void agreementOfOneClassIsNoAgreement() {
        assertThat(value(new MatthewsCorrelation(), ints(1, 1), ints(1, 1))).isZero();
        assertThat(value(new CohenKappa(), ints(1, 1), ints(1, 1))).isNaN();
        assertThat(value(new BalancedAccuracy(), ints(0, 2), ints(0, 0))).isEqualTo(0.5);
        assertThat(value(new MatthewsCorrelation().ofLogits(), Tensor.of(-1.0, 2), ints(0, 1)))
                .isEqualTo(1);
        thrown(
                        ShapeException.class,
                        () -> new CohenKappa()
                                .update(Tensor.zeros(2, 2), ints(0, 1, 1, 0).reshape(2, 2)))
                .withMessageContaining(
                        "for labels use a CohenKappa for each, of select(1, label), for samples pass flatten()");
    }

    @Test
    void sumsHaveTheSameBitsInWhateverBatches() {
        Tensor p = Tensor.of(0.1, 0.7, 0.3, 0.9, 0.6, 0.2, 0.8);
        Tensor y = ints(0, 1, 1, 1, 0, 0, 1);
        for (Supplier<Metric> each : List.<Supplier<Metric>>of(LogLoss::new, BrierScore::new, CalibrationError::new)) {
            Metric parts = each.get();
            parts.update(p.slice(0, 0, 3), y.slice(0, 0, 3));
            parts.update(p.slice(0, 3, 7), y.slice(0, 3, 7));

            assertThat(parts.value()).isEqualTo(value(each.get(), p, y));
        }
    }
}
