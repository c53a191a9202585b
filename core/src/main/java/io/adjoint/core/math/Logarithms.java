package io.adjoint.core.math;

import static io.adjoint.core.math.ExpSeries.LN2_HIGH;
import static io.adjoint.core.math.ExpSeries.LN2_LOW;

import io.adjoint.core.Internal;

/**
 * Natural logarithms within 1 ulp, the same bits on every processor: {@code log x = k·ln 2 + log(1 + f)} for {@code x = 2ᵏ·(1 + f)} with
 * {@code √½ ≤ 1 + f < √2}, and {@code log(1 + f) = 2·artanh s} for {@code s = f/(2 + f)}, by the polynomial of fdlibm's e_log.c.
 *
 * @hidden
 */
@Internal
public final class Logarithms {
    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long ROOT_HALF = 0x3fe6a09e_00000000L;
    private static final long MANTISSA = (1L << 52) - 1;
    /** The number from which on {@code 1 + x} rounds to x. */
    private static final double LARGE = 0x1p54;

    private Logarithms() {}

    /** {@code log x}; −∞ at 0, NaN for negative x. */
    public static double log(double x) {
        if (x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE) {
            return finiteLog(x, 0);
        }
        if (x > 0 && x < 1) {
            return finiteLog(x * 0x1p54, -54);
        }
        return x == 0 ? Double.NEGATIVE_INFINITY : x < 0 ? Double.NaN : x;
    }

    private static double finiteLog(double x, double more) {
        long bits = Double.doubleToRawLongBits(x) + (ONE - ROOT_HALF);
        double k = ((bits >>> 52) - 1023) + more;
        double f = Double.longBitsToDouble((bits & MANTISSA) + ROOT_HALF) - 1;
        double s = f / (2 + f);
        double half = 0.5 * f * f;
        return s * (half + polynomial(s * s)) + k * LN2_LOW - half + f + k * LN2_HIGH;
    }

    /** {@code log(1 + x)}; −∞ at −1, NaN below. */
    public static double log1p(double x) {
        if (!(x > -1 && x <= LARGE)) {
            return x < 0 ? log(1 + x) : log(x);
        }
        double sum = 1 + x;
        double other = sum - 1;
        double lost = (1 - (sum - other)) + (x - other);
        long bits = Double.doubleToRawLongBits(sum) + (ONE - ROOT_HALF);
        long power = (bits >>> 52) - 1023;
        double k = power;
        double f = Double.longBitsToDouble((bits & MANTISSA) + ROOT_HALF) - 1;
        double s = f / (2 + f);
        // The sum is 2ᵏ·(1 + f). The logarithm of 1 + x is nearly the logarithm of the sum plus the sum's rounding
        // error divided by the sum. Two digits of this small correction suffice, so 1 − 2s + 2s² serves as 1/(1 + f).
        double rest = lost * Double.longBitsToDouble((1023 - power) << 52) * (1 - 2 * s * (1 - s));
        double half = 0.5 * f * f;
        return Math.copySign(s * (half + polynomial(s * s)) + (k * LN2_LOW + rest) - half + f + k * LN2_HIGH, x);
    }

    /** {@code (log((1 + s)/(1 − s)) − 2s)/s} as a polynomial in z = s², where {@code s = f/(2 + f)}. */
    private static double polynomial(double z) {
        double w = z * z;
        double odd = z
                * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
        double even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
        return odd + even;
    }
}
