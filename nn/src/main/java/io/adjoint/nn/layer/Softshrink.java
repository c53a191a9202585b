package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** Each element pulled towards 0, {@code x − λ above λ, x + λ below −λ, else 0}: {@link Tensor#softshrink(double)}. */
public final class Softshrink extends Activation {
    private final double lambda;

    /** The layer with λ = 0.5. */
    public Softshrink() {
        this(0.5);
    }

    /**
     * The layer with the given λ.
     *
     * @throws IllegalArgumentException if it is not a finite number from 0 on
     */
    public Softshrink(double lambda) {
        super("lambda " + lambda, x -> x.softshrink(lambda));
        this.lambda = lambda;
    }

    /** The λ of the function. */
    public double lambda() {
        return lambda;
    }
}
