package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The focal loss (Lin et al., 2017) {@code −α·(1 − p)^γ·log p} of the probability p that logits x give to the target: a binary cross
 * entropy in which targets that are already classified well count less, for classes of very unequal frequency. Logits x and targets t,
 * between 0 and 1, give {@code p = t·σ(x) + (1 − t)·(1 − σ(x))}; positive targets weigh α, and negative ones 1 − α. For one class of
 * several there is {@link FocalCrossEntropy}.
 *
 * @param gamma the exponent γ, 2 by default; 0 for a plain cross entropy
 * @param alpha the weight α of positive targets, 0.25 by default; null if all weigh 1
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record Focal(double gamma, @Nullable Double alpha, Reduction reduction) implements ElementwiseLoss {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if γ is negative or not finite, or α not between 0 and 1
     */
    public Focal {
        Settings.requireNotNegative(Focal.class, "gamma", gamma);
        if (alpha != null) {
            Settings.requireFraction(Focal.class, "alpha", alpha);
        }
    }

    /** The loss of γ = 2 and α = 0.25. */
    public Focal() {
        this(2, 0.25, Reduction.MEAN);
    }

    /** With another exponent. */
    public Focal gamma(double gamma) {
        return new Focal(gamma, alpha, reduction);
    }

    /** With another weight of positive targets. */
    public Focal alpha(double alpha) {
        return new Focal(gamma, alpha, reduction);
    }

    /** With a weight of 1 for all targets. */
    public Focal withoutAlpha() {
        return new Focal(gamma, null, reduction);
    }

    /** The loss with another reduction. */
    @Override
    public Focal reduction(Reduction reduction) {
        return new Focal(gamma, alpha, reduction);
    }

    /**
     * The loss of each logit.
     *
     * @throws IllegalArgumentException if a target is not between 0 and 1
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        LossRules.requireAll("Focal", "target", target, t -> t >= 0 && t <= 1, "between 0 and 1", "");
        Tensor negative = target.rsub(1);
        // The probability 1 − p is computed from sigmoids of ±x, since the difference 1 − p would be 0 if p rounds to
        // 1.
        Tensor missing = prediction
                .sigmoid()
                .mul(negative)
                .add(prediction.neg().sigmoid().mul(target));
        Tensor focused = LossRules.focused(new BCEWithLogits().each(prediction, target), missing, gamma);
        return alpha == null ? focused : focused.mul(target.mul(2 * alpha - 1).add(1 - alpha));
    }
}
