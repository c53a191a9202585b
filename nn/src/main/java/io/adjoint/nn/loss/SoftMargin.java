package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;

/**
 * The logistic loss {@code log(1 + exp(−t·x))} of scores x and targets t that are −1 or 1, exact for scores of any size.
 *
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record SoftMargin(Reduction reduction) implements ElementwiseLoss {
    /** The mean of the losses. */
    public SoftMargin() {
        this(Reduction.MEAN);
    }

    /** The loss with another reduction. */
    @Override
    public SoftMargin reduction(Reduction reduction) {
        return new SoftMargin(reduction);
    }

    /**
     * The loss of each score.
     *
     * @throws IllegalArgumentException if a target is neither −1 nor 1
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        LossRules.requireSigns("SoftMargin", target);
        return prediction.mul(target).logSigmoid().neg();
    }
}
