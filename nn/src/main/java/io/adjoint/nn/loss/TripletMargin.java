package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;

/**
 * The triplet margin loss (Balntas et al., 2016): {@code max(0, m + d(a, p) − d(a, n))} of an anchor a that should be nearer to a positive
 * p than to a negative n, by a margin m, with the distance {@code d(a, b) = ‖a − b + ε‖} over the last axis. Of another distance,
 * {@link TripletMarginWithDistance} is the loss.
 *
 * @param margin the margin m, 1 by default
 * @param p the norm of the distance, 2 by default
 * @param eps the number ε that keeps the gradient of equal vectors finite, 1e-6 by default
 * @param isSwapped true if the negative is compared with whichever of anchor and positive is nearer to it
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record TripletMargin(double margin, double p, double eps, boolean isSwapped, Reduction reduction) {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if the margin is not positive and finite, the norm not positive, or ε negative or not finite
     */
    public TripletMargin {
        Settings.requirePositive(TripletMargin.class, "margin", margin);
        Settings.require(p > 0, TripletMargin.class, "norm p", "be positive", p);
        Settings.requireNotNegative(TripletMargin.class, "eps", eps);
    }

    /** The mean with margin 1, of Euclidean distances. */
    public TripletMargin() {
        this(1, 2, 1e-6, false, Reduction.MEAN);
    }

    /** With another margin. */
    public TripletMargin margin(double margin) {
        return new TripletMargin(margin, p, eps, isSwapped, reduction);
    }

    /** With the distance of another norm. */
    public TripletMargin p(double p) {
        return new TripletMargin(margin, p, eps, isSwapped, reduction);
    }

    /** With another ε. */
    public TripletMargin eps(double eps) {
        return new TripletMargin(margin, p, eps, isSwapped, reduction);
    }

    /** With {@code min(d(a, n), d(p, n))} in place of {@code d(a, n)}. */
    public TripletMargin swap() {
        return new TripletMargin(margin, p, eps, true, reduction);
    }

    /** With another reduction. */
    public TripletMargin reduction(Reduction reduction) {
        return new TripletMargin(margin, p, eps, isSwapped, reduction);
    }

    /**
     * The loss of triplets {@code [..., D]}; of shape {@code [...]} unless it is reduced.
     *
     * @throws ShapeException if the shapes differ
     * @throws DTypeException if the dtypes differ or are not floating
     */
    public Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
        return new TripletMarginWithDistance(this::distance, margin, isSwapped, reduction)
                .of("TripletMargin", anchor, positive, negative);
    }

    private Tensor distance(Tensor a, Tensor b) {
        return a.sub(b).add(eps).vectorNorm(p, -1);
    }
}
