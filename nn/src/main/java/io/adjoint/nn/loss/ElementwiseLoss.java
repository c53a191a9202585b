package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;

/**
 * A loss that compares prediction and target element by element and is the mean over all elements, or another {@link Reduction} of them.
 * Prediction and target have the same shape and dtype: broadcasting one to the other would hide a mistake. Write your own loss as a record:
 *
 * <pre>{@code
 * record LogCosh() implements ElementwiseLoss {
 *     public Tensor each(Tensor prediction, Tensor target) {
 *         return prediction.sub(target).cosh().log();
 *     }
 * }
 * }</pre>
 */
@CheckReturnValue
public interface ElementwiseLoss extends Loss {
    /** The loss of each element, of the shape of both arguments, which are known to have the same shape and floating dtype. */
    Tensor each(Tensor prediction, Tensor target);

    /** The reduced loss of checked arguments; to be overridden where a reduction is faster than reducing {@link #each}. */
    default Tensor reduced(Tensor prediction, Tensor target, Reduction reduction) {
        return reduction.of(each(prediction, target));
    }

    /**
     * The reduction of all elements; the mean of none is NaN.
     *
     * @throws ShapeException if the shapes differ
     * @throws DTypeException if the dtypes differ or are not floating
     */
    @Override
    default Tensor forward(Tensor prediction, Tensor target) {
        requireAlike(getClass().getSimpleName(), prediction, target);
        return reduced(prediction, target, reduction());
    }

    /** This loss with another reduction; the library's losses return their own type. */
    default ElementwiseLoss reduction(Reduction reduction) {
        return new ReducedLoss(this, reduction);
    }

    /**
     * Checks that a prediction and a target can be compared element by element.
     *
     * @param loss the loss's name, for the message
     * @throws ShapeException if their shapes differ
     * @throws DTypeException if their dtypes differ or are not floating
     */
    static void requireAlike(String loss, Tensor prediction, Tensor target) {
        requireAlike(loss, "prediction", prediction, "target", target);
    }

    static void requireAlike(String loss, String first, Tensor a, String second, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new ShapeException(loss + ": the " + first + " is " + a.shape() + ", but the " + second + " is "
                    + b.shape() + "; they must be equal: use reshape, or broadcastTo if repeating is meant");
        }
        DTypeException.requireSameFloating(loss, a.dtype(), b.dtype());
    }
}
