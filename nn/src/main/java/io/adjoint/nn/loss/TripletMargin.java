package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/**
 * The triplet margin loss (Balntas et al., 2016): {@code max(0, m + d(a, p) − d(a, n))} of an anchor a that should be nearer to a positive
 * p than to a negative n, by a margin m, with the distance {@code d(a, b) = ‖a − b + 10⁻⁶‖₂} over the last axis.
 *
 * @param margin the margin m, 1 by default
 * @param reduction the reduction, the mean by default
 */
public record TripletMargin(double margin, Reduction reduction) {
    private static final double EPSILON = 1e-6;

    /**
     * A loss.
     *
     * @throws IllegalArgumentException if the margin is not positive and finite
     */
    public TripletMargin {
        if (!(margin > 0 && margin < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("TripletMargin: the margin must be positive and finite, got " + margin);
        }
    }

    /** The mean with margin 1. */
    public TripletMargin() {
        this(1, Reduction.MEAN);
    }

    /** With another margin. */
    public TripletMargin margin(double margin) {
        return new TripletMargin(margin, reduction);
    }

    /** With another reduction. */
    public TripletMargin reduction(Reduction reduction) {
        return new TripletMargin(margin, reduction);
    }

    /**
     * The loss of triplets {@code [..., D]}; of shape {@code [...]} unless it is reduced.
     *
     * @throws io.adjoint.core.ShapeException if the shapes differ
     * @throws io.adjoint.core.DTypeException if the dtypes differ or are not floating
     */
    public Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
        ElementwiseLoss.requireAlike("TripletMargin", "anchor", anchor, "positive", positive);
        ElementwiseLoss.requireAlike("TripletMargin", "anchor", anchor, "negative", negative);
        return reduction.of(distance(anchor, positive)
                .sub(distance(anchor, negative))
                .add(margin)
                .relu());
    }

    private static Tensor distance(Tensor a, Tensor b) {
        return a.sub(b).add(EPSILON).vectorNorm(2, -1);
    }
}
