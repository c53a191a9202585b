package io.adjoint.nn.metric;

/** The mean squared error, {@code Σ (p − t)² / n}. See {@link ErrorMetric}. */
public final class MeanSquaredError extends ErrorMetric {
    /** The error of no predictions yet. */
    public MeanSquaredError() {}

    @Override
    double error(double prediction, double target) {
        return (prediction - target) * (prediction - target);
    }
}
