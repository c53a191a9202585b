package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/** What a loss makes of the losses of its elements. */
public enum Reduction {
    /** Leaves them as they are. */
    NONE,
    /** Their sum. */
    SUM,
    /** Their mean, the default of every loss. */
    MEAN;

    /** The losses of all elements, reduced. */
    Tensor of(Tensor losses) {
        return of(losses, losses.shape().size());
    }

    /** The same, where the mean is the sum by another number; by 0 it is NaN, but the gradient that goes back is 0. */
    Tensor of(Tensor losses, double divisor) {
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
