package io.adjoint.nn.metric;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.metric.MetricTest.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void oneUpdateGivesTheValuesOfAllInTheirOrder() {
        Metrics metrics = Metrics.of(new F1(Average.MACRO), new Accuracy(), new F1(Average.MICRO))
                .with("top 2", new TopKAccuracy(2));
        metrics.update(Tensor.of(new double[][] {{0, 1, 2}, {2, 1, 0}}), ints(2, 1));

        assertThat(metrics.values().keySet())
                .containsExactly("F1[average=MACRO]", "Accuracy", "F1[average=MICRO]", "top 2");
        assertThat(metrics.values()).contains(entry("Accuracy", 0.5), entry("top 2", 1.0));
        assertThat(metrics).hasToString("Metrics[F1[average=MACRO], Accuracy, F1[average=MICRO], top 2]");
        metrics.reset();
        assertThat(metrics.values().values())
                .allSatisfy(value -> assertThat(value).isNaN());
    }

    @Test
    void metricsOfOneNameAreRefused() {
        refused(() -> Metrics.of(new MeanAbsoluteError(), new MeanAbsoluteError()))
                .withMessage(
                        "Metrics: two metrics are MeanAbsoluteError with the same settings; leave one out, or give each a name of its own by"
                                + " with(name, metric)");
        refused(() -> Metrics.of(new ConfusionMatrix(2), new ConfusionMatrix(3)))
                .withMessage(
                        "Metrics: one of several metrics ConfusionMatrix has no name in every run; give each a name of"
                                + " its own by with(name, metric)");
        refused(() -> Metrics.of().with(" ", new MeanAbsoluteError()))
                .withMessage("Metrics: the name of MeanAbsoluteError[] is blank");
    }

    @Test
    void aBatchThatOnlySomeHaveTakenLeavesNoValues() {
        Metrics metrics = Metrics.of(new Accuracy(), new TopKAccuracy(2));
        thrown(ShapeException.class, () -> metrics.update(Tensor.zeros(2, 3), ints(0)));
        assertThat(metrics.values().values())
                .allSatisfy(value -> assertThat(value).isNaN());

        thrown(ShapeException.class, () -> metrics.update(ints(0), ints(0)));
        thrown(IllegalStateException.class, metrics::values)
                .withMessage("Metrics: 'TopKAccuracy' refused a batch that 'Accuracy' had taken, so their values are of"
                        + " different samples; begin anew by reset()");
        thrown(IllegalStateException.class, () -> metrics.update(Tensor.zeros(1, 3), ints(0)));
        metrics.reset();
        metrics.update(Tensor.zeros(1, 3), ints(0));
        assertThat(metrics.values()).contains(entry("Accuracy", 1.0), entry("TopKAccuracy", 0.0));
    }

    @Test
    void aCollectionGoesOnFromItsState() {
        Metrics saved = Metrics.of(new Accuracy(), new RocAuc());
        Metrics loaded = Metrics.of(new Accuracy(), new RocAuc());
        saved.update(Tensor.of(0.2, 0.9), ints(1, 0));
        loaded.load(saved.state());
        loaded.update(Tensor.of(0.6, 0.4), ints(1, 0));

        assertThat(loaded.values()).containsExactly(entry("Accuracy", 0.5), entry("RocAuc", 0.25));
        refused(() -> Metrics.of(new Accuracy()).load(saved.state()))
                .withMessage("Metrics: the state does not fit, and nothing was loaded: unexpected 'RocAuc.scores';"
                        + " unexpected 'RocAuc.targets'; unexpected 'RocAuc.samples'; unexpected 'RocAuc.columns'");
        refused(() -> loaded.load(Metrics.of(new Accuracy()).state())).withMessageContaining("missing");
        assertThat(loaded.values()).containsExactly(entry("Accuracy", 0.5), entry("RocAuc", 0.25));
    }
}
