package io.adjoint.nn.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of a model over some data, of one pass.
 *
 * @param values the mean loss of a sample, {@value Trainer#LOSS}, the means of an {@link Outcome}'s numbers, and the metrics, by name
 * @param samples the sum of the batches' sizes
 */
public record Evaluation(Map<String, Double> values, double samples) {
    /** An evaluation. */
    public Evaluation {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The mean loss. */
    public double loss() {
        return value(Trainer.LOSS);
    }

    /**
     * The value of a name, such as {@code "Accuracy"}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public double value(String name) {
        return Epoch.named(values, name, "Evaluation: nothing named '%s' was computed");
    }

    /** The values in one line: {@code loss 0.1240, Accuracy 0.9510}. */
    @Override
    public String toString() {
        return Epoch.text(values);
    }
}
