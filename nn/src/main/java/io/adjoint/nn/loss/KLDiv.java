package io.adjoint.nn.loss;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The Kullback–Leibler divergence {@code Σ t·(log t − x)} of log-probabilities x from wanted probabilities t, where a probability of 0
 * costs nothing. By default it is divided by the number of samples, the side of the first axis, which makes it the divergence of
 * distributions along the other axes. Prediction and target have the same shape and dtype. Immutable: each setting returns a loss of
 * its own.
 */
public final class KLDiv implements Loss {
    /** Null for the mean over samples. */
    private final @Nullable Reduction reduction;

    /** The mean over samples, which PyTorch calls batchmean. */
    public KLDiv() {
        this(null);
    }

    private KLDiv(@Nullable Reduction reduction) {
        this.reduction = reduction;
    }

    /** With another reduction; {@link Reduction#MEAN} divides by the number of all elements, and so is no divergence. */
    public KLDiv reduction(Reduction reduction) {
        return new KLDiv(reduction);
    }

    /**
     * The divergence.
     *
     * @throws ShapeException if the shapes differ
     * @throws io.adjoint.core.DTypeException if the dtypes differ
     * @throws IllegalArgumentException if a target is negative
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Loss.requireAlike("KLDiv", prediction, target);
        double[] elements = target.data().toDoubleArray();
        for (int e = 0; e < elements.length; e++) {
            if (elements[e] < 0) {
                throw new IllegalArgumentException(
                        "KLDiv: the target " + target.shape() + " must be probabilities, but has " + elements[e]
                                + " as element " + e + " in row-major order; of log-probabilities, pass exp()");
            }
        }
        NdArray value = prediction.data().zip(target.data(), (x, t) -> t == 0 ? 0 : t * (Math.log(t) - x));
        Tensor losses = op(
                "klDiv",
                value,
                edge(prediction, g -> g.mul(target).neg()),
                edge(target, g -> g.mul(target.log().add(1).sub(prediction))));
        if (reduction != null) {
            return reduction.of(losses);
        }
        return Reduction.MEAN.of(
                losses, target.shape().rank() == 0 ? 1 : target.shape().dim(0));
    }
}
