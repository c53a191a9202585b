package io.adjoint.core;

import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.FloatSeries;
import io.adjoint.core.math.Powers;
import io.adjoint.core.math.Remainders;

/**
 * Functions of two arrays that broadcast, or of an array and a number, and comparisons: the values of the operations of tensors that
 * have the same names, which say more of them. A number takes the array's dtype.
 *
 * <p>To be used through {@link NdArray}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ArrayArithmetic permits NdArray {
    private NdArray self() {
        return (NdArray) this;
    }

    // ---- arithmetic ----

    /** {@code c − this}; also for INT32. */
    default NdArray rsub(double c) {
        NdArray number = self().number("rsub", c);
        return self().dtype().isFloating()
                ? number.sub(self())
                : number.zipExact("rsub", self(), (from, x) -> from - x);
    }

    /** {@code c / this}. */
    default NdArray rdiv(double c) {
        self().dtype().requireFloating("rdiv");
        return self().number("rdiv", c).div(self());
    }

    /** {@code this} to the power of a number, with the special values of C's pow. */
    default NdArray pow(double exponent) {
        return self().map("pow", Kernel.each(x -> Powers.power(x, exponent)));
    }

    /** {@code this·(1 − weight) + end·weight}. */
    default NdArray lerp(NdArray end, double weight) {
        return self().zip("lerp", end, (x, y) -> x * (1 - weight) + y * weight);
    }

    /** The remainder of the division rounded down, which has the sign of the divisor; also for INT32. */
    default NdArray remainder(NdArray other) {
        return self().zipExact("remainder", other, Remainders::remainder);
    }

    /** Like {@link #remainder(NdArray)}, with a number as divisor. */
    default NdArray remainder(double c) {
        return remainder(self().number("remainder", c));
    }

    /** Like {@link #fmod(NdArray)}, with a number as divisor. */
    default NdArray fmod(double c) {
        self().dtype().requireFloating("fmod");
        return fmod(self().number("fmod", c));
    }

    /** The quotient rounded down; also for INT32. */
    default NdArray floorDivide(NdArray other) {
        return self().zipExact("floorDivide", other, Remainders::floorDivide);
    }

    /** Like {@link #floorDivide(NdArray)}, with a number as divisor. */
    default NdArray floorDivide(double c) {
        return floorDivide(self().number("floorDivide", c));
    }

    /** {@code this} to the power of {@code other}, with the special values of C's pow. */
    default NdArray pow(NdArray other) {
        return self().zip("pow", other, Powers::power);
    }

    /** The angle of the point {@code (other, this)}, from −π to π. */
    default NdArray atan2(NdArray other) {
        return self().zip("atan2", other, StrictMath::atan2);
    }

    /** {@code √(this² + other²)}, without overflow. */
    default NdArray hypot(NdArray other) {
        return self().zip("hypot", other, StrictMath::hypot);
    }

    /** {@code log(eˣ + eʸ)}, without overflow. */
    default NdArray logAddExp(NdArray other) {
        return self().zip("logAddExp", other, (x, y) -> ElementaryFunctions.logAddExp(1, x, y));
    }

    /** {@code log₂(2ˣ + 2ʸ)}, without overflow. */
    default NdArray logAddExp2(NdArray other) {
        return self().zip("logAddExp2", other, (x, y) -> ElementaryFunctions.logAddExp(FloatSeries.LN2, x, y));
    }

    /** {@code this·log(other)}, 0 where this is 0. */
    default NdArray xlogy(NdArray other) {
        return self().zip("xlogy", other, ElementaryFunctions::xlogy);
    }

    /** The remainder of the division, with the sign of {@code this}. */
    default NdArray fmod(NdArray other) {
        return self().zip("fmod", other, (x, y) -> x % y);
    }

    /** The larger element of each pair; for a number and NaN, the number. */
    default NdArray fmax(NdArray other) {
        return self().zip("fmax", other, (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.max(x, y));
    }

    /** The smaller element of each pair; for a number and NaN, the number. */
    default NdArray fmin(NdArray other) {
        return self().zip("fmin", other, (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.min(x, y));
    }

    // ---- bounds ----

    /** The elements limited to [min, max], where a bound may be infinite; also for INT32. */
    default NdArray clamp(double min, double max) {
        return self().clamp("clamp", min, max);
    }

    /** The elements, where those below min become min. */
    default NdArray clampMin(double min) {
        return self().clamp("clampMin", min, Double.POSITIVE_INFINITY);
    }

    /** The elements, where those above max become max. */
    default NdArray clampMax(double max) {
        return self().clamp("clampMax", Double.NEGATIVE_INFINITY, max);
    }

    /** The larger of each element and c. */
    default NdArray maximum(double c) {
        return self().clamp("maximum", c, Double.POSITIVE_INFINITY);
    }

    /** The smaller of each element and c. */
    default NdArray minimum(double c) {
        return self().clamp("minimum", Double.NEGATIVE_INFINITY, c);
    }

    // ---- masks ----

    /** True where {@code this == other}. */
    default NdArray eq(NdArray other) {
        return self().compare(Comparison.EQ, other);
    }

    /** True where {@code this == c}. */
    default NdArray eq(double c) {
        return self().compare(Comparison.EQ, c);
    }

    /** True where {@code this != other}. */
    default NdArray ne(NdArray other) {
        return self().compare(Comparison.NE, other);
    }

    /** True where {@code this != c}. */
    default NdArray ne(double c) {
        return self().compare(Comparison.NE, c);
    }

    /** True where {@code this < other}. */
    default NdArray lt(NdArray other) {
        return self().compare(Comparison.LT, other);
    }

    /** True where {@code this < c}. */
    default NdArray lt(double c) {
        return self().compare(Comparison.LT, c);
    }

    /** True where {@code this <= other}. */
    default NdArray le(NdArray other) {
        return self().compare(Comparison.LE, other);
    }

    /** True where {@code this <= c}. */
    default NdArray le(double c) {
        return self().compare(Comparison.LE, c);
    }

    /** True where {@code this > other}. */
    default NdArray gt(NdArray other) {
        return self().compare(Comparison.GT, other);
    }

    /** True where {@code this > c}. */
    default NdArray gt(double c) {
        return self().compare(Comparison.GT, c);
    }

    /** True where {@code this >= other}. */
    default NdArray ge(NdArray other) {
        return self().compare(Comparison.GE, other);
    }

    /** True where {@code this >= c}. */
    default NdArray ge(double c) {
        return self().compare(Comparison.GE, c);
    }

    /** True where both BOOL masks are true. */
    default NdArray and(NdArray other) {
        return self().compare(Comparison.AND, other);
    }

    /** True where at least one of the BOOL masks is true. */
    default NdArray or(NdArray other) {
        return self().compare(Comparison.OR, other);
    }

    /** True where exactly one of the BOOL masks is true. */
    default NdArray xor(NdArray other) {
        return self().compare(Comparison.XOR, other);
    }

    /** True where this BOOL mask is false. */
    default NdArray not() {
        self().dtype().requireMask("not");
        return eq(0);
    }

    /** True where an element is NaN. */
    default NdArray isNaN() {
        return self().test(Double::isNaN);
    }

    /** True where an element is infinite. */
    default NdArray isInf() {
        return self().test(Double::isInfinite);
    }

    /** True where an element is neither infinite nor NaN. */
    default NdArray isFinite() {
        return self().test(Double::isFinite);
    }

    /**
     * True where at least one element of this BOOL mask along the given axes is true (along all axes if none is given); false for no
     * elements.
     */
    default NdArray any(int... axes) {
        return any(false, axes);
    }

    /** Like {@link #any(int...)}; with {@code keepDims} the axes stay, with size 1. */
    default NdArray any(boolean keepDims, int... axes) {
        self().dtype().requireMask("any");
        return self().sum(keepDims, self().shape().axes("any", axes)).gt(0);
    }

    /** True where all elements of this BOOL mask along the given axes are true (along all axes if none is given); true for no elements. */
    default NdArray all(int... axes) {
        return all(false, axes);
    }

    /** Like {@link #all(int...)}; with {@code keepDims} the axes stay, with size 1. */
    default NdArray all(boolean keepDims, int... axes) {
        self().dtype().requireMask("all");
        return not().sum(keepDims, self().shape().axes("all", axes)).eq(0);
    }

    /** The number of elements that are not 0, as INT32, over the given axes, or over all axes if none is given. */
    default NdArray countNonZero(int... axes) {
        return countNonZero(false, axes);
    }

    /** Like {@link #countNonZero(int...)}; with {@code keepDims} the axes stay, with size 1. */
    default NdArray countNonZero(boolean keepDims, int... axes) {
        return ne(0).sum(keepDims, self().shape().axes("countNonZero", axes));
    }
}
