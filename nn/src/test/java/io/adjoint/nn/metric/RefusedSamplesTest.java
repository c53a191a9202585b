package io.adjoint.nn.metric;

import static io.adjoint.nn.metric.MetricTest.ints;
import static io.adjoint.nn.metric.MetricTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Samples and calls that are refused because their figure would have no meaning. */
class RefusedSamplesTest {
    private static final Tensor TWO_SCORES = Tensor.of(new double[][] {{0, 1}, {1, 0}});

    private static void assertRefused(Class<? extends Exception> type, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(type).hasMessageStartingWith(message);
    }

    @Test
    void classesThatThereAreNoScoresForAreRefused() {
        String outOfRange = ": class 2 is out of range for 2 classes";
        assertRefused(
                IllegalArgumentException.class,
                "ConfusionMatrix" + outOfRange,
                () -> assertThat(new ConfusionMatrix(2).count(0, 2)).isZero());
        assertRefused(
                IllegalArgumentException.class,
                "Accuracy" + outOfRange,
                () -> new Accuracy().update(TWO_SCORES, ints(0, 2)));
    }

    @Test
    void scoresThatAreNoneAreRefused() {
        assertRefused(
                ShapeException.class,
                "TopKAccuracy: expected scores [N, C, ...]",
                () -> new TopKAccuracy(1).update(Tensor.of(0.5, 1), ints(0, 1)));
        assertRefused(
                IllegalArgumentException.class,
                "TopKAccuracy: the score at position 1 is NaN",
                () -> new TopKAccuracy(1).update(Tensor.of(new double[][] {{0, Double.NaN}}), ints(0)));
        assertRefused(
                DTypeException.class,
                "Accuracy: ",
                () -> new Accuracy().update(Tensor.zeros(DType.INT32, 2, 2), ints(0, 1)));
        assertRefused(
                DTypeException.class,
                "MeanAbsoluteError: ",
                () -> new MeanAbsoluteError().update(ints(0, 1), ints(0, 1)));
        assertRefused(
                ShapeException.class,
                "RocAuc: expected predictions [N, L] of L labels",
                () -> new RocAuc().multiLabel().update(TWO_SCORES, ints(0, 1)));
    }

    @Test
    void labelsAreSaidBeforeTheFirstSamples() {
        Accuracy accuracy = new Accuracy();
        accuracy.update(ints(0), ints(0));
        assertRefused(IllegalStateException.class, "Accuracy: multiLabel()", accuracy::multiLabel);
        RocAuc area = new RocAuc();
        area.update(Tensor.of(0.5), ints(1));
        assertRefused(IllegalStateException.class, "RocAuc: multiLabel()", area::multiLabel);
    }

    /** A probability of 1 is clipped, like a probability of 0. */
    @Test
    void theLossOfACertainPredictionIsNotQuiteZero() {
        assertThat(value(new LogLoss(), Tensor.of(1.0), ints(1))).isEqualTo(-StrictMath.log(1 - DType.FLOAT64.eps()));
    }
}
