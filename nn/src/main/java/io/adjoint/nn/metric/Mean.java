package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;

/** A running mean. The numbers are added one by one, so the bits of the mean don't depend on the division of the numbers into batches. */
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
