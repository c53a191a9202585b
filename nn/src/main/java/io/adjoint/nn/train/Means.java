package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The means over batches, weighted by the weights of the batches, of the losses and of the named numbers in {@link Outcome#parts}. */
final class Means {
    /** The sum of the losses, each times its batch's weight. */
    double loss;

    double samples;
    /** For each name in {@link Outcome#parts}: the sum over batches of number · batch weight, and the sum of these weights. */
    final Map<String, double[]> parts = new TreeMap<>();

    void add(Outcome outcome, double weight) {
        loss += weight * outcome.loss().item();
        samples += weight;
        if (!outcome.parts().isEmpty()) {
            addParts(outcome.parts(), weight);
        }
    }

    private void addParts(Map<String, Tensor> numbers, double weight) {
        numbers.forEach((name, number) -> {
            double[] sums = parts.computeIfAbsent(name, n -> new double[2]);
            sums[0] += weight * number.item();
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
}
