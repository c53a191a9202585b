package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;

/** How far predictions are from targets: a function of both to be minimised. A lambda is a loss, too. */
@FunctionalInterface
public interface Loss {
    /** The loss; a scalar unless the loss was told not to reduce. */
    Tensor forward(Tensor prediction, Tensor target);

    /**
     * Checks that prediction and target are alike, for losses that compare them element by element.
     *
     * @param loss the loss's name, for the message
     * @throws ShapeException if their shapes differ: broadcasting one to the other would hide a mistake
     * @throws DTypeException if their dtypes differ, or are not floating
     */
    static void requireAlike(String loss, Tensor prediction, Tensor target) {
        if (!prediction.shape().equals(target.shape())) {
            throw new ShapeException(loss + ": the prediction is " + prediction.shape() + ", but the target is "
                    + target.shape() + "; they must be equal: use reshape, or broadcastTo if repeating is meant");
        }
        DTypeException.requireSameFloating(loss, prediction.dtype(), target.dtype());
    }
}
