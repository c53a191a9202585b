package io.adjoint.nn.train;

import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.nn.metric.Metrics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metrics of a training, whose counts are put aside while they measure validations. */
final class TrainingMetrics {
    Metrics metrics = Metrics.of();
    /** The state of the metrics while they measure something else; null if they don't. */
    private @Nullable Map<String, NdArray> aside;

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
