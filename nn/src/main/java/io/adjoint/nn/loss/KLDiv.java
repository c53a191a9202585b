package io.adjoint.nn.loss;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.SelectionKernels;

/**
 * The Kullback–Leibler divergence {@code t·(log t − x)} of log-probabilities x from wanted probabilities t; a probability of 0 costs
 * nothing. By default the sum is divided by the number of samples, the size of the first dimension, as PyTorch's batchmean does: the
 * divergence of distributions over the other dimensions. {@link Reduction#MEAN} divides by the number of all elements instead.
 */
public record KLDiv() implements ElementwiseLoss {
    /** The sum over all elements divided by the number of samples. */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Tensor sum = reduction(Reduction.SUM).forward(prediction, target);
        int samples = target.shape().rank() == 0 ? 1 : target.shape().dim(0);
        return Reduction.MEAN.of(sum, samples);
    }

    /**
     * The terms of the divergence.
     *
     * @throws IllegalArgumentException if a target is negative
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        int at = SelectionKernels.indexOfFirst(target.data(), t -> t < 0);
        if (at >= 0) {
            double element = target.data().get(target.shape().unravelIndex(at));
            throw new IllegalArgumentException("KLDiv: the target " + target.shape()
                    + " must be probabilities, but has " + element + " as element " + at
                    + " in row-major order; of log-probabilities, pass exp()");
        }
        return op(
                "klDiv",
                prediction.data().zip(target.data(), (x, t) -> t == 0 ? 0 : t * (Math.log(t) - x)),
                edge(prediction, g -> g.mul(target).neg()),
                edge(target, g -> g.mul(target.log().add(1).sub(prediction))));
    }
}
