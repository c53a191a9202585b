package io.adjoint.nn.metric;

/** The root of the mean squared error, {@code √(Σ (p − t)² / n)}. See {@link ErrorMetric}. */
public final class RMSE extends ErrorMetric {
    private double sum;
    private long count;

    /** The error of no predictions yet. */
    public RMSE() {}

    @Override
    void add(double prediction, double target) {
        sum += (prediction - target) * (prediction - target);
        count++;
    }

    @Override
    public double value() {
        return Math.sqrt(sum / count);
    }

    @Override
    public void reset() {
        sum = 0;
        count = 0;
    }
}
