package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.nn.metric.Metrics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metrics of a training, whose counts are put aside while they measure validations. */
final class TrainingMetrics {
    static final String NO_PREDICTION =
            "the function of a batch gives no prediction; let it return" + " new Outcome(loss, prediction, target)";

    Metrics metrics = Metrics.of();
    /** The state of the metrics while they measure something else; null if they don't. */
    private @Nullable Map<String, NdArray> aside;

    static void update(Metrics metrics, Outcome outcome) {
        if (metrics.names().isEmpty()) {
            return;
        }
        Tensor prediction = outcome.prediction();
        Tensor target = outcome.target();
        if (prediction == null || target == null) {
            throw new IllegalArgumentException("there are metrics " + metrics.names() + ", but " + NO_PREDICTION);
        }
        metrics.update(prediction.detach(), target);
    }

    /** Puts the counts aside until the result is called, which gives each metric its counts again. */
    Runnable aside() {
        Map<String, NdArray> counts = metrics.state();
        boolean isOuter = aside == null;
        aside = isOuter ? counts : aside;
        return () -> {
            metrics.load(counts);
            aside = isOuter ? null : aside;
        };
    }

    /** Declares the counts of the training, also while the metrics measure something else. */
    void declareState(StateFields fields) {
        Map<String, NdArray> counts = aside;
        if (counts == null || fields.isLoading()) {
            fields.part("metric", metrics);
        } else {
            fields.part("metric", part -> counts.forEach(part::array));
        }
    }
}
