package io.adjoint.nn;

/** Gains: factors of a layer's initial weights that preserve the variance of the signal through the nonlinearity after the layer. */
public final class Gain {
    /** Before no nonlinearity: 1. */
    public static final double LINEAR = 1;
    /** Before a sigmoid: 1. */
    public static final double SIGMOID = 1;
    /** Before a hyperbolic tangent: 5/3. */
    public static final double TANH = 5.0 / 3;
    /** Before a ReLU: √2. */
    public static final double RELU = Math.sqrt(2);
    /** Before a SELU: 3/4. */
    public static final double SELU = 0.75;

    private Gain() {}

    /** Before a leaky ReLU of the given slope below 0: {@code √(2 / (1 + slope²))}. */
    public static double leakyRelu(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }
}
