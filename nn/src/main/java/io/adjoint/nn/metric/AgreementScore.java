package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;

/**
 * One score of the agreement of predicted and actual classes, made of the counts of all classes together. A sample has one class, and
 * predictions are as for {@link Accuracy}; scikit-learn has no such scores of several labels.
 *
 * @param <S> the score itself
 */
public abstract sealed class AgreementScore<S extends AgreementScore<S>> extends ClassMetric<S>
        permits BalancedAccuracy, MatthewsCorrelation, CohenKappa {
    private final ClassTable table = new ClassTable();

    AgreementScore() {}

    @Override
    final long samples() {
        return table.samples();
    }

    /** The score from the counts of at least one sample. */
    abstract double score(ClassTable table);

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = name();
        add(ClassPredictions.of(name, prediction, target, threshold(), "a " + name + " for each, of select(1, label)"));
    }

    void add(ClassPredictions batch) {
        table.add(name(), batch);
    }

    @Override
    public final double value() {
        return table.samples() == 0 ? Double.NaN : score(table);
    }

    @Override
    public void reset() {
        table.reset();
    }

    @Override
    public void declareState(StateFields fields) {
        table.declareState(fields);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(getClass(), "threshold", threshold(), OF_PROBABILITIES);
    }
}
