package io.adjoint.core.math;

/**
 * Arguments x on their way to {@code eˣ = 2ᵏ·eʳ} with {@code r = x − k·ln 2}, {@code |r| ≤ ln 2 / 2}; eʳ is the Taylor polynomial of
 * degree 13, whose remainder is below 2⁻⁵⁷. There is one short loop a step: the JIT makes vector instructions of a loop only if its
 * body is small. It can't for the factor 2ᵏ.
 */
final class ExpParts {
    /** Up to here one loop beats many with a buffer between them. */
    static final int FEW = 32;

    private static final double LOG2_E = 1 / Math.log(2);
    // ln 2 in two parts, as in fdlibm's e_exp.c: the high one ends in 21 zero bits, so k·LN2_HIGH is exact.
    private static final double LN2_HIGH = 0x1.62e42feep-1;
    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
    /** Adding and subtracting 1.5·2⁵² rounds to the nearest integer. */
    private static final double ROUND = 0x1.8p52;
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

    /** {@code eˣ − 1}, within 1 ulp. */
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
        return (x * LOG2_E + ROUND) - ROUND;
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
        double a = x - k * LN2_HIGH;
        double base = 1 - unit;
        double sum = base + a;
        return sum + ((a - (sum - base)) - (k * LN2_LOW - r * r * tail));
    }

    static double tail(double r) {
        double tail = 1.0 / 6227020800L;
        tail = tail * r + 1.0 / 479001600;
        tail = tail * r + 1.0 / 39916800;
        tail = tail * r + 1.0 / 3628800;
        tail = tail * r + 1.0 / 362880;
        tail = tail * r + 1.0 / 40320;
        tail = tail * r + 1.0 / 5040;
        tail = tail * r + 1.0 / 720;
        tail = tail * r + 1.0 / 120;
        tail = tail * r + 1.0 / 24;
        tail = tail * r + 1.0 / 6;
        tail = tail * r + 0.5;
        return tail;
    }
}
