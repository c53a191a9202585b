package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The exponential linear unit of each element, {@code x above 0, α·(eˣ − 1) below}: {@link Tensor#elu(double)}. */
public final class ELU extends Activation {
    private final double alpha;

    /** The layer with α = 1. */
    public ELU() {
        this(1);
    }

    /**
     * The layer with the given α.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public ELU(double alpha) {
        super("alpha " + alpha, x -> x.elu(alpha));
        this.alpha = alpha;
    }

    /** The α of the function. */
    public double alpha() {
        return alpha;
    }
}
