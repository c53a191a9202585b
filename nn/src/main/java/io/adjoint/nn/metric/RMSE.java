package io.adjoint.nn.metric;

import io.adjoint.core.NdArray;
import java.util.Map;

/** The root of the mean squared error, {@code √(Σ (p − t)² / n)}. See {@link ErrorMetric}. */
public final class RMSE extends ErrorMetric {
    private double sum;
    private long count;

    private final MetricState state = new MetricState(RMSE.class)
            .number("sum", () -> sum, value -> sum = value)
            .count("count", () -> count, value -> count = value);

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

    @Override
    public Map<String, NdArray> state() {
        return state.state();
    }

    @Override
    public void load(Map<String, NdArray> saved) {
        state.load(saved);
    }
}
