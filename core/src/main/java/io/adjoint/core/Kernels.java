package io.adjoint.core;

/**
 * Loops of functions that are worth one of their own: the exponentials, which {@code java.lang.Math} computes one at a time,
 * and derivatives that would otherwise take several passes over memory.
 *
 * <p>The exponentials are computed as {@code eˣ = 2ᵏ·eʳ} with {@code r = x − k·ln 2}, {@code |r| ≤ ln 2 / 2}, and the Taylor
 * polynomial of degree 13 for eʳ, whose remainder is below 2⁻⁵⁷. All but the factor 2ᵏ is vectorised by the JIT, without the
 * fused multiply-add that some processors lack; every element is computed by the same operations wherever it stands.
 */
public final class Kernels {
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

    private static final int CHUNK = 512;

    private Kernels() {}

    /** {@code eˣ}; within 1 ulp. */
    public static void exp(double[] x, int i, double[] y, int j, int n) {
        if (n <= FEW) {
            for (int e = 0; e < n; e++) {
                double k = nearestPower(x[i + e]);
                y[j + e] = scaled(k, fraction(x[i + e], k), x[i + e]);
            }
            return;
        }
        double[] power = new double[Math.min(n, CHUNK)];
        double[] fraction = new double[power.length];
        for (int done = 0; done < n; done += CHUNK) {
            int m = Math.min(CHUNK, n - done);
            int from = i + done;
            int to = j + done;
            for (int e = 0; e < m; e++) {
                double k = nearestPower(x[from + e]);
                power[e] = k;
                fraction[e] = fraction(x[from + e], k);
            }
            for (int e = 0; e < m; e++) {
                y[to + e] = scaled(power[e], fraction[e], x[from + e]);
            }
        }
    }

    /** {@code 1 / (1 + e⁻ˣ)}, computed as {@code eˣ / (1 + eˣ)}, which neither overflows nor loses small values. */
    public static void sigmoid(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            // From 40 on the quotient is 1.
            y[j + e] = Math.min(x[i + e], 40);
        }
        exp(y, j, y, j, n);
        for (int e = j; e < j + n; e++) {
            y[e] = y[e] / (1 + y[e]);
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
                y[j + e] = tanhOf(x[i + e], tanhNear0(x[i + e]), k, fraction(twice, k));
            }
            return;
        }
        double[] near0 = new double[Math.min(n, CHUNK)];
        double[] power = new double[near0.length];
        double[] fraction = new double[near0.length];
        for (int done = 0; done < n; done += CHUNK) {
            int m = Math.min(CHUNK, n - done);
            int from = i + done;
            int to = j + done;
            for (int e = 0; e < m; e++) {
                near0[e] = tanhNear0(x[from + e]);
            }
            for (int e = 0; e < m; e++) {
                double twice = twiceClamped(x[from + e]);
                double k = nearestPower(twice);
                power[e] = k;
                fraction[e] = fraction(twice, k);
            }
            for (int e = 0; e < m; e++) {
                y[to + e] = tanhOf(x[from + e], near0[e], power[e], fraction[e]);
            }
        }
    }

    /** {@code 2|x|}, but from |x| = 20 on, where tanh is 1, no more than 40. */
    private static double twiceClamped(double x) {
        return 2 * Math.min(Math.abs(x), 20);
    }

    private static double tanhNear0(double x) {
        double z = x * x;
        double p = (-0x1.edc5baafd6f4bp-1 * z - 0x1.8d26a0e26682dp6) * z - 0x1.93ac030580563p10;
        double q = ((z + 0x1.c33f28a581b86p6) * z + 0x1.176fa0e5535fap11) * z + 0x1.2ec102442040cp12;
        return x + x * (z * (p / q));
    }

    private static double tanhOf(double x, double near0, double k, double fraction) {
        // The sign of x on both branches: near 0 it would be lost for -0.
        return Math.copySign(Math.abs(x) < 0.625 ? near0 : 1 - 2 / (twoTo(k) * fraction + 1), x);
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
        double high = x - k * LN2_HIGH;
        double low = k * LN2_LOW;
        double r = high - low;
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
        return 1 + (high - (low - r * r * tail));
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
            z[k + e] = v > 0 ? g[i + e] : v == 0 ? 0 : v;
        }
    }
}
