package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;

/**
 * The coefficient of determination, {@code 1 − Σ (p − t)² / Σ (t − mean)²}: 1 for perfect predictions, 0 for predicting the mean. NaN for
 * fewer than two targets; where all targets are equal 1 if the predictions are, too, else 0, as in scikit-learn. See {@link ErrorMetric}.
 */
public final class R2 extends ErrorMetric {
    // Of the targets.
    private double mean;
    private double variation;

    /** The coefficient of no predictions yet. */
    public R2() {}

    @Override
    double error(double prediction, double target) {
        return (prediction - target) * (prediction - target);
    }

    @Override
    void addError(double prediction, double target) {
        super.addError(prediction, target);
        // Welford's update avoids the cancellation that a sum of squares has.
        double before = target - mean;
        mean += before / count();
        variation += before * (target - mean);
    }

    @Override
    public double value() {
        if (count() < 2) {
            return Double.NaN;
        } else if (variation == 0) {
            return sum() == 0 ? 1 : 0;
        }
        return 1 - sum() / variation;
    }

    @Override
    public void reset() {
        super.reset();
        mean = 0;
        variation = 0;
    }

    @Override
    public void declareState(StateFields fields) {
        super.declareState(fields);
        fields.number("mean", mean, value -> mean = value);
        fields.number("variation", variation, value -> variation = value);
    }
}
