package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The smooth rectifier of each element, {@code log(1 + exp(βx)) / β}: {@link Tensor#softplus(double, double)}. */
public final class Softplus extends Activation {
    private final double beta;
    private final double threshold;

    /** The layer with β = 1 and threshold 20. */
    public Softplus() {
        this(1, 20);
    }

    /**
     * The layer with the given β; where βx is above the threshold, the output is x.
     *
     * @throws IllegalArgumentException if β is not a positive number, or the threshold is NaN
     */
    public Softplus(double beta, double threshold) {
        super("beta " + beta + ", threshold " + threshold, x -> x.softplus(beta, threshold));
        this.beta = beta;
        this.threshold = threshold;
    }

    /** The β of the function. */
    public double beta() {
        return beta;
    }

    /** The β·x beyond which the function is taken to be x. */
    public double threshold() {
        return threshold;
    }
}
