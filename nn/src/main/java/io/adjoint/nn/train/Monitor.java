package io.adjoint.nn.train;

import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.Plateau;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The value by which a training stops early, keeps its best weights and lowers its learning rate. */
final class Monitor {
    String name = Trainer.VALIDATION_LOSS;
    Goal goal = Goal.MIN;
    int patience = Integer.MAX_VALUE;
    boolean restoresBest;

    @Nullable
    Plateau plateau;

    double best = Double.NaN;
    /** The number of monitored values since the best value. */
    int sinceBest;

    Map<String, NdArray> bestWeights = Map.of();
    /** The weights with which the training continues while the model holds the best weights; otherwise empty. */
    Map<String, NdArray> lastWeights = Map.of();

    boolean isUsed() {
        return restoresBest || patience < Integer.MAX_VALUE || plateau != null;
    }

    Run.Monitored monitored() {
        return new Run.Monitored(name, goal);
    }

    /** Adds the monitored value, the patience and the choice of weights to the settings of a run. */
    void describe(Map<String, String> settings) {
        if (!isUsed()) {
            return;
        }
        settings.put("monitor", monitored().toString());
        if (patience < Integer.MAX_VALUE) {
            settings.put("patience", Integer.toString(patience));
        }
        if (restoresBest) {
            settings.put("weights", "the best ones by " + name);
        }
    }

    boolean isOutOfPatience() {
        return sinceBest >= patience;
    }

    /** Refuses a plateau that goes in the opposite direction. */
    void check() {
        Trainer.requireThat(
                plateau == null || plateau.goal() == goal,
                "the goal of the monitored value is " + goal + ", but the plateau's is the opposite; call goal(Goal."
                        + goal + ") on the plateau");
    }

    /**
     * Takes the next monitored value.
     *
     * @param isFirst true for the first value of the training, which is always the best so far
     */
    void take(double value, boolean isFirst, Block model, Updates updates) {
        boolean better = isFirst || goal.isBetter(value, best);
        best = better ? value : best;
        sinceBest = better ? 0 : sinceBest + 1;
        if (better && restoresBest) {
            bestWeights = model.state();
        }
        if (plateau != null) {
            updates.learningRate(plateau.step(value));
        }
    }

    /** Loads the weights with which the training continues into the model. */
    void restoreLast(Block model) {
        if (!lastWeights.isEmpty()) {
            model.load(lastWeights);
            lastWeights = Map.of();
        }
    }

    /** Loads the best weights into the model, if there are any. */
    void restoreBest(Block model) {
        if (!bestWeights.isEmpty()) {
            lastWeights = model.state();
            model.load(bestWeights);
        }
    }
}
