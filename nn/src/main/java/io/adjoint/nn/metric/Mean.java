package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;

/** A running mean. Numbers are added one by one, so that its bits don't depend on the division into batches. */
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

    void declareState(StateFields fields) {
        fields.number("sum", sum, value -> sum = value);
        fields.longCount("count", count, value -> count = value);
    }
}
