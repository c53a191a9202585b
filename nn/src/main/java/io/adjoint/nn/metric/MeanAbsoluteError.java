package io.adjoint.nn.metric;

/** The mean absolute error, {@code Σ |p − t| / n}. See {@link ErrorMetric}. */
public final class MeanAbsoluteError extends ErrorMetric {
    /** The error of no predictions yet. */
    public MeanAbsoluteError() {}

    @Override
    double error(double prediction, double target) {
        return Math.abs(prediction - target);
    }
}
