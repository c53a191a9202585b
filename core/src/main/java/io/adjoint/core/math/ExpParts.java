package io.adjoint.core.math;

import static io.adjoint.core.math.ExpSeries.*;

/**
 * Arguments x on their way to {@code eˣ = 2ᵏ·eʳ} with {@code r = x − k·ln 2}, {@code |r| ≤ ln 2 / 2}; eʳ is a polynomial of degree 11.
 * There is one short loop a step: the JIT makes vector instructions of a loop only if its body is small. It can't for the factor 2ᵏ.
 */
final class ExpParts {
    /** Up to here one loop beats many with a buffer between them. */
    static final int FEW = 32;

    /** 2ᵏ and 2ᵏ·eʳ are normal numbers up to here. */
    private static final double LARGEST_POWER = 1020;
    /** eˣ is 0 below. */
    private static final double MIN = -746;
    /** eˣ is infinite from here on. */
    private static final double MAX = 710;

    /** Up to this magnitude of x, eˣ has all its digits, and so has e⁻ˣ. */
    static final double NORMAL = 700;

    final double[] x;
    final double[] k;
    final double[] r;
    /** {@code (eʳ − 1 − r)/r²}. */
    final double[] tail;

    /** For up to {@link Buffers#RUN} arguments at a time. */
    ExpParts() {
        double[][] buffers = Buffers.get();
        x = buffers[0];
        k = buffers[1];
        r = buffers[2];
        tail = buffers[3];
    }

    /** Computes all parts of the first m arguments. */
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

    /** {@code eˣ} of the first m arguments. */
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

    /** {@code e^(high + low)} of a number whose magnitude is below 700. */
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

    /** The factor in two steps: the first is exact, the second rounds as a subnormal number or infinity asks for. */
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

    /** {@code eʳ} for {@code r = x − k·ln 2}, whose rounding error is carried along. */
    private static double fraction(double x, double k) {
        double r = remainder(x, k);
        return joined(x, k, r, tail(r));
    }

    static double remainder(double x, double k) {
        return (x - k * LN2_HIGH) - k * LN2_LOW;
    }

    private static double joined(double x, double k, double r, double tail) {
        // 1 + a exactly, so that all but the last rounding are those of small terms.
        double a = x - k * LN2_HIGH;
        double sum = 1 + a;
        return sum + ((a - (sum - 1)) - (k * LN2_LOW - r * r * tail));
    }

    /** {@code eʳ − unit} for {@code unit = 2⁻ᵏ}: {@code 2⁻ᵏ·(eˣ − 1)}, with all digits near x = 0. */
    static double fractionLess(double unit, double x, double k, double r, double tail) {
        return large(unit, x, k) + small(unit, x, k, r, tail);
    }

    /** The larger of two terms of {@link #fractionLess}, before that is rounded. */
    static double large(double unit, double x, double k) {
        return (1 - unit) + (x - k * LN2_HIGH);
    }

    /** The smaller one, with what {@link #large} lost by rounding. */
    static double small(double unit, double x, double k, double r, double tail) {
        double a = x - k * LN2_HIGH;
        double base = 1 - unit;
        return (a - (base + a - base)) - (k * LN2_LOW - r * r * tail);
    }

    /** {@code E + 2} of {@code E = e²ˣ − 1}, both divided by 2ᵏ, from the terms of E. */
    static double tanhDivisor(double unit, double large, double small) {
        return (large + small) + 2 * unit;
    }

    /**
     * {@code E/2ᵏ}, the dividend of {@code tanh x = E/(E + 2)}. What the divisor has lost by rounding, times the quotient, is added before
     * this is rounded itself. Half of it is near enough to the quotient where that counts, which is below x = 1/2.
     */
    static double tanhDividend(double unit, double large, double small, double divisor) {
        double fraction = large + small;
        return large + (small + (divisor - 2 * unit - fraction) * (0.5 * fraction));
    }

    static double tail(double r) {
        // Even and odd powers apart: fewer operations wait for one another than in one sum.
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
