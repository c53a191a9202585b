package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;

/**
 * The smoothed absolute error: {@code d²/(2β)} of a difference d = p − t up to β, and {@code |d| − β/2} beyond. It is the {@link Huber}
 * loss of δ = β divided by β, and for β = 0 the {@link L1} loss.
 *
 * @param beta the bound β, 1 by default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record SmoothL1(double beta, Reduction reduction) implements ElementwiseLoss {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if β is negative or not finite
     */
    public SmoothL1 {
        Settings.requireNotNegative(SmoothL1.class, "beta", beta);
    }

    /**
     * The loss of another β.
     *
     * @throws IllegalArgumentException if β is negative or not finite
     */
    public SmoothL1(double beta) {
        this(beta, Reduction.MEAN);
    }

    /** The loss of β = 1. */
    public SmoothL1() {
        this(1);
    }

    /** The loss with another reduction. */
    @Override
    public SmoothL1 reduction(Reduction reduction) {
        return new SmoothL1(beta, reduction);
    }

    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        return beta == 0
                ? new L1().each(prediction, target)
                : new Huber(beta).each(prediction, target).div(beta);
    }
}
