package io.adjoint.nn.train;

import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The best monitored value of a training, and the weights that it had then. */
final class Monitor {
    private final TrainingPlan<?> plan;
    private double best = Double.NaN;
    /** The number of monitored values since the best value. */
    private int sinceBest;

    private Map<String, NdArray> bestWeights = Map.of();
    /** The weights with which the training continues while the model holds the best weights; otherwise empty. */
    private Map<String, NdArray> lastWeights = Map.of();

    Monitor(TrainingPlan<?> plan) {
        this.plan = plan;
    }

    boolean isOutOfPatience() {
        return sinceBest >= plan.patience;
    }

    /**
     * Takes the next monitored value.
     *
     * @param isFirst true for the first value of the training, which is always the best so far
     */
    void take(double value, boolean isFirst, Updates updates) {
        boolean better = isFirst || plan.monitored.goal().isBetter(value, best);
        best = better ? value : best;
        sinceBest = better ? 0 : sinceBest + 1;
        if (better && plan.restoresBest) {
            bestWeights = plan.model().state();
        }
        if (plan.plateau != null) {
            updates.learningRate(plan.plateau.step(value));
        }
    }

    /** Loads the weights with which the training continues into the model. */
    void restoreLast() {
        if (!lastWeights.isEmpty()) {
            plan.model().load(lastWeights);
            lastWeights = Map.of();
        }
    }

    /** Loads the best weights into the model, if there are any. */
    void restoreBest() {
        if (!bestWeights.isEmpty()) {
            lastWeights = plan.model().state();
            plan.model().load(bestWeights);
        }
    }

    /**
     * Declares the best value and the weights that are kept.
     *
     * @param values the number of values of the history
     */
    void declareState(StateFields fields, int values) {
        int since = CurrentEpoch.count(fields, "sinceBest", sinceBest);
        fields.number("best", best, value -> best = value);
        fields.require(since <= values, "of " + values + " values there cannot be " + since + " since the best");
        fields.onLoad(() -> sinceBest = since);
        Map<String, NdArray> weights =
                fields.isLoading() && plan.restoresBest ? StateFields.current(plan.model()) : Map.of();
        declareWeights(fields, "best.", bestWeights, weights, loaded -> bestWeights = loaded);
        declareWeights(fields, "last.", lastWeights, weights, loaded -> lastWeights = loaded);
    }

    /**
     * Declares weights that are kept: the arrays of all parameters and buffers of the model, or nothing if no weights were kept before the
     * state was saved.
     *
     * @param weights arrays of the dtypes and shapes of the model's weights, for loading; empty if no weights are kept
     */
    private static void declareWeights(
            StateFields fields,
            String prefix,
            Map<String, NdArray> now,
            Map<String, NdArray> weights,
            Consumer<Map<String, NdArray>> setter) {
        boolean has = !fields.names(prefix, now.keySet()).isEmpty();
        Map<String, NdArray> loaded = new LinkedHashMap<>();
        Map<String, NdArray> expected = fields.isLoading() ? weights : now;
        expected.forEach((path, array) -> {
            if (has) {
                fields.array(prefix + path, array, value -> loaded.put(path, value));
            }
        });
        fields.onLoad(() -> setter.accept(loaded));
    }
}
