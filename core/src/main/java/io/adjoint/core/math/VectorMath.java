package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * Loops of functions that are worth one of their own: the exponentials, which {@code java.lang.Math} computes one at a time,
 * and derivatives that would otherwise take several passes over memory.
 *
 * <p>The exponentials are computed as {@code eˣ = 2ᵏ·eʳ} with {@code r = x − k·ln 2}, {@code |r| ≤ ln 2 / 2}, and the Taylor
 * polynomial of degree 13 for eʳ, whose remainder is below 2⁻⁵⁷. All but the factor 2ᵏ is vectorised by the JIT, without the
 * fused multiply-add that some processors lack; every element is computed by the same operations wherever it stands.
 *
 * @hidden
 */
@Internal
public final class VectorMath {
    private static final double LOG2_E = 1 / Math.log(2);
    // ln 2 in two parts, as in fdlibm's e_exp.c: the high one ends in 21 zero bits, so k·LN2_HIGH is exact.
    private static final double LN2_HIGH = 0x1.62e42feep-1;
    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
    /** Adding and subtracting 1.5·2⁵² rounds to the nearest integer. */
    private static final double ROUND = 0x1.8p52;
    /** 2ᵏ and 2ᵏ·eʳ are normal numbers up to here. */
    private static final double LARGEST_POWER = 1020;

    /** Up to here one loop beats two with a buffer between them. */
    private static final int FEW = 32;

    /** The sigmoid of smaller numbers lacks digits. */
    private static final double NORMAL = 700;

    private static final int CHUNK = 512;
    private static final long NEAR_0 = Double.doubleToRawLongBits(0.625);

    private VectorMath() {}

    /** {@code eˣ}; within 1 ulp. */
    public static void exp(double[] x, int i, double[] y, int j, int n) {
        if (n <= FEW) {
            for (int e = 0; e < n; e++) {
                double k = nearestPower(x[i + e]);
                y[j + e] = scaled(k, fraction(x[i + e], k), x[i + e]);
            }
            return;
        }
        Chunk chunk = new Chunk(n);
        for (int done = 0; done < n; done += CHUNK) {
            int m = Math.min(CHUNK, n - done);
            System.arraycopy(x, i + done, chunk.x, 0, m);
            chunk.split(m);
            for (int e = 0; e < m; e++) {
                y[j + done + e] = scaled(chunk.k[e], chunk.fraction[e], chunk.x[e]);
            }
        }
    }

    /**
     * Part of the arguments x on their way to {@code eˣ = 2ᵏ·fraction}. One short loop a step: the JIT makes vector instructions of
     * a loop only if its body is small.
     */
    private static final class Chunk {
        final double[] x;
        final double[] k;
        final double[] r;
        final double[] fraction;

        Chunk(int n) {
            int length = Math.min(n, CHUNK);
            x = new double[length];
            k = new double[length];
            r = new double[length];
            fraction = new double[length];
        }

        void split(int m) {
            for (int e = 0; e < m; e++) {
                k[e] = nearestPower(x[e]);
            }
            for (int e = 0; e < m; e++) {
                r[e] = remainder(x[e], k[e]);
            }
            for (int e = 0; e < m; e++) {
                fraction[e] = tail(r[e]);
            }
            for (int e = 0; e < m; e++) {
                fraction[e] = joined(x[e], k[e], r[e], fraction[e]);
            }
        }
    }

    /**
     * {@code 1 / (1 + e⁻ˣ)}, computed as {@code eˣ / (1 + eˣ)}, which neither overflows nor loses small values; within 2 ulp. What
     * rounding took from the denominator is made up for.
     */
    public static void sigmoid(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            // From 40 on the quotient is 1.
            y[j + e] = Math.min(x[i + e], 40);
        }
        exp(y, j, y, j, n);
        for (int e = j; e < j + n; e++) {
            double power = y[e];
            double sum = 1 + power;
            double other = sum - 1;
            double lost = (1 - (sum - other)) + (power - other);
            double quotient = power / sum;
            y[e] = quotient - quotient * lost * (1 - quotient);
        }
    }

    /** {@code x / (1 + e⁻ˣ)}; within 2 ulp, for which quotient and product keep their rounding errors. */
    public static void silu(double[] x, int i, double[] y, int j, int n) {
        double[] powers = new double[Math.min(n, CHUNK)];
        for (int done = 0; done < n; done += CHUNK) {
            int m = Math.min(CHUNK, n - done);
            for (int e = 0; e < m; e++) {
                powers[e] = Math.min(x[i + done + e], 40);
            }
            exp(powers, 0, powers, 0, m);
            for (int e = 0; e < m; e++) {
                double v = x[i + done + e];
                y[j + done + e] = Math.abs(v) > NORMAL
                        ? ElementaryFunctions.timesSigmoid(v, DD.of(v))
                        : timesSigmoid(v, powers[e]);
            }
        }
    }

    private static double timesSigmoid(double x, double power) {
        double sum = 1 + power;
        double other = sum - 1;
        double lost = (1 - (sum - other)) + (power - other);
        double quotient = power / sum;
        double rest = (Math.fma(-quotient, sum, power) - quotient * lost) * (1 - quotient);
        double product = x * quotient;
        return product + (Math.fma(x, quotient, -product) + x * rest);
    }

    /** {@code g·(s + x·s·(1 − s))} with s the {@link #sigmoid}: the derivative of {@link #silu} from its input. */
    public static void siluGradient(double[] g, int i, double[] x, int j, double[] z, int k, int n) {
        double[] factor = new double[Math.min(n, CHUNK)];
        for (int done = 0; done < n; done += CHUNK) {
            int m = Math.min(CHUNK, n - done);
            sigmoid(x, j + done, factor, 0, m);
            for (int e = 0; e < m; e++) {
                double s = factor[e];
                z[k + done + e] = g[i + done + e] * (s + x[j + done + e] * s * (1 - s));
            }
        }
    }

    /**
     * {@code tanh x}; within 2 ulp. Below |x| = 0.625 it is {@code x + x³·P(x²)/Q(x²)} with the polynomials of S. Moshier's Cephes
     * library (tanh.c), beyond it {@code sign(x)·(1 − 2/(e^(2|x|) + 1))}.
     */
    public static void tanh(double[] x, int i, double[] y, int j, int n) {
        if (n <= FEW) {
            for (int e = 0; e < n; e++) {
                double twice = twiceClamped(x[i + e]);
                double k = nearestPower(twice);
                y[j + e] = chosen(x[i + e], tanhNear0(x[i + e]), tanhFrom(twoTo(k) * fraction(twice, k)));
            }
            return;
        }
        Chunk chunk = new Chunk(n);
        for (int done = 0; done < n; done += CHUNK) {
            int m = Math.min(CHUNK, n - done);
            int from = i + done;
            for (int e = 0; e < m; e++) {
                chunk.x[e] = twiceClamped(x[from + e]);
            }
            chunk.split(m);
            for (int e = 0; e < m; e++) {
                chunk.fraction[e] = twoTo(chunk.k[e]) * chunk.fraction[e];
            }
            for (int e = 0; e < m; e++) {
                chunk.fraction[e] = tanhFrom(chunk.fraction[e]);
            }
            for (int e = 0; e < m; e++) {
                chunk.r[e] = tanhNear0(x[from + e]);
            }
            for (int e = 0; e < m; e++) {
                y[j + done + e] = chosen(x[from + e], chunk.r[e], chunk.fraction[e]);
            }
        }
    }

    /** {@code 2|x|}, but from |x| = 20 on, where tanh is 1, no more than 40. */
    private static double twiceClamped(double x) {
        return 2 * Math.min(Math.abs(x), 20);
    }

    private static double tanhFrom(double expOfTwice) {
        return 1 - 2 / (expOfTwice + 1);
    }

    private static double tanhNear0(double x) {
        double z = x * x;
        double p = (-0x1.edc5baafd6f4bp-1 * z - 0x1.8d26a0e26682dp6) * z - 0x1.93ac030580563p10;
        double q = ((z + 0x1.c33f28a581b86p6) * z + 0x1.176fa0e5535fap11) * z + 0x1.2ec102442040cp12;
        return x + x * (z * (p / q));
    }

    /**
     * The value near 0 or the one beyond, with the sign of x. Of random arguments half are on either side, and a branch costs more
     * than both values; so the bits are blended: those of positive numbers are ordered as the numbers are.
     */
    private static double chosen(double x, double near0, double beyond) {
        long bits = Double.doubleToRawLongBits(x);
        long isNear = ((bits & Long.MAX_VALUE) - NEAR_0) >> 63;
        long magnitude = (Double.doubleToRawLongBits(near0) & isNear) | (Double.doubleToRawLongBits(beyond) & ~isNear);
        return Double.longBitsToDouble((magnitude & Long.MAX_VALUE) | (bits & Long.MIN_VALUE));
    }

    private static double scaled(double k, double fraction, double x) {
        return Math.abs(k) <= LARGEST_POWER ? twoTo(k) * fraction : Math.exp(x);
    }

    private static double nearestPower(double x) {
        return (x * LOG2_E + ROUND) - ROUND;
    }

    private static double twoTo(double k) {
        return Double.longBitsToDouble(((long) k + 1023) << 52);
    }

    /** {@code eʳ} for {@code r = x − k·ln 2}, whose rounding error is carried along. */
    private static double fraction(double x, double k) {
        double r = remainder(x, k);
        return joined(x, k, r, tail(r));
    }

    private static double remainder(double x, double k) {
        return (x - k * LN2_HIGH) - k * LN2_LOW;
    }

    private static double joined(double x, double k, double r, double tail) {
        // 1 + a exactly, so that all but the last rounding are those of small terms.
        double a = x - k * LN2_HIGH;
        double sum = 1 + a;
        return sum + ((a - (sum - 1)) - (k * LN2_LOW - r * r * tail));
    }

    /** {@code (eʳ − 1 − r)/r²}. */
    private static double tail(double r) {
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

    /** {@code −x}. */
    public static void neg(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = -x[i + e];
        }
    }

    /** {@code x²}. */
    public static void square(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = x[i + e] * x[i + e];
        }
    }

    /** {@code 1/x}. */
    public static void reciprocal(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = 1 / x[i + e];
        }
    }

    /** {@code max(x, 0)}; NaN stays NaN. */
    public static void relu(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = Math.max(x[i + e], 0);
        }
    }

    /** {@code x} above 0, {@code slope·x} below; the slopes are an operand, since they are learned. */
    public static void prelu(double[] x, int i, double[] slope, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = x[i + e];
            z[k + e] = v > 0 ? v : slope[j + e] * v;
        }
    }

    /** The derivative of {@link #prelu} by x: 1 above 0, the slope below and at 0; NaN of NaN. */
    public static void preluSlope(double[] x, int i, double[] slope, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = x[i + e];
            z[k + e] = v > 0 ? 1 : v <= 0 ? slope[j + e] : v;
        }
    }

    /** {@code g·y·(1 − y)}: the derivative of {@link #sigmoid} from its output. */
    public static void sigmoidGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            z[k + e] = g[i + e] * (y[j + e] * (1 - y[j + e]));
        }
    }

    /** {@code g·(1 − y²)}: the derivative of {@link #tanh} from its output. */
    public static void tanhGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            z[k + e] = g[i + e] * (1 - y[j + e] * y[j + e]);
        }
    }

    /** {@code g} where {@code y > 0}, 0 where {@code y = 0}, NaN where y is: the derivative of {@link #relu} from its output. */
    public static void reluGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = y[j + e];
            // Selects by a mask: a branch would be mispredicted half of the time, which takes four times as long.
            long bits = Double.doubleToRawLongBits(v) << 1;
            long mask = (bits | -bits) >> 63;
            double selected = Double.longBitsToDouble(Double.doubleToRawLongBits(g[i + e]) & mask);
            z[k + e] = Double.isNaN(v) ? v : selected;
        }
    }
}
