package io.adjoint.nn.metric;

/** The root of the mean squared error, {@code √(Σ (p − t)² / n)}. See {@link ErrorMetric}. */
public final class RootMeanSquaredError extends ErrorMetric {
    /** The error of no predictions yet. */
    public RootMeanSquaredError() {}

    @Override
    double error(double prediction, double target) {
        return (prediction - target) * (prediction - target);
    }

    @Override
    public double value() {
        return Math.sqrt(super.value());
    }
}
