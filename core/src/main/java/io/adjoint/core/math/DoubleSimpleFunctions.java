package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * The loops of functions of a few arithmetic operations each. The float version is generated from this file; it computes the gradients of
 * sigmoid and tanh in double and rounds once.
 *
 * @hidden
 */
@Internal
public final class DoubleSimpleFunctions {
    private DoubleSimpleFunctions() {}

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

    /** {@code √x}; NaN for negative x. */
    public static void sqrt(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = (double) Math.sqrt(x[i + e]);
        }
    }

    /** {@code max(x, 0)}; NaN stays NaN. */
    public static void relu(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = Math.max(x[i + e], 0);
        }
    }

    /** {@code x} for x above 0, {@code slope·x} below; the slopes are an operand, since they are learned. */
    public static void prelu(double[] x, int i, double[] slope, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = x[i + e];
            z[k + e] = v > 0 ? v : slope[j + e] * v;
        }
    }

    /** The derivative of {@link #prelu} with respect to x: 1 for x above 0, the slope for x ≤ 0; NaN for NaN. */
    public static void preluSlope(double[] x, int i, double[] slope, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = x[i + e];
            z[k + e] = v > 0 ? 1 : v <= 0 ? slope[j + e] : v;
        }
    }

    /** The gradient of sigmoid with respect to its input: {@code g·y·(1 − y)}, for the upstream gradient g and the output y. */
    public static void sigmoidGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            /*wide*/ double v = y[j + e];
            z[k + e] = (double) (g[i + e] * (v * (1 - v)));
        }
    }

    /** The gradient of tanh with respect to its input: {@code g·(1 − y²)}, for the upstream gradient g and the output y. */
    public static void tanhGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            /*wide*/ double v = y[j + e];
            z[k + e] = (double) (g[i + e] * (1 - v * v));
        }
    }

    /**
     * The gradient of {@link #relu} with respect to its input, from its output y: the upstream gradient g where {@code y > 0}, 0 where
     * {@code y = 0}, NaN where y is NaN.
     */
    public static void reluGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = y[j + e];
            z[k + e] = Double.isNaN(v) ? v : VectorMath.unlessZero(g[i + e], v);
        }
    }
}
