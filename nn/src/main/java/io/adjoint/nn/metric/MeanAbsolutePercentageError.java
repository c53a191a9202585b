package io.adjoint.nn.metric;

/**
 * The mean absolute percentage error, {@code Σ |p − t| / max(|t|, 2⁻⁵²) / n}: a fraction, 0.1 for 10 %, as in scikit-learn. A target of 0
 * makes it huge, not infinite. See {@link ErrorMetric}.
 */
public final class MeanAbsolutePercentageError extends ErrorMetric {
    /** The error of no predictions yet. */
    public MeanAbsolutePercentageError() {}

    @Override
    double error(double prediction, double target) {
        return Math.abs(prediction - target) / Math.max(Math.abs(target), Math.ulp(1.0));
    }
}
