package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/** The reduction of a loss's per-element values. */
public enum Reduction {
    /** No reduction: the loss of each element. */
    NONE,
    /** The sum. */
    SUM,
    /** The mean, the default of every loss. */
    MEAN;

    /** The reduction of the losses of all elements; the mean of none is NaN, with gradient 0. */
    public Tensor of(Tensor losses) {
        return of(losses, losses.shape().size());
    }

    /** As {@link #of(Tensor)}, with a mean that is the sum divided by another number; divided by 0 it is NaN, with gradient 0. */
    public Tensor of(Tensor losses, double divisor) {
        return switch (this) {
            case NONE -> losses;
            case SUM -> losses.sum();
            case MEAN ->
                divisor == 0
                        ? losses.sum().mul(0).add(Double.NaN)
                        : losses.sum().div(divisor);
        };
    }
}
