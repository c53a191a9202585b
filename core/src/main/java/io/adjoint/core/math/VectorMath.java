package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * The loops of functions of FLOAT64 with exponentials, which {@code java.lang.Math} computes one at a time. They use
 * {@link ExpParts}, whose loops the JIT vectorises, without fused multiply-add. Every element is computed by the same operations, so its
 * result doesn't depend on its position.
 *
 * @hidden
 */
@Internal
public final class VectorMath {
    private static final int RUN = Buffers.RUN;

    private VectorMath() {}

    /** {@code eˣ}; within 1 ulp. */
    public static void exp(double[] x, int i, double[] y, int j, int n) {
        if (n <= ExpParts.FEW) {
            for (int e = 0; e < n; e++) {
                y[j + e] = ExpParts.exp(x[i + e]);
            }
            return;
        }
        ExpParts parts = new ExpParts();
        for (int done = 0; done < n; done += RUN) {
            int m = Math.min(RUN, n - done);
            System.arraycopy(x, i + done, parts.x, 0, m);
            parts.exp(m, y, j + done);
        }
    }

    /**
     * {@code 1 / (1 + e⁻ˣ)}, computed as {@code eˣ / (1 + eˣ)}, which neither overflows nor loses precision where the result is tiny;
     * within 2 ulp. The denominator's rounding error is corrected.
     */
    public static void sigmoid(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            // From x = 40 on the quotient rounds to 1, so larger x, whose exponentials could overflow, are replaced
            // by 40.
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

    /** {@code x / (1 + e⁻ˣ)}; within 2 ulp, since the rounding errors of quotient and product are carried along. */
    public static void silu(double[] x, int i, double[] y, int j, int n) {
        double[] powers = Buffers.get()[4];
        for (int done = 0; done < n; done += RUN) {
            int m = Math.min(RUN, n - done);
            for (int e = 0; e < m; e++) {
                powers[e] = Math.min(x[i + done + e], 40);
            }
            exp(powers, 0, powers, 0, m);
            for (int e = 0; e < m; e++) {
                double v = x[i + done + e];
                y[j + done + e] = Math.abs(v) > ExpParts.NORMAL
                        ? ElementaryFunctions.timesSigmoid(v, DD.of(v))
                        : timesSigmoid(v, powers[e]);
            }
        }
    }

    static double timesSigmoid(double x, double power) {
        double sum = 1 + power;
        double other = sum - 1;
        double lost = (1 - (sum - other)) + (power - other);
        double quotient = power / sum;
        double rest = (Math.fma(-quotient, sum, power) - quotient * lost) * (1 - quotient);
        double product = x * quotient;
        return product + (Math.fma(x, quotient, -product) + x * rest);
    }

    /**
     * The gradient of {@link #silu} with respect to its input x: {@code g·(s + x·s·(1 − s))}, where g is the upstream gradient and s the
     * {@link #sigmoid} of x.
     */
    public static void siluGradient(double[] g, int i, double[] x, int j, double[] z, int k, int n) {
        double[] factor = Buffers.get()[4];
        for (int done = 0; done < n; done += RUN) {
            int m = Math.min(RUN, n - done);
            sigmoid(x, j + done, factor, 0, m);
            for (int e = 0; e < m; e++) {
                double s = factor[e];
                z[k + done + e] = g[i + done + e] * (s + x[j + done + e] * s * (1 - s));
            }
        }
    }

    /**
     * {@code tanh x}; within 2 ulp. It is {@code E/(E + 2)} with the sign of x, for {@code E = e^(2|x|) − 1}, which has full precision near
     * 0. Dividend and divisor are both divided by the 2ᵏ of {@code e^(2|x|) = 2ᵏ·eʳ}.
     */
    public static void tanh(double[] x, int i, double[] y, int j, int n) {
        if (n <= ExpParts.FEW) {
            for (int e = 0; e < n; e++) {
                double twice = twiceClamped(x[i + e]);
                double k = ExpParts.power(twice);
                double unit = ExpParts.twoTo(-k);
                double r = ExpParts.remainder(twice, k);
                double large = ExpParts.large(unit, twice, k);
                double small = ExpParts.small(unit, twice, k, r, ExpParts.tail(r));
                double divisor = ExpParts.tanhDivisor(unit, large, small);
                double dividend = ExpParts.tanhDividend(unit, large, small, divisor);
                y[j + e] = Math.copySign(dividend / divisor, x[i + e]);
            }
            return;
        }
        ExpParts parts = new ExpParts();
        double[] unit = Buffers.get()[4];
        for (int done = 0; done < n; done += RUN) {
            int m = Math.min(RUN, n - done);
            int from = i + done;
            for (int e = 0; e < m; e++) {
                parts.x[e] = twiceClamped(x[from + e]);
            }
            parts.split(m);
            for (int e = 0; e < m; e++) {
                unit[e] = ExpParts.twoTo(-parts.k[e]);
            }
            for (int e = 0; e < m; e++) {
                parts.tail[e] = ExpParts.small(unit[e], parts.x[e], parts.k[e], parts.r[e], parts.tail[e]);
            }
            for (int e = 0; e < m; e++) {
                parts.r[e] = ExpParts.large(unit[e], parts.x[e], parts.k[e]);
            }
            for (int e = 0; e < m; e++) {
                parts.x[e] = ExpParts.tanhDivisor(unit[e], parts.r[e], parts.tail[e]);
            }
            for (int e = 0; e < m; e++) {
                parts.r[e] = ExpParts.tanhDividend(unit[e], parts.r[e], parts.tail[e], parts.x[e]);
            }
            for (int e = 0; e < m; e++) {
                parts.r[e] = parts.r[e] / parts.x[e];
            }
            for (int e = 0; e < m; e++) {
                y[j + done + e] = Math.copySign(parts.r[e], x[from + e]);
            }
        }
    }

    /** {@code 2|x|}, clamped to 40: tanh x rounds to ±1 from |x| = 20 on. */
    private static double twiceClamped(double x) {
        return 2 * Math.min(Math.abs(x), 20);
    }

    /** Returns g if y is not 0, else 0, by a mask: a branch would be mispredicted half of the time, which takes four times as long. */
    static double unlessZero(double g, double y) {
        long bits = Double.doubleToRawLongBits(y) << 1;
        long mask = (bits | -bits) >> 63;
        return Double.longBitsToDouble(Double.doubleToRawLongBits(g) & mask);
    }

    static float unlessZero(float g, float y) {
        int bits = Float.floatToRawIntBits(y) << 1;
        int mask = (bits | -bits) >> 31;
        return Float.intBitsToFloat(Float.floatToRawIntBits(g) & mask);
    }
}
