package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/**
 * The mean absolute error {@code Σ|p − t| / n} over all n elements; where they are equal the gradient is 0. Prediction and target
 * have the same shape and dtype. Immutable: each setting returns a loss of its own.
 */
public final class L1 implements Loss {
    private final Reduction reduction;

    /** The mean over all elements. */
    public L1() {
        this(Reduction.MEAN);
    }

    private L1(Reduction reduction) {
        this.reduction = reduction;
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public L1 reduction(Reduction reduction) {
        return new L1(reduction);
    }

    /**
     * The absolute error.
     *
     * @throws io.adjoint.core.ShapeException if the shapes differ
     * @throws io.adjoint.core.DTypeException if the dtypes differ
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Loss.requireAlike("L1", prediction, target);
        return reduction.of(prediction.sub(target).abs());
    }
}
