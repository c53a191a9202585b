package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;

/**
 * The hinge loss of support vector machines, {@code max(0, 1 − t·x)} of scores x and targets t that are −1 or 1, or its square (Cortes and
 * Vapnik, 1995). Where {@code t·x} is exactly 1 the gradient is 0.
 *
 * @param isSquared true if the loss is the square
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record Hinge(boolean isSquared, Reduction reduction) implements ElementwiseLoss {
    /** The loss itself, not its square. */
    public Hinge() {
        this(false, Reduction.MEAN);
    }

    /** The square of the loss. */
    public Hinge squared() {
        return new Hinge(true, reduction);
    }

    /** The loss with another reduction. */
    @Override
    public Hinge reduction(Reduction reduction) {
        return new Hinge(isSquared, reduction);
    }

    /**
     * The loss of each score.
     *
     * @throws IllegalArgumentException if a target is neither −1 nor 1
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        LossRules.requireSigns("Hinge", target);
        Tensor violation = prediction.mul(target).rsub(1).relu();
        return isSquared ? violation.square() : violation;
    }
}
