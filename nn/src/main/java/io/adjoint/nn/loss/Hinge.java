package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;

/**
 * The hinge loss of support vector machines, {@code max(0, 1 − t·x)} of scores x and targets t that are −1 or 1, or its square (Cortes and
 * Vapnik, 1995). Where {@code t·x} is exactly 1 the gradient is 0.
 *
 * @param isSquared true if the loss is the square
 */
@CheckReturnValue
public record Hinge(boolean isSquared) implements ElementwiseLoss {
    /** The loss itself, not its square. */
    public Hinge() {
        this(false);
    }

    /** The square of the loss. */
    public Hinge squared() {
        return new Hinge(true);
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
