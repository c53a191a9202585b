package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * A metric of predicted classes, which may come as scores of one class.
 *
 * @param <M> the metric itself
 */
abstract class ClassMetric<M extends ClassMetric<M>> implements Metric {
    static final double OF_PROBABILITIES = 0.5;

    private double threshold = OF_PROBABILITIES;

    ClassMetric() {}

    /** The number of samples since the last reset. */
    abstract long samples();

    @SuppressWarnings("unchecked") // M is the type of this metric, as a subclass declares it
    final M self() {
        return (M) this;
    }

    /**
     * Sets the threshold of scores of one class, ½ by default: class 1 is predicted if its score is larger. {@link #ofLogits} sets 0.
     *
     * @throws IllegalArgumentException if it is NaN
     * @throws IllegalStateException after an update
     */
    @CanIgnoreReturnValue
    public M threshold(double threshold) {
        if (Double.isNaN(threshold)) {
            throw new IllegalArgumentException(name() + ": the threshold is NaN");
        }
        requireNoUpdate("threshold");
        this.threshold = threshold;
        return self();
    }

    /**
     * Sets the threshold of logits: class 1 is predicted if its score is above 0.
     *
     * @throws IllegalStateException after an update
     */
    @CanIgnoreReturnValue
    public M ofLogits() {
        return threshold(0);
    }

    final double threshold() {
        return threshold;
    }

    final String name() {
        return getClass().getSimpleName();
    }

    final void requireNoUpdate(String setting) {
        ClassPredictions.requireNoUpdate(name(), setting, samples());
    }
}
