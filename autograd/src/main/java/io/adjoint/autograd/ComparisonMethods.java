package io.adjoint.autograd;

import io.adjoint.core.Comparison;

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
        return ComparisonRules.compare(Comparison.EQ, self(), other);
    }

    /** True where {@code this == c} ({@code 0 == -0}; NaN equals nothing). */
    default Tensor eq(double c) {
        return ComparisonRules.compare(Comparison.EQ, self(), c);
    }

    /** True where {@code this != other} (NaN differs from everything); of equal dtypes and shapes that broadcast. */
    default Tensor ne(Tensor other) {
        return ComparisonRules.compare(Comparison.NE, self(), other);
    }

    /** True where {@code this != c} (NaN differs from everything). */
    default Tensor ne(double c) {
        return ComparisonRules.compare(Comparison.NE, self(), c);
    }

    /** True where {@code this < other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor lt(Tensor other) {
        return ComparisonRules.compare(Comparison.LT, self(), other);
    }

    /** True where {@code this < c}. */
    default Tensor lt(double c) {
        return ComparisonRules.compare(Comparison.LT, self(), c);
    }

    /** True where {@code this <= other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor le(Tensor other) {
        return ComparisonRules.compare(Comparison.LE, self(), other);
    }

    /** True where {@code this <= c}. */
    default Tensor le(double c) {
        return ComparisonRules.compare(Comparison.LE, self(), c);
    }

    /** True where {@code this > other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor gt(Tensor other) {
        return ComparisonRules.compare(Comparison.GT, self(), other);
    }

    /** True where {@code this > c}. */
    default Tensor gt(double c) {
        return ComparisonRules.compare(Comparison.GT, self(), c);
    }

    /** True where {@code this >= other}; of equal dtypes, not BOOL, and shapes that broadcast. */
    default Tensor ge(Tensor other) {
        return ComparisonRules.compare(Comparison.GE, self(), other);
    }

    /** True where {@code this >= c}. */
    default Tensor ge(double c) {
        return ComparisonRules.compare(Comparison.GE, self(), c);
    }

    /** True where both masks are; BOOL masks that broadcast. */
    default Tensor and(Tensor other) {
        return ComparisonRules.compare(Comparison.AND, self(), other);
    }

    /** True where at least one of the masks is; BOOL masks that broadcast. */
    default Tensor or(Tensor other) {
        return ComparisonRules.compare(Comparison.OR, self(), other);
    }

    /** True where exactly one of the masks is; BOOL masks that broadcast. */
    default Tensor xor(Tensor other) {
        return ComparisonRules.compare(Comparison.XOR, self(), other);
    }

    /** True where this BOOL mask is false. */
    default Tensor not() {
        return ComparisonRules.not(self());
    }

    /** True where an element is NaN. */
    default Tensor isNaN() {
        return ComparisonRules.test(self(), Double::isNaN);
    }

    /** True where an element is infinite. */
    default Tensor isInf() {
        return ComparisonRules.test(self(), Double::isInfinite);
    }

    /** True where an element is neither infinite nor NaN. */
    default Tensor isFinite() {
        return ComparisonRules.test(self(), Double::isFinite);
    }

    /** True where at least one element of this BOOL mask along the axes is; of nothing false. */
    default Tensor any(int... axes) {
        return any(false, axes);
    }

    /** As {@link #any(int...)}; with {@code keepDims} the axes stay, with size 1. */
    default Tensor any(boolean keepDims, int... axes) {
        return ComparisonRules.any(self(), keepDims, axes);
    }

    /** True where each element of this BOOL mask along the axes is; of nothing true. */
    default Tensor all(int... axes) {
        return all(false, axes);
    }

    /** As {@link #all(int...)}; with {@code keepDims} the axes stay, with size 1. */
    default Tensor all(boolean keepDims, int... axes) {
        return ComparisonRules.all(self(), keepDims, axes);
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
        return ComparisonRules.allClose(self(), other, relative, absolute);
    }
}
