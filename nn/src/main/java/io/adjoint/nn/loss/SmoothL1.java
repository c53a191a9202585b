package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/**
 * The absolute error with a rounded tip: {@code d²/(2β)} of a difference d = p − t up to β, and {@code |d| − β/2} beyond. It is the
 * {@link Huber} loss of δ = β divided by β, and for β = 0 the {@link L1} loss. The mean over all elements by default. Prediction and
 * target have the same shape and dtype. Immutable: each setting returns a loss of its own.
 */
public final class SmoothL1 implements Loss {
    private final double beta;
    private final Reduction reduction;

    /** The mean with β = 1. */
    public SmoothL1() {
        this(1);
    }

    /**
     * The mean with another β.
     *
     * @throws IllegalArgumentException if β is negative or not finite
     */
    public SmoothL1(double beta) {
        this(beta, Reduction.MEAN);
        if (!(beta >= 0 && beta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("SmoothL1: beta must be finite and not negative, got " + beta);
        }
    }

    private SmoothL1(double beta, Reduction reduction) {
        this.beta = beta;
        this.reduction = reduction;
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public SmoothL1 reduction(Reduction reduction) {
        return new SmoothL1(beta, reduction);
    }

    /**
     * The smoothed absolute error.
     *
     * @throws io.adjoint.core.ShapeException if the shapes differ
     * @throws io.adjoint.core.DTypeException if the dtypes differ
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Loss.requireAlike("SmoothL1", prediction, target);
        Tensor d = prediction.sub(target);
        return reduction.of(beta == 0 ? d.abs() : Huber.losses(d, beta).div(beta));
    }
}
