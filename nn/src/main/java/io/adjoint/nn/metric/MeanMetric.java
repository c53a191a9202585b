package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;

/**
 * A metric that is the mean of a number for each sample. The numbers are added one by one, so the bits of the mean don't depend on the
 * division of the samples into batches.
 */
abstract class MeanMetric implements Metric {
    private double sum;
    private long count;

    MeanMetric() {}

    /** Adds the numbers of samples, of which only the sum is known. */
    final void add(double sum, long count) {
        this.sum += sum;
        this.count += count;
    }

    final double sum() {
        return sum;
    }

    final long count() {
        return count;
    }

    /** The mean; NaN if there are no samples. */
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
    public void declareState(StateFields fields) {
        fields.number("sum", sum, value -> sum = value);
        fields.longCount("count", count, value -> count = value);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(getClass());
    }
}
