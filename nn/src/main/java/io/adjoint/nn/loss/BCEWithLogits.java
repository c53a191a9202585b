package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The binary cross entropy {@code −(w·t·log σ(x) + (1 − t)·log(1 − σ(x)))} of logits x relative to targets t, exact for logits of any
 * size.
 *
 * @param positiveWeight the weight w of positive targets, of the logits' dtype and of a shape that broadcasts to theirs; null for 1
 */
public record BCEWithLogits(@Nullable Tensor positiveWeight) implements ElementwiseLoss {
    /** The loss without weights. */
    public BCEWithLogits() {
        this(null);
    }

    /** The loss with a weight of positive targets. */
    public BCEWithLogits positiveWeight(Tensor weight) {
        return new BCEWithLogits(weight);
    }

    /**
     * The binary cross entropy of each element.
     *
     * @throws ShapeException if the weight's shape does not broadcast to the logits'
     * @throws DTypeException if the weight is of another dtype
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        Tensor positive = positiveWeight == null ? target : target.mul(checked(positiveWeight, prediction));
        return positive.mul(prediction.logSigmoid())
                .add(target.rsub(1).mul(prediction.neg().logSigmoid()))
                .neg();
    }

    private static Tensor checked(Tensor weight, Tensor logits) {
        if (!weight.shape().broadcastsTo(logits.shape())) {
            throw new ShapeException("BCEWithLogits: the positive weight " + weight.shape()
                    + " does not broadcast to the logits " + logits.shape());
        }
        if (weight.dtype() != logits.dtype()) {
            throw new DTypeException("BCEWithLogits: the positive weight is " + weight.dtype() + ", but the logits are "
                    + logits.dtype() + "; convert it with to(" + logits.dtype() + ")");
        }
        return weight;
    }
}
