package io.adjoint.nn.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Values that are computed at intervals while a training runs: the values of a validation, or a tracked value.
 *
 * @param names returns the names of the values, except the names in {@link Outcome#numbers}, which are unknown before the first outcome
 */
record Measurement(Every every, Supplier<List<String>> names, Supplier<Map<String, Double>> values) {
    /** A validation on some batches: the loss and the metrics, whose names begin with the name of the validation. */
    static <B> Measurement validation(TrainingPlan<B> plan, String name, Iterable<? extends B> batches, Every every) {
        String prefix = name + " ";
        return new Measurement(
                every,
                () -> Stream.concat(Stream.of(Trainer.LOSS), plan.metrics.names().stream())
                        .map(value -> prefix + value)
                        .toList(),
                () -> {
                    Map<String, Double> values = new LinkedHashMap<>();
                    plan.evaluator
                            .evaluate(batches, plan.metrics)
                            .values()
                            .forEach((value, number) -> values.put(prefix + value, number));
                    return values;
                });
    }
}
