package io.adjoint.core.math;

/**
 * Sine and cosine with the bits of {@code StrictMath}, in half of its time: the algorithm of fdlibm's e_rem_pio2.c, k_sin.c and k_cos.c,
 * which {@code StrictMath} is specified to have, for angles below 2¹⁹; {@code StrictMath} itself for all others, and next to the multiples
 * of π/2.
 */
public final class Trigonometry {
    /** The angle, near π/4, from which on multiples of π/2 are subtracted. */
    private static final double NEAR = 0x1.921fcp-1;

    private static final double LARGE = 0x1p19;
    private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
    /** The first 33 bits of π/2, and the rest. */
    private static final double HALF_PI = 0x1.921fb544p+0;

    private static final double HALF_PI_REST = 0x1.0b4611a626331p-34;
    /** The coefficient of x³. */
    private static final double CUBIC = -0x1.5555555555549p-3;

    private static final long THREE_TENTHS = 0x3fd33333_00000000L;

    private Trigonometry() {}

    /** The sine of an angle in radians. */
    public static double sin(double x) {
        double angle = Math.abs(x);
        if (angle < NEAR) {
            double z = x * x;
            return angle < 0x1p-27 ? x : x + z * x * (CUBIC + z * sineRest(z));
        }
        return Math.copySign(1, x) * turned(angle, 0);
    }

    /** The cosine of an angle in radians. */
    public static double cos(double x) {
        double angle = Math.abs(x);
        return angle < NEAR ? cosine(angle, 0) : turned(angle, 1);
    }

    /** The sine of an angle of {@link #NEAR} or more, and some quarters of a turn. */
    private static double turned(double angle, int quarters) {
        int n = (int) (angle * TWO_OVER_PI + 0.5);
        double high = angle - n * HALF_PI;
        double rest = n * HALF_PI_REST;
        double x = high - rest;
        if (!(angle < LARGE) || Math.getExponent(angle) - Math.getExponent(x) > 16) {
            return quarters == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
        }
        double y = high - x - rest;
        int quadrant = n + quarters;
        double value = (quadrant & 1) == 0 ? sine(x, y) : cosine(x, y);
        return (quadrant & 2) == 0 ? value : -value;
    }

    /** The sine of x + y for a small y. */
    private static double sine(double x, double y) {
        double z = x * x;
        double cube = z * x;
        return x - ((z * (0.5 * y - cube * sineRest(z)) - y) - cube * CUBIC);
    }

    private static double sineRest(double z) {
        double rest = 0x1.5d93a5acfd57cp-33;
        rest = rest * z - 0x1.ae5e68a2b9cebp-26;
        rest = rest * z + 0x1.71de357b1fe7dp-19;
        rest = rest * z - 0x1.a01a019c161d5p-13;
        return rest * z + 0x1.111111110f8a6p-7;
    }

    /** The cosine of x + y for a small y: {@code (1 − q) − (z/2 − q − …)}, where q is about x/4, so that {@code 1 − q} is exact. */
    private static double cosine(double x, double y) {
        double z = x * x;
        double rest = -0x1.8fae9be8838d4p-37;
        rest = rest * z + 0x1.1ee9ebdb4b1c4p-29;
        rest = rest * z - 0x1.27e4f809c52adp-22;
        rest = rest * z + 0x1.a01a019cb159p-16;
        rest = rest * z - 0x1.6c16c16c15177p-10;
        rest = rest * z + 0x1.555555555554cp-5;
        long bits = Double.doubleToRawLongBits(x) & Long.MAX_VALUE;
        // A mask, since no processor can predict this branch.
        long isSmall = (bits - THREE_TENTHS) >> 63;
        long quarter = ((bits & (-1L << 32)) - (2L << 52)) & ~isSmall;
        double q = Math.abs(x) < 0x1.90001p-1 ? Double.longBitsToDouble(quarter) : 0.28125;
        return (1 - q) - ((0.5 * z - q) - (z * (z * rest) - x * y));
    }
}
