package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;

/**
 * The hinge embedding loss of distances x and targets t: {@code x} where t is 1, and {@code max(0, m − x)} with a margin m where t is −1.
 * So pairs that are alike come near, and others move apart by the margin. At a distance of exactly m the gradient is −1, as in PyTorch.
 *
 * @param margin the margin m, 1 by default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record HingeEmbedding(double margin, Reduction reduction) implements ElementwiseLoss {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if the margin is not finite
     */
    public HingeEmbedding {
        Settings.requireFinite(HingeEmbedding.class, "margin", margin);
    }

    /**
     * The loss of another margin.
     *
     * @throws IllegalArgumentException if the margin is not finite
     */
    public HingeEmbedding(double margin) {
        this(margin, Reduction.MEAN);
    }

    /** The loss of margin 1. */
    public HingeEmbedding() {
        this(1);
    }

    /** The loss with another reduction. */
    @Override
    public HingeEmbedding reduction(Reduction reduction) {
        return new HingeEmbedding(margin, reduction);
    }

    /**
     * The loss of each distance.
     *
     * @throws IllegalArgumentException if a target is neither −1 nor 1
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        LossRules.requireSigns("HingeEmbedding", target);
        return Tensor.where(target.eq(1), prediction, LossRules.hinge(prediction.rsub(margin)));
    }
}
