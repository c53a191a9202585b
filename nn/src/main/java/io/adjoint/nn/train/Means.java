package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.StateFields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The means over samples, of the losses and of the named numbers in {@link Outcome#parts}: means of batches are weighted by the weights of
 * the batches, and sums are divided by these.
 */
final class Means {
    /** The prefix of the names of the parts' sums in a state. */
    private static final String PART = "part.";

    /** The sum of the losses, each times its {@link Outcome#factor}. */
    double loss;

    double samples;
    /** For each name in {@link Outcome#parts}: the sum of number · {@link Outcome#factor}, and that of the batches' weights. */
    final Map<String, double[]> parts = new TreeMap<>();

    void add(Outcome outcome, double weight) {
        double factor = outcome.factor(weight);
        loss += factor * outcome.loss().item();
        samples += weight;
        if (!outcome.parts().isEmpty()) {
            addParts(outcome.parts(), factor, weight);
        }
    }

    private void addParts(Map<String, Tensor> numbers, double factor, double weight) {
        numbers.forEach((name, number) -> {
            double[] sums = parts.computeIfAbsent(name, n -> new double[2]);
            sums[0] += factor * number.item();
            sums[1] += weight;
        });
    }

    Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(Trainer.LOSS, loss / samples);
        parts.forEach((name, sums) -> values.put(name, sums[0] / sums[1]));
        return values;
    }

    void reset() {
        loss = 0;
        samples = 0;
        parts.clear();
    }

    /** Declares for each name in {@link Outcome#parts} its two sums. */
    void declareState(StateFields fields) {
        Map<String, double[]> loaded = new LinkedHashMap<>();
        for (String name : fields.names(PART, parts.keySet())) {
            double[] sums = fields.numbers(PART + name, parts.getOrDefault(name, new double[2]));
            fields.require(sums.length == 2, "'" + PART + name + "' has " + sums.length + " numbers instead of 2");
            loaded.put(name, sums);
        }
        fields.onLoad(() -> {
            parts.clear();
            parts.putAll(loaded);
        });
    }
}
