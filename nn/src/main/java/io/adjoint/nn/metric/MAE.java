package io.adjoint.nn.metric;

/** The mean absolute error, {@code Σ |p − t| / n}. See {@link ErrorMetric}. */
public final class MAE extends ErrorMetric {
    private double sum;
    private long count;

    /** The error of no predictions yet. */
    public MAE() {}

    @Override
    void add(double prediction, double target) {
        sum += Math.abs(prediction - target);
        count++;
    }

    @Override
    public double value() {
        return sum / count;
    }

    @Override
    public void reset() {
        sum = 0;
        count = 0;
    }
}
