package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The binary cross entropy {@code −(w·t·log σ(x) + (1 − t)·log(1 − σ(x)))} of logits x relative to targets t, exact for logits of any
 * size; the mean over all elements by default. The weight w of positive targets is 1 unless it is set. Prediction and target have the
 * same shape and dtype. Immutable: each setting returns a loss of its own.
 */
public final class BCEWithLogits implements Loss {
    private final Reduction reduction;
    private final @Nullable Tensor positiveWeight;

    /** The mean over all elements, without weights. */
    public BCEWithLogits() {
        this(Reduction.MEAN, null);
    }

    private BCEWithLogits(Reduction reduction, @Nullable Tensor positiveWeight) {
        this.reduction = reduction;
        this.positiveWeight = positiveWeight;
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public BCEWithLogits reduction(Reduction reduction) {
        return new BCEWithLogits(reduction, positiveWeight);
    }

    /** With a factor for positive targets, of the logits' dtype and of a shape that broadcasts to theirs. */
    public BCEWithLogits positiveWeight(Tensor weight) {
        return new BCEWithLogits(reduction, weight);
    }

    /**
     * The binary cross entropy.
     *
     * @throws ShapeException if the shapes differ, or the weight's does not broadcast to them
     * @throws DTypeException if the dtypes differ
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Loss.requireAlike("BCEWithLogits", prediction, target);
        Tensor positive = positiveWeight == null ? target : target.mul(checked(positiveWeight, prediction));
        return reduction.of(positive.mul(prediction.logSigmoid())
                .add(target.rsub(1).mul(prediction.neg().logSigmoid()))
                .neg());
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
