package io.adjoint.nn.metric;

/** The mean absolute error, {@code Σ |p − t| / n}. See {@link ErrorMetric}. */
public final class MAE extends MeanError {
    /** The error of no predictions yet. */
    public MAE() {}

    @Override
    double error(double prediction, double target) {
        return Math.abs(prediction - target);
    }
}
