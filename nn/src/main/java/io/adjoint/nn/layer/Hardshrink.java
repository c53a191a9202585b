package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** Hard shrinkage of each element, {@code x where |x| > λ, else 0}: {@link Tensor#hardshrink(double)}. */
public final class Hardshrink extends Activation {
    private final double lambda;

    /** The layer with λ = 0.5. */
    public Hardshrink() {
        this(0.5);
    }

    /**
     * The layer with the given λ.
     *
     * @throws IllegalArgumentException if it is not a finite number from 0 on
     */
    public Hardshrink(double lambda) {
        super("lambda " + lambda, x -> x.hardshrink(lambda));
        this.lambda = lambda;
    }

    /** The λ of the function. */
    public double lambda() {
        return lambda;
    }
}
