package io.adjoint.core.math;

import static io.adjoint.core.math.ExpSeries.*;

/**
 * Computes exponentials of doubles as {@code eˣ = 2ᵏ·eʳ} with {@code r = x − k·ln 2}, where k is {@code x/ln 2} rounded to an integer, so
 * that {@code |r| ≤ ln 2 / 2}, and a polynomial of degree 11 gives eʳ. Each stage has a short loop of its own, since the JIT vectorises a
 * loop only if its body is small. The JIT can't vectorise the loop for the factor 2ᵏ.
 */
final class ExpParts {
    /** The number of arguments up to which one loop is faster than several loops with buffers between them. */
    static final int FEW = 32;

    /** The largest |k| for which 2ᵏ and 2ᵏ·eʳ are sure to be normal numbers. */
    private static final double LARGEST_POWER = 1020;
    /** The x below which eˣ rounds to 0. */
    private static final double MIN = -746;
    /** The x from which on eˣ is infinite. */
    private static final double MAX = 710;

    /** The magnitude of x up to which eˣ and e⁻ˣ are normal numbers with full precision. */
    static final double NORMAL = 700;

    final double[] x;
    final double[] k;
    final double[] r;
    /** The values {@code (eʳ − 1 − r)/r²} of the arguments. */
    final double[] tail;

    /** Uses the thread's {@link Buffers}, which hold the parts of up to {@link Buffers#RUN} arguments. */
    ExpParts() {
        double[][] buffers = Buffers.get();
        x = buffers[0];
        k = buffers[1];
        r = buffers[2];
        tail = buffers[3];
    }

    /** Computes k, r and the tail of each of the first m arguments. */
    void split(int m) {
        for (int e = 0; e < m; e++) {
            k[e] = power(x[e]);
        }
        for (int e = 0; e < m; e++) {
            r[e] = remainder(x[e], k[e]);
        }
        for (int e = 0; e < m; e++) {
            tail[e] = tail(r[e]);
        }
    }

    /** Computes {@code eˣ} of the first m arguments. */
    void exp(int m, double[] y, int j) {
        split(m);
        for (int e = 0; e < m; e++) {
            tail[e] = joined(x[e], k[e], r[e], tail[e]);
        }
        for (int e = 0; e < m; e++) {
            y[j + e] = scaled(k[e], tail[e], x[e]);
        }
    }

    /** {@code eˣ}. */
    static double exp(double x) {
        double k = power(x);
        return scaled(k, fraction(x, k), x);
    }

    /** {@code e^(high + low)} for a sum whose magnitude is below 700. */
    static double exp(double high, double low) {
        double k = power(high);
        double a = high - k * LN2_HIGH;
        double rest = k * LN2_LOW - low;
        double r = a - rest;
        double sum = 1 + a;
        return twoTo(k) * (sum + ((a - (sum - 1)) - (rest - r * r * tail(r))));
    }

    /** {@code eˣ − 1}, within 2 ulp. */
    static double expm1(double x) {
        if (!(Math.abs(x) <= NORMAL)) {
            return x < 0 ? -1 : exp(x);
        }
        double k = power(x);
        double r = remainder(x, k);
        return Math.copySign(twoTo(k) * fractionLess(twoTo(-k), x, k, r, tail(r)), x);
    }

    private static double scaled(double k, double fraction, double x) {
        return Math.abs(k) <= LARGEST_POWER ? twoTo(k) * fraction : scaledTwice(Math.max(MIN, Math.min(x, MAX)));
    }

    /**
     * Computes {@code eˣ = 2ᵏ·eʳ}, where 2ᵏ takes two multiplications: the first is exact, the second rounds to a subnormal number or
     * infinity if necessary.
     */
    private static double scaledTwice(double x) {
        double k = power(x);
        double half = Math.rint(k / 2);
        return twoTo(half) * fraction(x, k) * twoTo(k - half);
    }

    static double power(double x) {
        return (x * LOG2_E + ROUNDING) - ROUNDING;
    }

    static double twoTo(double k) {
        return Double.longBitsToDouble(((long) k + 1023) << 52);
    }

    /** {@code eʳ} for {@code r = x − k·ln 2}, corrected for the rounding error of r. */
    private static double fraction(double x, double k) {
        double r = remainder(x, k);
        return joined(x, k, r, tail(r));
    }

    static double remainder(double x, double k) {
        return (x - k * LN2_HIGH) - k * LN2_LOW;
    }

    private static double joined(double x, double k, double r, double tail) {
        // The rounding error of the sum 1 + a is added to the small terms, so that only the last addition rounds a
        // large term.
        double a = x - k * LN2_HIGH;
        double sum = 1 + a;
        return sum + ((a - (sum - 1)) - (k * LN2_LOW - r * r * tail));
    }

    /** {@code (eˣ − 1)/2ᵏ = eʳ − 2⁻ᵏ}, with full precision near x = 0; {@code unit} is 2⁻ᵏ, and {@code tail} is {@code (eʳ − 1 − r)/r²}. */
    static double fractionLess(double unit, double x, double k, double r, double tail) {
        return large(unit, x, k) + small(unit, x, k, r, tail);
    }

    /** The larger of the two terms whose sum is {@link #fractionLess}. */
    static double large(double unit, double x, double k) {
        return (1 - unit) + (x - k * LN2_HIGH);
    }

    /**
     * The smaller of the two terms whose sum is {@link #fractionLess}, that is, {@code eʳ − 2⁻ᵏ} with {@code eʳ = 1 + r + r²·tail} and
     * {@code r = x − k·LN2_HIGH − k·LN2_LOW}. The larger term is the sum of {@code 1 − 2⁻ᵏ} and {@code x − k·LN2_HIGH}; the smaller term is
     * the rounding error of that sum plus the terms that the sum leaves out, {@code r²·tail − k·LN2_LOW}.
     */
    static double small(double unit, double x, double k, double r, double tail) {
        double a = x - k * LN2_HIGH;
        double base = 1 - unit;
        return (a - (base + a - base)) - (k * LN2_LOW - r * r * tail);
    }

    /**
     * The divisor of {@code tanh x = E/(E + 2)}, with {@code E = e²ˣ − 1}, divided by the 2ᵏ of {@code e²ˣ = 2ᵏ·eʳ}: {@code (E + 2)/2ᵏ},
     * where {@code large + small} is {@code E/2ᵏ}, and {@code unit} is 2⁻ᵏ.
     */
    static double tanhDivisor(double unit, double large, double small) {
        return (large + small) + 2 * unit;
    }

    /**
     * The dividend {@code E/2ᵏ} that belongs to {@link #tanhDivisor}, plus the divisor's rounding error times the quotient, which corrects
     * the quotient for this error. The correction matters only for x below 1/2, and for these x half of {@code E/2ᵏ} is close enough to the
     * quotient to be used in its place.
     */
    static double tanhDividend(double unit, double large, double small, double divisor) {
        double fraction = large + small;
        return large + (small + (divisor - 2 * unit - fraction) * (0.5 * fraction));
    }

    static double tail(double r) {
        // Even and odd powers are summed separately, so that fewer operations depend on each other than in Horner's
        // scheme.
        double square = r * r;
        double even = REST_8;
        even = even * square + REST_6;
        even = even * square + REST_4;
        even = even * square + REST_2;
        even = even * square + REST_0;
        double odd = REST_9;
        odd = odd * square + REST_7;
        odd = odd * square + REST_5;
        odd = odd * square + REST_3;
        odd = odd * square + REST_1;
        return odd * r + even;
    }
}
