package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/** A measure of how far a prediction is from a target, to be minimised. A lambda is a loss, too. */
@FunctionalInterface
public interface Loss {
    /** The loss; a scalar unless its reduction is {@link Reduction#NONE}. */
    Tensor forward(Tensor prediction, Tensor target);
}
