package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.metric.MetricTest.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurvesTest {
    private static final Tensor SCORES = Tensor.of(0.1, 0.4, 0.35, 0.8);
    private static final Tensor TARGETS = ints(0, 0, 1, 1);

    private static RocAuc rocAuc() {
        RocAuc area = new RocAuc();
        area.update(SCORES, TARGETS);
        return area;
    }

    @Test
    void aRocCurveHasTheRatesAtEachThreshold() {
        RocCurve curve = rocAuc().curve();

        assertThat(curve.thresholds()).isEqualTo(vector(Double.POSITIVE_INFINITY, 0.8, 0.4, 0.35, 0.1));
        assertThat(curve.falsePositiveRate()).isEqualTo(vector(0, 0, 0.5, 0.5, 1));
        assertThat(curve.truePositiveRate()).isEqualTo(vector(0, 0.5, 0.5, 1, 1));
        assertThat(curve.area()).isEqualTo(0.75);
        assertThat(curve.toString()).isEqualTo("""
                        threshold  false positive rate  true positive rate
                         Infinity               0.0000              0.0000
                           0.8000               0.0000              0.5000
                           0.4000               0.5000              0.5000
                           0.3500               0.5000              1.0000
                           0.1000               1.0000              1.0000""");
    }

    @Test
    void aPrecisionRecallCurveEndsWithoutAThreshold() {
        AveragePrecision average = new AveragePrecision();
        average.update(SCORES, TARGETS);
        PrecisionRecallCurve curve = average.curve();

        assertThat(curve.thresholds()).isEqualTo(vector(0.1, 0.35, 0.4, 0.8));
        assertThat(curve.precision()).isEqualTo(vector(0.5, 2.0 / 3, 0.5, 1, 1));
        assertThat(curve.recall()).isEqualTo(vector(1, 1, 0.5, 0.5, 0));
        assertThat(curve.averagePrecision()).isEqualTo(average.value());
        assertThat(curve.toString()).isEqualTo("""
                        threshold  precision  recall
                           0.1000     0.5000  1.0000
                           0.3500     0.6667  1.0000
                           0.4000     0.5000  0.5000
                           0.8000     1.0000  0.5000""");
    }

    @Property
    void droppingPointsOnALineKeepsTheArea(
            @ForAll @IntRange(max = 6) int[] scores, @ForAll @IntRange(max = 3) int rare) {
        double[] values = new double[scores.length + 2];
        int[] targets = new int[values.length];
        for (int k = 0; k < scores.length; k++) {
            values[k] = scores[k];
            targets[k] = (scores[k] + k) % (rare + 1) == 0 ? 1 : 0;
        }
        values[scores.length] = 3;
        targets[scores.length] = 1;
        RocAuc area = new RocAuc();
        area.update(Tensor.of(values), ints(targets));
        RocCurve shorter = area.curve().withoutIntermediate();

        assertThat(area.curve().area()).isEqualTo(area.value());
        assertThat(shorter.area()).isEqualTo(area.value());
        assertThat(shorter.thresholds().shape().size())
                .isLessThanOrEqualTo(area.curve().thresholds().shape().size());
    }

    @Test
    void aCurveDoesNotChangeWithItsMetric() {
        RocAuc area = rocAuc();
        RocCurve curve = area.curve();
        area.update(SCORES, TARGETS.neg().add(1));

        assertThat(area.value()).isEqualTo(0.5);
        assertThat(curve.area()).isEqualTo(0.75);
        area.reset();
        assertThat(curve.area()).isEqualTo(0.75);
    }

    @Test
    void thereIsACurveOfEachClassAndOfEachLabel() {
        RocAuc classes = new RocAuc();
        classes.update(Tensor.of(new double[][] {{3, 1, 0}, {0, 2, 1}, {2, 0, 1}}), ints(0, 1, 2));
        RocAuc labels = new RocAuc();
        labels.multiLabel()
                .update(
                        Tensor.of(new double[][] {{3, 1}, {0, 2}, {2, 0}}),
                        ints(1, 0, 0, 1, 0, 1).reshape(3, 2));

        assertThat(classes.perClass()).isEqualTo(vector(1, 1, 0.75));
        assertThat(classes.curve(2).area()).isEqualTo(0.75);
        assertThat(labels.perClass()).isEqualTo(vector(1, 0.5));
        assertThat(labels.curve(1).area()).isEqualTo(0.5);
        assertThat(rocAuc().perClass()).isEqualTo(vector(0.75));
        assertThat(new RocAuc().perClass()).isEqualTo(vector());
        thrown(IllegalStateException.class, classes::curve)
                .withMessage(
                        "RocAuc: there are 3 scores for each sample, and a curve for each; choose one by curve(index)");
        refused(() -> classes.curve(3)).withMessage("RocAuc: there is no curve 3 of 3");
        refused(() -> rocAuc().curve(0))
                .withMessage("RocAuc: there is no curve 0; the scores are of class 1 alone, whose is curve()");
        thrown(IllegalStateException.class, () -> new AveragePrecision().curve())
                .withMessage("AveragePrecision: there is no curve before the first prediction");
    }

    @Test
    void aLongCurveIsShownInPart() {
        RocAuc area = new RocAuc();
        area.update(Tensor.arange(100).to(DType.FLOAT64), Tensor.ones(100).to(DType.INT32));

        assertThat(area.curve().toString())
                .endsWith("(20 of 101 rows)")
                .contains("\n Infinity ", "\n  95.0000 ", "\n   0.0000 ");
    }

    @Test
    void calibrationBinsAreOpenBelowAndClosedAbove() {
        CalibrationError error = new CalibrationError(4);
        error.update(Tensor.of(0.0, 0.25, 0.5, 0.75, 1), ints(0, 1, 1, 1, 1));

        assertThat(error.curve().counts()).isEqualTo(vector(2, 1, 1, 1));
        assertThat(error.curve().confidence()).isEqualTo(vector(0.125, 0.5, 0.75, 1));
        assertThat(error.curve().fractionRight()).isEqualTo(vector(0.5, 1, 1, 1));
        assertThat(error.value()).isEqualTo((0.75 + 0.5 + 0.25) / 5);
        assertThat(error.curve().toString()).isEqualTo("""
                        confidence  fraction right  samples
                            0.1250          0.5000   2.0000
                            0.5000          1.0000   1.0000
                            0.7500          1.0000   1.0000
                            1.0000          1.0000   1.0000""");
        refused(() -> new CalibrationError(0))
                .withMessage("CalibrationError: the number of bins must be from 1 to 10000, got 0");
        refused(() -> new BrierScore().update(Tensor.of(1.5), ints(1)))
                .withMessageStartingWith("BrierScore: expected probabilities, from 0 to 1, got 1.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"counts", "right", "confidences"})
    void aStateThatLacksBinsIsRefusedAndChangesNothing(String field) {
        CalibrationError error = new CalibrationError();
        error.update(Tensor.of(0.25, 0.75), ints(0, 1));
        Map<String, NdArray> before = error.state();
        Map<String, NdArray> state = new HashMap<>(before);
        state.computeIfPresent(field, (name, numbers) -> numbers.slice(0, 0, 3));

        refused(() -> error.load(state)).withMessageContaining("a number for each of 15 bins, but have");
        assertThat(error.state()).isEqualTo(before);
    }

    @Property
    void everyConfidenceIsInTheBinOfItsEdges(@ForAll @IntRange(min = 1, max = 200) int bins) {
        CalibrationError error = new CalibrationError(bins);
        double[] edges = new double[bins];
        for (int k = 0; k < bins; k++) {
            edges[k] = (k + 1 == bins) ? 1 : (k + 1) * (1.0 / bins);
        }
        error.update(Tensor.of(edges), ints(new int[bins]));

        assertThat(error.curve().confidence()).isEqualTo(vector(edges));
    }

    private static NdArray vector(double... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    @Test
    void aChainOfSettingsKeepsTheType() {
        RocAuc area = new RocAuc().multiLabel();
        AveragePrecision precision = new AveragePrecision().multiLabel();
        Tensor scores = Tensor.of(new double[][] {{0.9, 0.1}, {0.2, 0.8}});
        Tensor labels = Tensor.of(new int[][] {{1, 0}, {0, 1}});
        area.update(scores, labels);
        precision.update(scores, labels);

        assertThat(area.curve(1).area()).isEqualTo(1);
        assertThat(precision.curve(0).averagePrecision()).isEqualTo(1);
    }
}
