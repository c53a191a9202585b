package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.metric.MetricTest.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;

class ClassReportTest {
    private static final Tensor PREDICTED = ints(0, 0, 2, 2, 1);
    private static final Tensor TARGETS = ints(0, 1, 2, 2, 2);

    @Test
    void aReportIsThatOfScikitLearnsExample() {
        ClassReport report = new ClassReport("class 0", "class 1", "class 2");
        report.update(PREDICTED, TARGETS);

        assertThat(report).hasToString("""
                                      precision    recall  f1-score   support

                             class 0       0.50      1.00      0.67         1
                             class 1       0.00      0.00      0.00         1
                             class 2       1.00      0.67      0.80         3

                            accuracy                           0.60         5
                           macro avg       0.50      0.56      0.49         5
                        weighted avg       0.70      0.60      0.61         5
                        """);
        assertThat(report.value()).isEqualTo(0.6);
        assertThat(report.counts())
                .containsExactly(new ClassCounts(1, 1, 0, 3), new ClassCounts(0, 1, 1, 3), new ClassCounts(2, 0, 1, 2));
    }

    @Test
    void wrongClassesAndNamesAreRefusedAndNothingChanges() {
        ClassReport report = new ClassReport("a", "b");
        report.update(ints(0, 1), ints(0, 0));

        refused(() -> report.update(ints(0, 2), ints(0, 1)))
                .withMessage("ClassReport: class 2 is out of range for 2 classes");
        assertThat(report.value()).isEqualTo(0.5);
        thrown(IllegalStateException.class, report::multiLabel).withMessageStartingWith("ClassReport: multiLabel()");
        refused(() -> report.text(-1)).withMessage("ClassReport: the number of digits must be from 0 to 20, got -1");
        report.reset();
        thrown(IllegalStateException.class, () -> report.text(2))
                .withMessage("ClassReport: there are no predictions to report on");
        thrown(
                        ShapeException.class,
                        () -> report.multiLabel()
                                .update(Tensor.zeros(1, 3), ints(0, 0, 0).reshape(1, 3)))
                .withMessage("ClassReport: got targets [1, 3] for 2 names of labels: [a, b]");
    }

    @Test
    void aStateWithOtherClassesThanNamesIsRefused() {
        ClassReport three = new ClassReport();
        three.update(Tensor.of(new int[] {0, 1, 2}), Tensor.of(new int[] {0, 1, 2}));
        ClassReport two = new ClassReport("a", "b");

        refused(() -> two.load(three.state())).withMessageContaining("nothing was loaded");
        assertThat(two.counts()).hasSize(2);
    }
}
