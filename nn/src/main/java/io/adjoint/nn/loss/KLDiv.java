package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.Logarithms;

/**
 * The Kullback–Leibler divergence {@code t·(log t − x)} of log-probabilities x from wanted probabilities t; a probability of 0 costs
 * nothing. By default the sum is divided by the number of samples, the size of the first dimension, as PyTorch's batchmean does: the
 * divergence of distributions over the other dimensions. {@link Reduction#MEAN} divides by the number of all elements instead.
 *
 * @param isLogTarget true if targets are log-probabilities u, and the loss {@code exp(u)·(u − x)}
 * @param isPerSample true if the mean divides by the number of samples, the default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record KLDiv(boolean isLogTarget, boolean isPerSample, Reduction reduction) implements ElementwiseLoss {
    /** The divergence from probabilities. */
    public KLDiv() {
        this(false, true, Reduction.MEAN);
    }

    /** The divergence from wanted log-probabilities, which stays exact where a probability underflows. */
    public KLDiv logTarget() {
        return new KLDiv(true, isPerSample, reduction);
    }

    /** The divergence with another reduction; its mean divides by the number of all elements. */
    @Override
    public KLDiv reduction(Reduction reduction) {
        return new KLDiv(isLogTarget, false, reduction);
    }

    @Override
    public Tensor reduced(Tensor prediction, Tensor target, Reduction reduction) {
        Tensor losses = each(prediction, target);
        if (!isPerSample) {
            return reduction.of(losses);
        }
        return reduction.of(
                losses, target.shape().rank() == 0 ? 1 : target.shape().dim(0));
    }

    /**
     * The terms of the divergence.
     *
     * @throws IllegalArgumentException if a target is negative, unless targets are log-probabilities
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        return isLogTarget ? ofLogarithms(prediction, target) : ofProbabilities(prediction, target);
    }

    private static Tensor ofProbabilities(Tensor prediction, Tensor target) {
        LossRules.requireAll(
                "KLDiv",
                "target",
                target,
                t -> !(t < 0),
                "probabilities",
                "; of log-probabilities, use logTarget(), or pass exp()");
        return op(
                "KLDiv",
                prediction.data().zip(target.data(), (x, t) -> t == 0 ? 0 : t * (Logarithms.log(t) - x)),
                edge(prediction, g -> g.mul(target).neg()),
                edge(target, g -> g.mul(target.log().add(1).sub(prediction))));
    }

    private static Tensor ofLogarithms(Tensor prediction, Tensor target) {
        return op(
                "KLDiv",
                prediction
                        .data()
                        .zip(
                                target.data(),
                                (x, u) -> u == Double.NEGATIVE_INFINITY ? 0 : ElementaryFunctions.exp(u) * (u - x)),
                edge(prediction, g -> g.mul(target.exp()).neg()),
                edge(target, g -> {
                    // A class of probability 0 contributes neither a loss nor a gradient.
                    Tensor slope = target.exp().mul(target.add(1).sub(prediction));
                    return Tensor.where(target.eq(Double.NEGATIVE_INFINITY), 0, slope)
                            .mul(g);
                }));
    }
}
