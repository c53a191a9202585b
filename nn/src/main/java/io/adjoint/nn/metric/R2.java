package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;

/**
 * The coefficient of determination, {@code 1 − Σ (p − t)² / Σ (t − mean)²}: 1 for perfect predictions, 0 for predicting the mean. NaN for
 * fewer than two targets; where all targets are equal 1 if the predictions are, too, else 0, as in scikit-learn. See {@link ErrorMetric}.
 */
public final class R2 extends ErrorMetric {
    private double residual;
    private double mean;
    private double variation;
    private long count;

    /** The coefficient of no predictions yet. */
    public R2() {}

    @Override
    void add(double prediction, double target) {
        residual += (prediction - target) * (prediction - target);
        // Welford's update avoids the cancellation that a sum of squares has.
        count++;
        double before = target - mean;
        mean += before / count;
        variation += before * (target - mean);
    }

    @Override
    public double value() {
        if (count < 2) {
            return Double.NaN;
        } else if (variation == 0) {
            return residual == 0 ? 1 : 0;
        }
        return 1 - residual / variation;
    }

    @Override
    public void reset() {
        residual = 0;
        mean = 0;
        variation = 0;
        count = 0;
    }

    @Override
    public void declareState(StateFields fields) {
        fields.number("residual", residual, value -> residual = value);
        fields.number("mean", mean, value -> mean = value);
        fields.number("variation", variation, value -> variation = value);
        fields.longCount("count", count, value -> count = value);
    }
}
