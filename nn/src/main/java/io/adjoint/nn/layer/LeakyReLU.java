package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The leaky rectifier of each element, {@code x above 0, slope·x below}: {@link Tensor#leakyRelu(double)}. */
public final class LeakyReLU extends Activation {
    private final double slope;

    /** The layer with slope 0.01. */
    public LeakyReLU() {
        this(0.01);
    }

    /**
     * The layer with the given slope.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public LeakyReLU(double slope) {
        super("slope " + slope, x -> x.leakyRelu(slope));
        this.slope = slope;
    }

    /** The slope below 0. */
    public double slope() {
        return slope;
    }
}
