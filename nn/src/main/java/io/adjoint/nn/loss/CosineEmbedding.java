package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Dims;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;

/**
 * The cosine embedding loss of two vectors a and b: {@code 1 − cos(a, b)} where the target is 1, and {@code max(0, cos(a, b) − m)} with a
 * margin m where it is −1. So vectors that are alike come to point the same way. To each square of a length 1e-12 is added, so a vector of
 * zeros has a finite gradient. Where the cosine is exactly m the gradient is the gradient of {@code cos}, as in PyTorch.
 *
 * @param margin the margin m, between −1 and 1, 0 by default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record CosineEmbedding(double margin, Reduction reduction) {
    private static final double EPS = 1e-12;

    /**
     * A loss.
     *
     * @throws IllegalArgumentException if the margin is not between −1 and 1
     */
    public CosineEmbedding {
        Settings.require(margin >= -1 && margin <= 1, CosineEmbedding.class, "margin", "be between -1 and 1", margin);
    }

    /** The mean with margin 0. */
    public CosineEmbedding() {
        this(0, Reduction.MEAN);
    }

    /** With another margin. */
    public CosineEmbedding margin(double margin) {
        return new CosineEmbedding(margin, reduction);
    }

    /** With another reduction. */
    public CosineEmbedding reduction(Reduction reduction) {
        return new CosineEmbedding(margin, reduction);
    }

    /**
     * The loss of pairs of vectors {@code [..., D]} and targets {@code [...]}; of the targets' shape unless it is reduced.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ or are not floating
     * @throws IllegalArgumentException if a target is neither −1 nor 1
     */
    public Tensor forward(Tensor first, Tensor second, Tensor target) {
        ElementwiseLoss.requireAlike("CosineEmbedding", "first input", first, "second input", second);
        if (first.shape().rank() == 0) {
            throw new ShapeException("CosineEmbedding: expected vectors [..., D], got scalars");
        }
        if (!target.shape().equals(first.shape().reduce("CosineEmbedding", Dims.DROP, -1))) {
            throw new ShapeException("CosineEmbedding: the inputs are " + first.shape()
                    + ", so the target must be " + first.shape().reduce("CosineEmbedding", Dims.DROP, -1) + ", got "
                    + target.shape());
        }
        DTypeException.requireSameFloating("CosineEmbedding", first.dtype(), target.dtype());
        LossRules.requireSigns("CosineEmbedding", target);
        Tensor cosine = first.mul(second)
                .sum(-1)
                .div(squaredLength(first).mul(squaredLength(second)).sqrt());
        return reduction.of(Tensor.where(target.eq(1), cosine.rsub(1), LossRules.hinge(cosine.sub(margin))));
    }

    private static Tensor squaredLength(Tensor x) {
        return x.square().sum(-1).add(EPS);
    }
}
