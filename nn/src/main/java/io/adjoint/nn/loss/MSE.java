package io.adjoint.nn.loss;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;

/**
 * The mean squared error {@code Σ(p − t)² / n} over all n elements, or half of it. Prediction and target have the same shape and
 * dtype; the mean of no elements is NaN. Immutable: each setting returns a loss of its own.
 */
public final class MSE implements Loss {
    private final Reduction reduction;
    private final boolean half;

    /** The mean over all elements. */
    public MSE() {
        this(Reduction.MEAN, false);
    }

    private MSE(Reduction reduction, boolean half) {
        this.reduction = reduction;
        this.half = half;
    }

    /** Half of the squared error, whose gradient with respect to an element is {@code (p − t) / n} without the factor 2. */
    public MSE halved() {
        return new MSE(reduction, true);
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public MSE reduction(Reduction reduction) {
        return new MSE(reduction, half);
    }

    /**
     * The squared error.
     *
     * @throws io.adjoint.core.ShapeException if the shapes differ
     * @throws io.adjoint.core.DTypeException if the dtypes differ
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Loss.requireAlike("MSE", prediction, target);
        Tensor difference = prediction.sub(target);
        double divisor = half ? 2 : 1;
        return switch (reduction) {
            case NONE -> difference.square().div(divisor);
            case SUM -> sumOfSquares(difference, divisor);
            case MEAN -> sumOfSquares(difference, divisor * difference.shape().size());
        };
    }

    /** {@code Σd² / divisor} in one recorded step. */
    private static Tensor sumOfSquares(Tensor d, double divisor) {
        NdArray values = d.data();
        NdArray sum = values.mul(values).sum(false);
        return op("sumOfSquares", sum.div(divisor), edge(d, g -> d.mul(g.mul(2 / divisor))));
    }
}
