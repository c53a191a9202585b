package io.adjoint.nn.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Values that are computed at intervals while a training runs: the values of a validation, or a tracked value.
 *
 * @param names returns the names of the values, except the names in {@link Outcome#parts}, which are unknown before the first outcome
 */
record Check(Every every, Supplier<List<String>> names, Supplier<Map<String, Double>> values) {
    /** The loss and the metrics of a validation; the names of these values begin with the name of the validation. */
    static Check validation(String name, Every every, TrainingMetrics training, Supplier<Evaluation> evaluation) {
        String prefix = name + " ";
        return new Check(
                every,
                () -> {
                    List<String> names = new ArrayList<>(List.of(prefix + Trainer.LOSS));
                    training.metrics.names().forEach(metric -> names.add(prefix + metric));
                    return names;
                },
                () -> {
                    Map<String, Double> values = new LinkedHashMap<>();
                    evaluation.get().values().forEach((value, number) -> values.put(prefix + value, number));
                    return values;
                });
    }
}
