package io.adjoint.nn.train;

import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.nn.metric.Metrics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metrics of a training. The metrics also measure validations, during which their counts of the training are put aside. */
final class TrainingMetrics {
    Metrics metrics = Metrics.of();
    /** The training's counts while the metrics measure a validation; null otherwise. */
    private @Nullable Map<String, NdArray> aside;

    /** Puts the metrics' counts aside; running the returned action loads these counts into the metrics again. */
    Runnable aside() {
        Map<String, NdArray> counts = metrics.state();
        boolean isOuter = aside == null;
        aside = isOuter ? counts : aside;
        return () -> {
            metrics.load(counts);
            aside = isOuter ? null : aside;
        };
    }

    /** Declares the counts of the training, also while the metrics measure a validation. */
    void declareState(StateFields fields) {
        Map<String, NdArray> counts = aside;
        if (counts == null || fields.isLoading()) {
            fields.part("metric", metrics);
        } else {
            fields.part("metric", part -> counts.forEach(part::array));
        }
    }
}
