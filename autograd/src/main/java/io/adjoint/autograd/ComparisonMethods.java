package io.adjoint.autograd;

/**
 * Comparisons and conditions, which return BOOL masks without gradient, and selection by masks.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ComparisonMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** True where {@code this == other} ({@code 0 == -0}; NaN equals nothing); of equal dtypes and shapes that broadcast. */
    default Tensor eq(Tensor other) {
        return Tensor.of(self().data().eq(other.data()));
    }

    /** True where {@code this == c} ({@code 0 == -0}; NaN equals nothing). */
    default Tensor eq(double c) {
        return Tensor.of(self().data().eq(c));
    }

    /** True where {@code this != other} (NaN differs from everything); of equal dtypes and shapes that broadcast. */
    default Tensor ne(Tensor other) {
        return Tensor.of(self().data().ne(other.data()));
    }

    /** True where {@code this != c} (NaN differs from everything). */
    default Tensor ne(double c) {
        return Tensor.of(self().data().ne(c));
    }

    /** True where {@code this < other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor lt(Tensor other) {
        return Tensor.of(self().data().lt(other.data()));
    }

    /** True where {@code this < c}. */
    default Tensor lt(double c) {
        return Tensor.of(self().data().lt(c));
    }

    /** True where {@code this <= other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor le(Tensor other) {
        return Tensor.of(self().data().le(other.data()));
    }

    /** True where {@code this <= c}. */
    default Tensor le(double c) {
        return Tensor.of(self().data().le(c));
    }

    /** True where {@code this > other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor gt(Tensor other) {
        return Tensor.of(self().data().gt(other.data()));
    }

    /** True where {@code this > c}. */
    default Tensor gt(double c) {
        return Tensor.of(self().data().gt(c));
    }

    /** True where {@code this >= other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor ge(Tensor other) {
        return Tensor.of(self().data().ge(other.data()));
    }

    /** True where {@code this >= c}. */
    default Tensor ge(double c) {
        return Tensor.of(self().data().ge(c));
    }

    /** True where both masks are; BOOL masks that broadcast. */
    default Tensor and(Tensor other) {
        return Tensor.of(self().data().and(other.data()));
    }

    /** True where at least one of the masks is; BOOL masks that broadcast. */
    default Tensor or(Tensor other) {
        return Tensor.of(self().data().or(other.data()));
    }

    /** True where exactly one of the masks is; BOOL masks that broadcast. */
    default Tensor xor(Tensor other) {
        return Tensor.of(self().data().xor(other.data()));
    }

    /** True where this BOOL mask is false. */
    default Tensor not() {
        return Tensor.of(self().data().not());
    }

    /** True where an element is NaN. */
    default Tensor isNaN() {
        return Tensor.of(self().data().isNaN());
    }

    /** True where an element is infinite. */
    default Tensor isInf() {
        return Tensor.of(self().data().isInf());
    }

    /** True where an element is neither infinite nor NaN. */
    default Tensor isFinite() {
        return Tensor.of(self().data().isFinite());
    }

    /** True where at least one element of this BOOL mask along the axes is; of nothing false. */
    default Tensor any(int... axes) {
        return any(false, axes);
    }

    /** As {@link #any(int...)}; with {@code keepDims} the axes stay, with size 1. */
    default Tensor any(boolean keepDims, int... axes) {
        return Tensor.of(self().data().any(keepDims, axes));
    }

    /** True where each element of this BOOL mask along the axes is; of nothing true. */
    default Tensor all(int... axes) {
        return all(false, axes);
    }

    /** As {@link #all(int...)}; with {@code keepDims} the axes stay, with size 1. */
    default Tensor all(boolean keepDims, int... axes) {
        return Tensor.of(self().data().all(keepDims, axes));
    }

    /** Returns whether each element is close to the other's, {@code |this − other| ≤ 10⁻⁸ + 10⁻⁵·|other|}; NaN is close to nothing. */
    default boolean allClose(Tensor other) {
        return allClose(other, 1e-5, 1e-8);
    }

    /**
     * Returns whether {@code |this − other| ≤ absolute + relative·|other|} for each element; infinities must be equal.
     *
     * @throws io.adjoint.core.ShapeException if the shapes differ
     */
    default boolean allClose(Tensor other, double relative, double absolute) {
        return self().data().allClose(other.data(), relative, absolute);
    }
}
