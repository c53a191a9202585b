package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/**
 * A measure of how far a prediction is from a target, to be minimised. A lambda is a loss, too; it gives the mean over the samples.
 */
@FunctionalInterface
public interface Loss {
    /** The loss; a scalar unless its reduction is {@link Reduction#NONE}. */
    Tensor forward(Tensor prediction, Tensor target);

    /**
     * The reduction that {@link #forward} makes, {@link Reduction#MEAN} by default. Where batches come in parts,
     * means are weighted by the sizes of the parts, and sums are added.
     */
    default Reduction reduction() {
        return Reduction.MEAN;
    }
}
