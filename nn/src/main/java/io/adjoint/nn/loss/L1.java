package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;

/**
 * The absolute error {@code |p − t|}, with gradient 0 where prediction and target are equal.
 *
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record L1(Reduction reduction) implements ElementwiseLoss {
    /** The mean of the absolute errors. */
    public L1() {
        this(Reduction.MEAN);
    }

    /** The loss with another reduction. */
    @Override
    public L1 reduction(Reduction reduction) {
        return new L1(reduction);
    }

    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        return prediction.sub(target).abs();
    }
}
