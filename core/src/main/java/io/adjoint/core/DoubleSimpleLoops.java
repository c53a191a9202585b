package io.adjoint.core;

/** The loops of functions that take an operation or two in the elements' own type. The float version is generated from this file. */
final class DoubleSimpleLoops {
    private DoubleSimpleLoops() {}

    static void neg(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = -x[i + e];
        }
    }

    static void square(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = x[i + e] * x[i + e];
        }
    }

    static void reciprocal(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = 1 / x[i + e];
        }
    }

    /** Computes {@code max(x, 0)}; NaN stays NaN. */
    static void relu(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = Math.max(x[i + e], 0);
        }
    }

    /** Computes {@code x} for x above 0, and {@code slope·x} below; the slopes are an operand, since they are learned. */
    static void prelu(double[] x, int i, double[] slope, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = x[i + e];
            z[k + e] = v > 0 ? v : slope[j + e] * v;
        }
    }

    /** Computes the derivative of {@link #prelu} with respect to x: 1 for x above 0, the slope for x ≤ 0; NaN for NaN. */
    static void preluSlope(double[] x, int i, double[] slope, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double v = x[i + e];
            z[k + e] = v > 0 ? 1 : v <= 0 ? slope[j + e] : v;
        }
    }
}
