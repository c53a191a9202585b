package io.adjoint.nn.metric;

import io.adjoint.core.NdArray;
import java.util.Map;

/** The mean absolute error, {@code Σ |p − t| / n}. See {@link ErrorMetric}. */
public final class MAE extends ErrorMetric {
    private double sum;
    private long count;

    private final MetricState state = new MetricState(MAE.class)
            .number("sum", () -> sum, value -> sum = value)
            .count("count", () -> count, value -> count = value);

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

    @Override
    public Map<String, NdArray> state() {
        return state.state();
    }

    @Override
    public void load(Map<String, NdArray> saved) {
        state.load(saved);
    }
}
