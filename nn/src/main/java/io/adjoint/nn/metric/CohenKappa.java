package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;

/**
 * Cohen's kappa: 1 − the disagreement of predicted and actual classes divided by the disagreement of guesses with the same frequencies. 1
 * for perfect predictions, 0 for guesses; NaN if all predictions and targets are of one class. See {@link AgreementScore}.
 */
public final class CohenKappa extends AgreementScore<CohenKappa> {
    /** The disagreement of two classes, given by their indices. */
    public enum Weights {
        /** The weight 1 for each pair of different classes. */
        NONE,
        /** The distance of the class indices, |i − j|, for ordered classes. */
        LINEAR,
        /** The squared distance, (i − j)². */
        QUADRATIC
    }

    private final Weights weights;
    /** The sum of the weights of all predictions that disagree with their targets. */
    private double disagreement;

    /** Without weights; for scores of one class the threshold is ½, for probabilities. */
    public CohenKappa() {
        this(Weights.NONE);
    }

    /** With weights; for scores of one class the threshold is ½, for probabilities. */
    public CohenKappa(Weights weights) {
        this.weights = weights;
    }

    @Override
    void add(ClassPredictions batch) {
        super.add(batch);
        for (int k = 0; k < batch.size(); k++) {
            disagreement += distance(batch.predicted(k), batch.actual(k));
        }
    }

    /** The weight of a sample of the class {@code actual} for which the class {@code predicted} was predicted; 0 if they are equal. */
    private double distance(int predicted, int actual) {
        double distance = Math.abs(predicted - actual);
        return switch (weights) {
            case NONE -> predicted == actual ? 0 : 1;
            case LINEAR -> distance;
            case QUADRATIC -> distance * distance;
        };
    }

    @Override
    double score(ClassTable table) {
        double expected = 0;
        for (int p = 0; p < table.classes(); p++) {
            double predicted = table.counts(p).predicted();
            for (int a = 0; predicted > 0 && a < table.classes(); a++) {
                expected += distance(p, a) * predicted * table.counts(a).actual();
            }
        }
        return 1 - disagreement * table.samples() / expected;
    }

    @Override
    public void reset() {
        super.reset();
        disagreement = 0;
    }

    @Override
    public void declareState(StateFields fields) {
        super.declareState(fields);
        fields.number("disagreement", disagreement, value -> disagreement = value);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(
                CohenKappa.class, "weights", weights, Weights.NONE, "threshold", threshold(), OF_PROBABILITIES);
    }
}
