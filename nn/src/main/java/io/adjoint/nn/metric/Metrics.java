package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several metrics with names, which one update gives the same predictions.
 *
 * <pre>{@code
 * Metrics metrics = Metrics.of(new Accuracy(), new F1(Average.MACRO)).with("top 5", new TopKAccuracy(5));
 * metrics.update(logits, batch.y());
 * Map<String, Double> values = metrics.values();      // Accuracy, F1, top 5
 * }</pre>
 */
public final class Metrics implements Stateful {
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    /** The failure after which some metrics have counted a batch that other metrics have not; null if there was no such failure. */
    private @Nullable String broken;

    private Metrics() {}

    /**
     * A collection of metrics under the names of their classes, in this order; of several of one class under their texts, as
     * {@code F1[average=MACRO]}.
     *
     * @throws IllegalArgumentException if two have the same name, or one of an anonymous class or of several of one class has no text of
     *     its class and settings, as a {@link ConfusionMatrix}; {@link #with} names them
     */
    public static Metrics of(Metric... metrics) {
        Map<String, Integer> ofClass = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            ofClass.merge(metric.getClass().getSimpleName(), 1, Integer::sum);
        }
        Metrics all = new Metrics();
        for (Metric metric : metrics) {
            String name = metric.getClass().getSimpleName();
            String chosen = name.isEmpty() || ofClass.getOrDefault(name, 1) > 1 ? text(metric, name) : name;
            if (all.metrics.containsKey(chosen)) {
                throw new IllegalArgumentException(
                        "Metrics: two metrics are " + chosen.replace("[]", "")
                                + " with the same settings; leave one out, or give each a name of its own by with(name, metric)");
            }
            all.with(chosen, metric);
        }
        return all;
    }

    /**
     * Returns the metric's text, which becomes its name, if that consists of the class and settings. Other texts, such as tables and
     * identity hashes, are refused, since they differ from run to run.
     */
    private static String text(Metric metric, String simpleName) {
        String text = metric.toString();
        if (simpleName.isEmpty() || !text.startsWith(simpleName + "[")) {
            throw new IllegalArgumentException("Metrics: "
                    + (simpleName.isEmpty() ? "a metric of an anonymous class" : "one of several metrics " + simpleName)
                    + " has no name in every run; give each a name of its own by with(name, metric)");
        }
        return text;
    }

    /**
     * Adds a metric under a name of its own.
     *
     * @throws IllegalArgumentException if there is a metric of this name, or the name is blank
     */
    @CanIgnoreReturnValue
    public Metrics with(String name, Metric metric) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("Metrics: the name of " + metric + " is blank");
        }
        if (metrics.putIfAbsent(name, metric) != null) {
            throw new IllegalArgumentException(
                    "Metrics: two metrics are named '" + name + "'; give each a name of its own by with(name, metric)");
        }
        return this;
    }

    /** The names of the metrics, in their order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(metrics.keySet());
    }

    /**
     * Gives each metric the predictions of a batch and their targets. If one refuses them after others have taken them, there are no values
     * until the next reset.
     *
     * @throws RuntimeException the one that a metric threw, as {@link Metric#update} says
     * @throws IllegalStateException after a batch that only some of the metrics have taken
     */
    public void update(Tensor prediction, Tensor target) {
        requireWhole();
        String first = null;
        for (Map.Entry<String, Metric> each : metrics.entrySet()) {
            try {
                each.getValue().update(prediction, target);
            } catch (RuntimeException | Error refused) {
                broken =
                        first == null ? null : "'" + each.getKey() + "' refused a batch that '" + first + "' had taken";
                throw refused;
            }
            first = first == null ? each.getKey() : first;
        }
    }

    private void requireWhole() {
        if (broken != null) {
            throw new IllegalStateException(
                    "Metrics: " + broken + ", so their values are of different samples; begin anew by reset()");
        }
    }

    /**
     * The value of each metric by its name, in their order.
     *
     * @throws IllegalStateException after a batch that only some of the metrics have taken
     */
    public Map<String, Double> values() {
        requireWhole();
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> values.put(name, metric.value()));
        return Collections.unmodifiableMap(values);
    }

    /** Forgets all predictions, as at the beginning of an epoch. */
    public void reset() {
        metrics.values().forEach(Metric::reset);
        broken = null;
    }

    /**
     * Declares the states of all metrics, each name followed by a dot and the name in the metric.
     *
     * @throws IllegalStateException after a batch that only some of the metrics have taken
     */
    @Override
    public void declareState(StateFields fields) {
        if (!fields.isLoading()) {
            requireWhole();
        }
        metrics.forEach(fields::part);
        fields.onLoad(() -> broken = null);
    }

    /** The names and their metrics. */
    @Override
    public String toString() {
        return "Metrics" + metrics.keySet();
    }
}
