package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.StateFields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The means over samples, of the losses and of the named numbers in {@link Outcome#numbers}: means of batches are weighted by the weights
 * of the batches, and sums are divided by these.
 */
final class Means {
    /** The prefix of the names of the numbers' sums in a state. */
    private static final String OTHER = "part.";

    /** The sum of the losses, each times its {@link Outcome#factor}. */
    double loss;

    double samples;
    /** For each name in {@link Outcome#numbers}: the sum of number · {@link Outcome#factor}, and that of the batches' weights. */
    final Map<String, double[]> others = new TreeMap<>();

    void add(Outcome outcome, double weight) {
        double factor = outcome.factor(weight);
        loss += factor * outcome.loss().item();
        samples += weight;
        if (!outcome.numbers().isEmpty()) {
            addOthers(outcome.numbers(), factor, weight);
        }
    }

    private void addOthers(Map<String, Tensor> numbers, double factor, double weight) {
        numbers.forEach((name, number) -> {
            double[] sums = others.computeIfAbsent(name, n -> new double[2]);
            sums[0] += factor * number.item();
            sums[1] += weight;
        });
    }

    Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(Trainer.LOSS, loss / samples);
        others.forEach((name, sums) -> values.put(name, sums[0] / sums[1]));
        return values;
    }

    void reset() {
        loss = 0;
        samples = 0;
        others.clear();
    }

    /** Declares for each name in {@link Outcome#numbers} its two sums. */
    void declareState(StateFields fields) {
        Map<String, double[]> loaded = new LinkedHashMap<>();
        for (String name : fields.names(OTHER, others.keySet())) {
            double[] sums = fields.numbers(OTHER + name, others.getOrDefault(name, new double[2]));
            fields.require(sums.length == 2, "'" + OTHER + name + "' has " + sums.length + " numbers instead of 2");
            loaded.put(name, sums);
        }
        fields.onLoad(() -> {
            others.clear();
            others.putAll(loaded);
        });
    }
}
