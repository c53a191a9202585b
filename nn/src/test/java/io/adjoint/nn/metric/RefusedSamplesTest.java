package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.metric.MetricTest.ints;
import static io.adjoint.nn.metric.MetricTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;

/** Samples and calls that are refused because their figure would have no meaning. */
class RefusedSamplesTest {
    private static final Tensor TWO_SCORES = Tensor.of(new double[][] {{0, 1}, {1, 0}});

    @Test
    void classesThatThereAreNoScoresForAreRefused() {
        String outOfRange = ": class 2 is out of range for 2 classes";
        refused(() -> assertThat(new ConfusionMatrix(2).count(0, 2)).isZero())
                .withMessageStartingWith("ConfusionMatrix" + outOfRange);
        refused(() -> new Accuracy().update(TWO_SCORES, ints(0, 2))).withMessageStartingWith("Accuracy" + outOfRange);
    }

    @Test
    void scoresThatAreNoneAreRefused() {
        thrown(ShapeException.class, () -> new TopKAccuracy(1).update(Tensor.of(0.5, 1), ints(0, 1)))
                .withMessageStartingWith("TopKAccuracy: expected scores [N, C, ...]");
        refused(() -> new TopKAccuracy(1).update(Tensor.of(new double[][] {{0, Double.NaN}}), ints(0)))
                .withMessageStartingWith("TopKAccuracy: the score at position 1 is NaN");
        thrown(DTypeException.class, () -> new Accuracy().update(Tensor.zeros(DType.INT32, 2, 2), ints(0, 1)))
                .withMessageStartingWith("Accuracy: ");
        thrown(DTypeException.class, () -> new MeanAbsoluteError().update(ints(0, 1), ints(0, 1)))
                .withMessageStartingWith("MeanAbsoluteError: ");
        thrown(ShapeException.class, () -> new RocAuc().multiLabel().update(TWO_SCORES, ints(0, 1)))
                .withMessageStartingWith("RocAuc: expected predictions [N, L] of L labels");
    }

    @Test
    void labelsAreSaidBeforeTheFirstSamples() {
        Accuracy accuracy = new Accuracy();
        accuracy.update(ints(0), ints(0));
        thrown(IllegalStateException.class, accuracy::multiLabel).withMessageStartingWith("Accuracy: multiLabel()");
        RocAuc area = new RocAuc();
        area.update(Tensor.of(0.5), ints(1));
        thrown(IllegalStateException.class, area::multiLabel).withMessageStartingWith("RocAuc: multiLabel()");
    }

    /** A probability of 1 is clipped, like a probability of 0. */
    @Test
    void theLossOfACertainPredictionIsNotQuiteZero() {
        assertThat(value(new LogLoss(), Tensor.of(1.0), ints(1))).isEqualTo(-StrictMath.log(1 - DType.FLOAT64.eps()));
    }
}
