package io.adjoint.simd;

import static io.adjoint.core.math.ExpSeries.*;
import static io.adjoint.simd.Float64Lanes.LANES;
import static io.adjoint.simd.Float64Lanes.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential and functions of it, in vectors: {@code eˣ = 2ᵏ·eʳ} with {@code r = x − k·ln 2} and a polynomial for eʳ, as in core's
 * {@code ExpParts} and {@code VectorMath}. Adding 1.5·2⁵² to {@code x/ln 2} rounds the quotient to k, and the last bits of the sum are the
 * bits of k. The bits of k, shifted left by 52 and added to the bits of 1.0, give 2ᵏ; the bits of −k give 2⁻ᵏ.
 *
 * <p>Each loop is short, and calls only methods of vectors, which the JIT always inlines. The JIT inlines other methods only until a size
 * limit is reached, and passing a vector to a method that is not inlined costs more than all the arithmetic.
 */
final class Float64Exp {
    private static final long ONE = Double.doubleToRawLongBits(1);

    private Float64Exp() {}

    /** Computes {@code eˣ}, given the {@link #rest} of x. */
    static void exp(double[] x, int i, double[] rest, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            DoubleVector rounded = v.mul(LOG2_E).add(ROUNDING);
            DoubleVector power = rounded.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(ONE)
                    .reinterpretAsDoubles();
            DoubleVector k = rounded.sub(ROUNDING);
            DoubleVector a = v.sub(k.mul(LN2_HIGH));
            DoubleVector sum = a.add(1);
            DoubleVector small = k.mul(LN2_LOW).sub(DoubleVector.fromArray(SPECIES, rest, e));
            power.mul(sum.add(a.sub(sum.sub(1)).sub(small))).intoArray(y, j + e);
        }
    }

    /** Computes the rest {@code eʳ − 1 − r} of each x, where k is the integer nearest to x/ln 2 and {@code r = x − k·ln 2}. */
    static void rest(double[] x, int i, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            DoubleVector k = v.mul(LOG2_E).add(ROUNDING).sub(ROUNDING);
            v.sub(k.mul(LN2_HIGH)).sub(k.mul(LN2_LOW)).intoArray(y, e);
        }
        restOf(y, n);
    }

    /**
     * Computes the rest {@code eʳ − 1 − r} of each sum {@code x + low}, where k is the integer nearest to x/ln 2 and {@code r = x + low −
     * k·ln 2}.
     */
    static void rest(double[] x, double[] low, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, e);
            DoubleVector k = v.mul(LOG2_E).add(ROUNDING).sub(ROUNDING);
            DoubleVector less = k.mul(LN2_LOW).sub(DoubleVector.fromArray(SPECIES, low, e));
            v.sub(k.mul(LN2_HIGH)).sub(less).intoArray(y, e);
        }
        restOf(y, n);
    }

    /** Replaces each element r by {@code eʳ − 1 − r}. */
    private static void restOf(double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector r = DoubleVector.fromArray(SPECIES, y, e);
            DoubleVector square = r.mul(r);
            DoubleVector even = square.mul(REST_8)
                    .add(REST_6)
                    .mul(square)
                    .add(REST_4)
                    .mul(square)
                    .add(REST_2)
                    .mul(square)
                    .add(REST_0);
            DoubleVector odd = square.mul(REST_9)
                    .add(REST_7)
                    .mul(square)
                    .add(REST_5)
                    .mul(square)
                    .add(REST_3)
                    .mul(square)
                    .add(REST_1);
            square.mul(odd.mul(r).add(even)).intoArray(y, e);
        }
    }

    /** Replaces each {@code y = eˣ} by the sigmoid of x, {@code y / (1 + y)}. */
    static void logistic(double[] y, int j, int n) {
        for (int e = j; e < j + n; e += LANES) {
            DoubleVector power = DoubleVector.fromArray(SPECIES, y, e);
            DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
            DoubleVector sum = power.add(one);
            DoubleVector other = sum.sub(one);
            DoubleVector lost = one.sub(sum.sub(other)).add(power.sub(other));
            DoubleVector quotient = power.div(sum);
            quotient.sub(quotient.mul(lost).mul(one.sub(quotient))).intoArray(y, e);
        }
    }

    /** Computes {@code x·p / (1 + p)}, which for {@code p = e^z} is x times the sigmoid of z. */
    static void timesLogistic(double[] x, int i, double[] p, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            DoubleVector power = DoubleVector.fromArray(SPECIES, p, e);
            DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
            DoubleVector sum = power.add(one);
            DoubleVector other = sum.sub(one);
            DoubleVector lost = one.sub(sum.sub(other)).add(power.sub(other));
            DoubleVector quotient = power.div(sum);
            DoubleVector rest =
                    quotient.neg().fma(sum, power).sub(quotient.mul(lost)).mul(one.sub(quotient));
            DoubleVector product = v.mul(quotient);
            product.add(v.fma(quotient, product.neg()).add(v.mul(rest))).intoArray(y, j + e);
        }
    }

    /** Computes {@code −|x|}. */
    static void negativeMagnitude(double[] x, int i, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector.fromArray(SPECIES, x, i + e).abs().neg().intoArray(y, e);
        }
    }

    /** Computes {@code 2|x|}. */
    static void twice(double[] x, int i, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e).abs();
            v.add(v).intoArray(y, e);
        }
    }

    /** Computes {@code e^(x + low)}, given the {@link #rest} of the sum. */
    static void exp(double[] x, double[] low, double[] rest, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, e);
            DoubleVector rounded = v.mul(LOG2_E).add(ROUNDING);
            DoubleVector power = rounded.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(ONE)
                    .reinterpretAsDoubles();
            DoubleVector k = rounded.sub(ROUNDING);
            DoubleVector a = v.sub(k.mul(LN2_HIGH));
            DoubleVector less = k.mul(LN2_LOW).sub(DoubleVector.fromArray(SPECIES, low, e));
            DoubleVector sum = a.add(1);
            DoubleVector small = less.sub(DoubleVector.fromArray(SPECIES, rest, e));
            power.mul(sum.add(a.sub(sum.sub(1)).sub(small))).intoArray(y, e);
        }
    }

    /** Computes {@code (eˣ − 1)/2ᵏ = eʳ − 2⁻ᵏ} for {@code x = k·ln 2 + r}, given the {@link #rest} of x. */
    static void fractionLess(double[] x, int i, double[] rest, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            DoubleVector rounded = v.mul(LOG2_E).add(ROUNDING);
            DoubleVector unit = rounded.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .neg()
                    .add(ONE)
                    .reinterpretAsDoubles();
            DoubleVector base = DoubleVector.broadcast(SPECIES, 1).sub(unit);
            DoubleVector k = rounded.sub(ROUNDING);
            DoubleVector a = v.sub(k.mul(LN2_HIGH));
            DoubleVector sum = base.add(a);
            DoubleVector small = k.mul(LN2_LOW).sub(DoubleVector.fromArray(SPECIES, rest, e));
            sum.add(a.sub(sum.sub(base)).sub(small)).intoArray(y, e);
        }
    }

    /** Computes {@code tanh(y/2) = E/(E + 2)} with {@code E = eʸ − 1}, given the {@link #rest} of y, in place. */
    static void tanh(double[] y, double[] rest, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, e);
            DoubleVector rounded = v.mul(LOG2_E).add(ROUNDING);
            DoubleVector unit = rounded.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .neg()
                    .add(ONE)
                    .reinterpretAsDoubles();
            DoubleVector base = DoubleVector.broadcast(SPECIES, 1).sub(unit);
            DoubleVector k = rounded.sub(ROUNDING);
            DoubleVector a = v.sub(k.mul(LN2_HIGH));
            DoubleVector large = base.add(a);
            DoubleVector small =
                    a.sub(large.sub(base)).sub(k.mul(LN2_LOW).sub(DoubleVector.fromArray(SPECIES, rest, e)));
            DoubleVector fraction = large.add(small);
            DoubleVector two = unit.add(unit);
            DoubleVector divisor = fraction.add(two);
            DoubleVector lost = divisor.sub(two).sub(fraction);
            DoubleVector dividend = large.add(small.add(lost.mul(fraction.mul(0.5))));
            dividend.div(divisor).intoArray(y, e);
        }
    }

    /**
     * Multiplies {@code (eˣ − 1)/2ᵏ} in place by 2ᵏ, with k the integer nearest to x/ln 2; the results {@code eˣ − 1} are correct except
     * for the sign of 0.
     */
    static void expm1(double[] x, int i, double[] fraction, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector.fromArray(SPECIES, x, i + e)
                    .mul(LOG2_E)
                    .add(ROUNDING)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(ONE)
                    .reinterpretAsDoubles()
                    .mul(DoubleVector.fromArray(SPECIES, fraction, e))
                    .intoArray(fraction, e);
        }
    }

    /** Computes {@code above·x} where x is above 0, and {@code below·exponential} elsewhere. */
    static void below0(double above, double below, double[] x, int i, double[] exponential, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            DoubleVector.fromArray(SPECIES, exponential, e)
                    .mul(below)
                    .blend(v.mul(above), v.compare(VectorOperators.GT, 0))
                    .intoArray(y, j + e);
        }
    }
}
