package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;

/**
 * One score of the agreement of predicted and actual classes, made of the counts of all classes together. A sample has one class, and
 * predictions are as for {@link Accuracy}; scikit-learn has no such scores of several labels.
 */
public abstract sealed class AgreementScore implements Metric
        permits BalancedAccuracy, MatthewsCorrelation, CohenKappa {
    private final double threshold;
    private final ClassTable table = new ClassTable();
    private double disagreement;

    private final MetricState state =
            table.state().number("disagreement", () -> disagreement, value -> disagreement = value);

    AgreementScore(double threshold) {
        this.threshold = threshold;
    }

    /** The score of samples, of which there is one at least; {@code disagreement} is the sum of their distances. */
    abstract double score(ClassTable table, double disagreement);

    /** The disagreement of two classes. */
    double distance(int predicted, int actual) {
        return predicted == actual ? 0 : 1;
    }

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = getClass().getSimpleName();
        ClassPredictions batch = ClassPredictions.of(
                name, prediction, target, threshold, "a " + name + " for each, of select(1, label)");
        table.add(name, batch);
        for (int k = 0; k < batch.size(); k++) {
            disagreement += distance(batch.predicted(k), batch.actual(k));
        }
    }

    @Override
    public final double value() {
        return table.samples() == 0 ? Double.NaN : score(table, disagreement);
    }

    @Override
    public final void reset() {
        table.reset();
        disagreement = 0;
    }

    @Override
    public final void declareState(StateFields fields) {
        state.declareState(fields);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(getClass(), "threshold", threshold, 0.5);
    }

    final double threshold() {
        return threshold;
    }
}
