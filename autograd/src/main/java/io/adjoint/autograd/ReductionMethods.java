package io.adjoint.autograd;

/**
 * Reductions of many elements along axes to one, and scans.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ReductionMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    // ---- sums, products, means and spreads: over the given axes, over all if none is given ----

    /** The sum over axes; an empty sum is 0. */
    default Tensor sum(int... axes) {
        return sum(false, axes);
    }

    /** The sum over axes, which stay with size 1 if {@code keepDims}. */
    default Tensor sum(boolean keepDims, int... axes) {
        return ReductionRules.sum(self(), keepDims, axes);
    }

    /** The mean over axes; NaN of nothing. */
    default Tensor mean(int... axes) {
        return mean(false, axes);
    }

    /** The mean over axes, which stay with size 1 if {@code keepDims}. */
    default Tensor mean(boolean keepDims, int... axes) {
        return ReductionRules.mean(self(), keepDims, axes);
    }

    /** The product over axes; an empty product is 1. Gradients of all orders are right with any number of zeros. */
    default Tensor prod(int... axes) {
        return prod(false, axes);
    }

    /** The product over axes, which stay with size 1 if {@code keepDims}. */
    default Tensor prod(boolean keepDims, int... axes) {
        return ReductionRules.prod(self(), keepDims, axes);
    }

    /** The variance over axes, {@code Σ(x − mean)² / (n − 1)}; NaN of fewer than two elements. */
    default Tensor var(int... axes) {
        return var(false, axes);
    }

    /** As {@link #var(int...)}; the axes stay with size 1 if {@code keepDims}. */
    default Tensor var(boolean keepDims, int... axes) {
        return var(Correction.BESSEL, keepDims, axes);
    }

    /** As {@link #var(Correction, boolean, int...)}, without the axes. */
    default Tensor var(Correction correction, int... axes) {
        return var(correction, false, axes);
    }

    /**
     * The variance over axes, {@code Σ(x − mean)² / (n − correction)}, which stay with size 1 if {@code keepDims}; a negative divisor
     * is taken as 0.
     */
    default Tensor var(Correction correction, boolean keepDims, int... axes) {
        return ReductionRules.var(self(), correction, keepDims, axes);
    }

    /** The standard deviation over axes, the root of {@link #var(int...)}; of equal elements its gradient is 0. */
    default Tensor std(int... axes) {
        return std(false, axes);
    }

    /** As {@link #std(int...)}; the axes stay with size 1 if {@code keepDims}. */
    default Tensor std(boolean keepDims, int... axes) {
        return std(Correction.BESSEL, keepDims, axes);
    }

    /** As {@link #std(Correction, boolean, int...)}, without the axes. */
    default Tensor std(Correction correction, int... axes) {
        return std(correction, false, axes);
    }

    /** The root of {@link #var(Correction, boolean, int...)}; of equal elements its gradient is 0. */
    default Tensor std(Correction correction, boolean keepDims, int... axes) {
        return ReductionRules.std(self(), correction, keepDims, axes);
    }

    /** The number of elements that are not 0, as INT32 and without gradient; NaN is not 0. */
    default Tensor countNonZero(int... axes) {
        return countNonZero(false, axes);
    }

    /** As {@link #countNonZero(int...)}; the axes stay with size 1 if {@code keepDims}. */
    default Tensor countNonZero(boolean keepDims, int... axes) {
        return ReductionRules.countNonZero(self(), keepDims, axes);
    }

    /**
     * The norm of order p over axes, {@code (Σ|x|ᵖ)^(1/p)}; of order ∞ the largest |x|, of order −∞ the smallest, of order 0 the
     * number of elements that are not 0. Where the norm is 0, its gradients of all orders are 0; elements that tie for the largest
     * or smallest share the gradient evenly; an element that is 0 gets none if p ≤ 1.
     */
    default Tensor vectorNorm(double p, int... axes) {
        return vectorNorm(p, false, axes);
    }

    /** As {@link #vectorNorm(double, int...)}; the axes stay with size 1 if {@code keepDims}. */
    default Tensor vectorNorm(double p, boolean keepDims, int... axes) {
        return NormRules.vectorNorm(self(), p, keepDims, axes);
    }

    /** The vectors along an axis divided by their norms of order p, as {@link #normalize(double, int, double)} with eps 10⁻¹². */
    default Tensor normalize(double p, int axis) {
        return normalize(p, axis, 1e-12);
    }

    /**
     * The vectors along an axis divided by their norms of order p, or by eps if that is greater. The gradient of a vector of norm 0
     * is 0.
     *
     * @throws IllegalArgumentException if eps is not positive
     */
    default Tensor normalize(double p, int axis, double eps) {
        return NormRules.normalize(self(), p, axis, eps);
    }

    /** {@code log Σ exp x} over axes without overflow. */
    default Tensor logSumExp(int... axes) {
        return logSumExp(false, axes);
    }

    /** {@code log Σ exp x} over axes, which stay with size 1 if {@code keepDims}. */
    default Tensor logSumExp(boolean keepDims, int... axes) {
        return ReductionRules.logSumExp(self(), keepDims, axes);
    }

    /** {@code exp xᵢ / Σ exp xⱼ} along an axis, without overflow. */
    default Tensor softmax(int axis) {
        return ReductionRules.softmax(self(), axis);
    }

    /** {@code xᵢ − log Σ exp xⱼ} along an axis, without overflow. */
    default Tensor logSoftmax(int axis) {
        return ReductionRules.logSoftmax(self(), axis);
    }

    // ---- largest, smallest and middle elements; a NaN counts as each of them ----

    /** The largest element over axes; ties share the gradient evenly. */
    default Tensor amax(int... axes) {
        return amax(false, axes);
    }

    /** The largest element over axes, which stay with size 1 if {@code keepDims}. */
    default Tensor amax(boolean keepDims, int... axes) {
        return ExtremeRules.amax(self(), keepDims, axes);
    }

    /** The smallest element over axes; ties share the gradient evenly. */
    default Tensor amin(int... axes) {
        return amin(false, axes);
    }

    /** The smallest element over axes, which stay with size 1 if {@code keepDims}. */
    default Tensor amin(boolean keepDims, int... axes) {
        return ExtremeRules.amin(self(), keepDims, axes);
    }

    /** The largest element of all; ties share the gradient evenly. */
    default Tensor max() {
        return ExtremeRules.max(self());
    }

    /** The largest elements along an axis and their indices; of several equal ones the first, which gets all of the gradient. */
    default IndexedValues max(int axis) {
        return max(false, axis);
    }

    /** As {@link #max(int)}; the axis stays with size 1 if {@code keepDims}. */
    default IndexedValues max(boolean keepDims, int axis) {
        return ExtremeRules.max(self(), keepDims, axis);
    }

    /** The smallest element of all; ties share the gradient evenly. */
    default Tensor min() {
        return ExtremeRules.min(self());
    }

    /** The smallest elements along an axis and their indices; of several equal ones the first, which gets all of the gradient. */
    default IndexedValues min(int axis) {
        return min(false, axis);
    }

    /** As {@link #min(int)}; the axis stays with size 1 if {@code keepDims}. */
    default IndexedValues min(boolean keepDims, int axis) {
        return ExtremeRules.min(self(), keepDims, axis);
    }

    /** The middle element of all, the lower one of an even number; the first of several equal ones gets all of the gradient. */
    default Tensor median() {
        return ExtremeRules.median(self());
    }

    /** The middle elements along an axis and their indices, as {@link #median()}. */
    default IndexedValues median(int axis) {
        return median(false, axis);
    }

    /** As {@link #median(int)}; the axis stays with size 1 if {@code keepDims}. */
    default IndexedValues median(boolean keepDims, int axis) {
        return ExtremeRules.median(self(), keepDims, axis);
    }

    /**
     * The q-quantile of all elements: the one at position {@code q·(n − 1)} when they are sorted, linearly interpolated between
     * neighbours.
     *
     * @throws IllegalArgumentException unless {@code 0 ≤ q ≤ 1}
     */
    default Tensor quantile(double q) {
        return ExtremeRules.quantile(self(), q);
    }

    /** The q-quantile of the elements along an axis; see {@link #quantile(double)}. */
    default Tensor quantile(double q, int axis) {
        return quantile(q, false, axis);
    }

    /** As {@link #quantile(double, int)}; the axis stays with size 1 if {@code keepDims}. */
    default Tensor quantile(double q, boolean keepDims, int axis) {
        return ExtremeRules.quantile(self(), q, keepDims, axis);
    }

    /** The INT32 index of the first largest element among all in row-major order, without gradient. */
    default Tensor argMax() {
        return ExtremeRules.argMax(self());
    }

    /** The INT32 index of the first largest element along an axis, without gradient. */
    default Tensor argMax(int axis) {
        return argMax(false, axis);
    }

    /** As {@link #argMax(int)}; the axis stays with size 1 if {@code keepDims}. */
    default Tensor argMax(boolean keepDims, int axis) {
        return ExtremeRules.argMax(self(), keepDims, axis);
    }

    /** The INT32 index of the first smallest element among all in row-major order, without gradient. */
    default Tensor argMin() {
        return ExtremeRules.argMin(self());
    }

    /** The INT32 index of the first smallest element along an axis, without gradient. */
    default Tensor argMin(int axis) {
        return argMin(false, axis);
    }

    /** As {@link #argMin(int)}; the axis stays with size 1 if {@code keepDims}. */
    default Tensor argMin(boolean keepDims, int axis) {
        return ExtremeRules.argMin(self(), keepDims, axis);
    }

    // ---- along an axis ----

    /** {@code yₖ = x₀ + … + xₖ} along an axis. */
    default Tensor cumsum(int axis) {
        return CumulativeRules.cumsum(self(), axis, false);
    }

    /** {@code yₖ = x₀ · … · xₖ} along an axis. Gradients of all orders are right with any number of zeros. */
    default Tensor cumprod(int axis) {
        return CumulativeRules.cumprod(self(), axis, false);
    }

    /** {@code yₖ = log(exp x₀ + … + exp xₖ)} along an axis, without overflow. */
    default Tensor logCumsumExp(int axis) {
        return CumulativeRules.logCumsumExp(self(), axis);
    }

    /** The largest elements so far along an axis and their indices; of several equal ones the last, which gets the gradient. */
    default IndexedValues cummax(int axis) {
        return ExtremeRules.cummax(self(), axis);
    }

    /** The smallest elements so far along an axis and their indices; of several equal ones the last, which gets the gradient. */
    default IndexedValues cummin(int axis) {
        return ExtremeRules.cummin(self(), axis);
    }

    /** The differences {@code xₖ₊₁ − xₖ} along the last axis. */
    default Tensor diff() {
        return diff(1, -1);
    }

    /**
     * The differences {@code xₖ₊₁ − xₖ} along an axis, taken n times; each time the axis becomes shorter by one, as long as it can.
     *
     * @throws IllegalArgumentException if n is negative
     */
    default Tensor diff(int n, int axis) {
        return CumulativeRules.diff(self(), n, axis);
    }
}
