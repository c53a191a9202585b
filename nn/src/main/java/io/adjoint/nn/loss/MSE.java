package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Attributes;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;

/**
 * The squared error {@code (p − t)²}, or half of it.
 *
 * @param isHalved true if the loss is {@code (p − t)²/2}, whose gradient is {@code p − t} without the factor 2
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record MSE(boolean isHalved, Reduction reduction) implements ElementwiseLoss {
    /** The squared error. */
    public MSE() {
        this(false, Reduction.MEAN);
    }

    /** Half of the squared error. */
    public MSE halved() {
        return new MSE(true, reduction);
    }

    private double divisor() {
        return isHalved ? 2 : 1;
    }

    /** The loss with another reduction. */
    @Override
    public MSE reduction(Reduction reduction) {
        return new MSE(isHalved, reduction);
    }

    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        return prediction.sub(target).square().div(divisor());
    }

    @Override
    public Tensor reduced(Tensor prediction, Tensor target, Reduction reduction) {
        return switch (reduction) {
            case NONE -> each(prediction, target);
            case SUM -> sumOfSquares(prediction.sub(target), divisor());
            case MEAN ->
                sumOfSquares(
                        prediction.sub(target), divisor() * prediction.shape().size());
        };
    }

    /** {@code Σd² / divisor} as one recorded operation. */
    static Tensor sumOfSquares(Tensor d, double divisor) {
        NdArray values = d.data();
        NdArray sum = values.mul(values).sum();
        return op(
                "sumOfSquares",
                () -> Attributes.with("divisor", divisor),
                sum.div(divisor),
                edge(d, g -> d.mul(g.mul(2 / divisor))));
    }
}
