package io.adjoint.nn.metric;

/** The mean of numbers, added one by one, so that its bits don't depend on batches. */
final class Mean {
    private double sum;
    private long count;

    void add(double value) {
        sum += value;
        count++;
    }

    /** The mean; NaN if there are no numbers. */
    double value() {
        return sum / count;
    }

    void reset() {
        sum = 0;
        count = 0;
    }

    MetricState state() {
        return new MetricState()
                .number("sum", () -> sum, value -> sum = value)
                .count("count", () -> count, value -> count = value);
    }
}
