package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** Each element above a threshold, {@code x above the threshold, else the value}: {@link Tensor#threshold(double, double)}. */
public final class Threshold extends Activation {
    private final double threshold;
    private final double value;

    /**
     * The layer with a threshold, and a value that replaces all elements that are not above it.
     *
     * @throws IllegalArgumentException if the threshold is NaN
     */
    public Threshold(double threshold, double value) {
        super("threshold " + threshold + ", value " + value, x -> x.threshold(threshold, value));
        this.threshold = threshold;
        this.value = value;
    }

    /** The number above which elements stay. */
    public double threshold() {
        return threshold;
    }

    /** The number that replaces the others. */
    public double value() {
        return value;
    }
}
