package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.function.BinaryOperator;

/**
 * The {@link TripletMargin} loss {@code max(0, m + d(a, p) − d(a, n))} of your own distance d. Where the margin is met exactly the gradient
 * is the gradient of a violation, as in PyTorch.
 *
 * @param distance takes two tensors of the inputs' shape and returns a distance for each pair of vectors
 * @param margin the margin m, 1 by default
 * @param isSwapped true if the negative is compared with whichever of anchor and positive is nearer to it
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record TripletMarginWithDistance(
        BinaryOperator<Tensor> distance, double margin, boolean isSwapped, Reduction reduction) {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if the margin is not positive and finite
     */
    public TripletMarginWithDistance {
        Settings.requirePositive(TripletMarginWithDistance.class, "margin", margin);
    }

    /** The mean with margin 1. */
    public TripletMarginWithDistance(BinaryOperator<Tensor> distance) {
        this(distance, 1, false, Reduction.MEAN);
    }

    /** With another margin. */
    public TripletMarginWithDistance margin(double margin) {
        return new TripletMarginWithDistance(distance, margin, isSwapped, reduction);
    }

    /** With {@code min(d(a, n), d(p, n))} in place of {@code d(a, n)}. */
    public TripletMarginWithDistance swap() {
        return new TripletMarginWithDistance(distance, margin, true, reduction);
    }

    /** With another reduction. */
    public TripletMarginWithDistance reduction(Reduction reduction) {
        return new TripletMarginWithDistance(distance, margin, isSwapped, reduction);
    }

    /**
     * The loss of triplets of the same shape; of the distances' shape unless it is reduced.
     *
     * @throws ShapeException if the shapes differ
     * @throws DTypeException if the dtypes differ or are not floating
     */
    public Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
        return of("TripletMarginWithDistance", anchor, positive, negative);
    }

    Tensor of(String loss, Tensor anchor, Tensor positive, Tensor negative) {
        ElementwiseLoss.requireAlike(loss, "anchor", anchor, "positive", positive);
        ElementwiseLoss.requireAlike(loss, "anchor", anchor, "negative", negative);
        Tensor near = distance.apply(anchor, positive);
        Tensor far = distance.apply(anchor, negative);
        Tensor farther = isSwapped ? far.minimum(distance.apply(positive, negative)) : far;
        return reduction.of(LossRules.hinge(near.sub(farther).add(margin)));
    }
}
