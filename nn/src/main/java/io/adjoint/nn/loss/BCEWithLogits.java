package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The binary cross entropy {@code −v·(w·t·log σ(x) + (1 − t)·log(1 − σ(x)))} of logits x relative to targets t, exact for logits of any
 * size. The weights have the logits' dtype and a shape that broadcasts to theirs.
 *
 * @param weight the weight v of each element, target or not; null for 1
 * @param positiveWeight the weight w of positive targets, PyTorch's pos_weight; null for 1
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record BCEWithLogits(
        @Nullable Tensor weight, @Nullable Tensor positiveWeight, Reduction reduction) implements ElementwiseLoss {
    /** The loss without weights. */
    public BCEWithLogits() {
        this(null, null, Reduction.MEAN);
    }

    /** The loss with a factor for each element. */
    public BCEWithLogits weight(Tensor weight) {
        return new BCEWithLogits(weight, positiveWeight, reduction);
    }

    /** The loss with a weight of positive targets. */
    public BCEWithLogits positiveWeight(Tensor weight) {
        return new BCEWithLogits(this.weight, weight, reduction);
    }

    /** The loss with another reduction. */
    @Override
    public BCEWithLogits reduction(Reduction reduction) {
        return new BCEWithLogits(weight, positiveWeight, reduction);
    }

    /**
     * The binary cross entropy of each element, times its weight.
     *
     * @throws ShapeException if a weight's shape does not broadcast to the logits'
     * @throws DTypeException if a weight is of another dtype
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        Tensor positive = LossRules.weighted("BCEWithLogits", "positive weight", positiveWeight, target);
        Tensor losses = positive.mul(prediction.logSigmoid())
                .add(target.rsub(1).mul(prediction.neg().logSigmoid()))
                .neg();
        return LossRules.weighted("BCEWithLogits", "weight", weight, losses);
    }
}
