package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** Each element clamped between two bounds: {@link Tensor#hardtanh(double, double)}. */
public final class Hardtanh extends Activation {
    private final double min;
    private final double max;

    /** The layer with bounds −1 and 1. */
    public Hardtanh() {
        this(-1, 1);
    }

    /**
     * The layer with the given bounds.
     *
     * @throws IllegalArgumentException unless min &lt; max
     */
    public Hardtanh(double min, double max) {
        super("min " + min + ", max " + max, x -> x.hardtanh(min, max));
        this.min = min;
        this.max = max;
    }

    /** The lower bound. */
    public double min() {
        return min;
    }

    /** The upper bound. */
    public double max() {
        return max;
    }
}
