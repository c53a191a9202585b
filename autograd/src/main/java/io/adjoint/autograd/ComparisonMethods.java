package io.adjoint.autograd;

import io.adjoint.core.Comparison;

/**
 * Comparisons and conditions, which return INT32 masks of 1 and 0 without gradient, and selection by masks.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ComparisonMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** 1 where {@code this == other} ({@code 0 == -0}; NaN equals nothing); of equal dtypes, INT32 too, and shapes that broadcast. */
    default Tensor eq(Tensor other) {
        return Comparisons.compare(Comparison.EQ, self(), other);
    }

    /** 1 where {@code this == c} ({@code 0 == -0}; NaN equals nothing). */
    default Tensor eq(double c) {
        return Comparisons.compare(Comparison.EQ, self(), c);
    }

    /** 1 where {@code this != other} (NaN differs from everything); of equal dtypes, INT32 too, and shapes that broadcast. */
    default Tensor ne(Tensor other) {
        return Comparisons.compare(Comparison.NE, self(), other);
    }

    /** 1 where {@code this != c} (NaN differs from everything). */
    default Tensor ne(double c) {
        return Comparisons.compare(Comparison.NE, self(), c);
    }

    /** 1 where {@code this < other}; of equal dtypes, INT32 too, and shapes that broadcast. */
    default Tensor lt(Tensor other) {
        return Comparisons.compare(Comparison.LT, self(), other);
    }

    /** 1 where {@code this < c}. */
    default Tensor lt(double c) {
        return Comparisons.compare(Comparison.LT, self(), c);
    }

    /** 1 where {@code this <= other}; of equal dtypes, INT32 too, and shapes that broadcast. */
    default Tensor le(Tensor other) {
        return Comparisons.compare(Comparison.LE, self(), other);
    }

    /** 1 where {@code this <= c}. */
    default Tensor le(double c) {
        return Comparisons.compare(Comparison.LE, self(), c);
    }

    /** 1 where {@code this > other}; of equal dtypes, INT32 too, and shapes that broadcast. */
    default Tensor gt(Tensor other) {
        return Comparisons.compare(Comparison.GT, self(), other);
    }

    /** 1 where {@code this > c}. */
    default Tensor gt(double c) {
        return Comparisons.compare(Comparison.GT, self(), c);
    }

    /** 1 where {@code this >= other}; of equal dtypes, INT32 too, and shapes that broadcast. */
    default Tensor ge(Tensor other) {
        return Comparisons.compare(Comparison.GE, self(), other);
    }

    /** 1 where {@code this >= c}. */
    default Tensor ge(double c) {
        return Comparisons.compare(Comparison.GE, self(), c);
    }

    /** 1 where both masks are not 0; INT32 masks that broadcast. */
    default Tensor logicalAnd(Tensor other) {
        return Comparisons.connect(Comparison.AND, self(), other);
    }

    /** 1 where at least one of the masks is not 0; INT32 masks that broadcast. */
    default Tensor logicalOr(Tensor other) {
        return Comparisons.connect(Comparison.OR, self(), other);
    }

    /** 1 where exactly one of the masks is not 0; INT32 masks that broadcast. */
    default Tensor logicalXor(Tensor other) {
        return Comparisons.connect(Comparison.XOR, self(), other);
    }

    /** 1 where this INT32 mask is 0. */
    default Tensor logicalNot() {
        return Comparisons.not(self());
    }

    /** 1 where an element is NaN. */
    default Tensor isNaN() {
        return Comparisons.test(self(), Double::isNaN);
    }

    /** 1 where an element is infinite. */
    default Tensor isInf() {
        return Comparisons.test(self(), Double::isInfinite);
    }

    /** 1 where an element is neither infinite nor NaN. */
    default Tensor isFinite() {
        return Comparisons.test(self(), Double::isFinite);
    }

    /** 1 where at least one element of this INT32 mask along the axes is not 0; of nothing 0. */
    default Tensor any(int... axes) {
        return any(false, axes);
    }

    /** As {@link #any(int...)}; with {@code keepDims} the axes stay, with side 1. */
    default Tensor any(boolean keepDims, int... axes) {
        return Comparisons.any(self(), keepDims, axes);
    }

    /** 1 where no element of this INT32 mask along the axes is 0; of nothing 1. */
    default Tensor all(int... axes) {
        return all(false, axes);
    }

    /** As {@link #all(int...)}; with {@code keepDims} the axes stay, with side 1. */
    default Tensor all(boolean keepDims, int... axes) {
        return Comparisons.all(self(), keepDims, axes);
    }

    /** Whether each element is close to the other's, {@code |this − other| ≤ 10⁻⁸ + 10⁻⁵·|other|}; NaN is close to nothing. */
    default boolean allClose(Tensor other) {
        return allClose(other, 1e-5, 1e-8);
    }

    /**
     * Whether {@code |this − other| ≤ absolute + relative·|other|} for each element; infinities must be equal.
     *
     * @throws io.adjoint.core.ShapeException if the shapes differ
     */
    default boolean allClose(Tensor other, double relative, double absolute) {
        return Comparisons.allClose(self(), other, relative, absolute);
    }
}
