package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The continuously differentiable ELU of each element, {@code x above 0, α·(exp(x/α) − 1) below}: {@link Tensor#celu(double)}. */
public final class CELU extends Activation {
    private final double alpha;

    /** The layer with α = 1. */
    public CELU() {
        this(1);
    }

    /**
     * The layer with the given α.
     *
     * @throws IllegalArgumentException if it is not a positive number
     */
    public CELU(double alpha) {
        super("alpha " + alpha, x -> x.celu(alpha));
        this.alpha = alpha;
    }

    /** The α of the function. */
    public double alpha() {
        return alpha;
    }
}
