package io.adjoint.core;

import io.adjoint.core.math.FloatMath;

/**
 * The {@link FunctionLoops} of FLOAT32. This class computes the simplest functions, and quotients, in float; {@link FloatMath} computes all
 * other functions.
 */
final class Float32Functions implements FunctionLoops<float[]> {
    @Override
    public void apply(UnaryFunction f, float[] x, int i, float[] y, int j, int n) {
        switch (f) {
            case NEG -> neg(x, i, y, j, n);
            case RECIPROCAL -> reciprocal(x, i, y, j, n);
            case RELU -> relu(x, i, y, j, n);
            case SQUARE -> square(x, i, y, j, n);
            default -> {
                FloatMath math = new FloatMath();
                for (int done = 0; done < n; ) {
                    int m = math.load(x, i + done, n - done);
                    if (f == UnaryFunction.EXP) {
                        math.exp(y, j + done);
                    } else {
                        compute(f, math);
                        math.store(y, j + done);
                    }
                    done += m;
                }
            }
        }
    }

    private static void compute(UnaryFunction f, FloatMath math) {
        switch (f) {
            case ELU -> math.elu();
            case ERF -> math.erf();
            case EXPM1 -> math.expm1();
            case GELU -> math.gelu();
            case GELU_TANH -> math.geluTanh();
            case LOG -> math.log();
            case LOG1P -> math.log1p();
            case LOG_SIGMOID -> math.logSigmoid();
            case MISH -> math.mish();
            case SELU -> math.selu();
            case SIGMOID -> math.sigmoid();
            case SILU -> math.silu();
            case SOFTPLUS -> math.softplus();
            case TANH -> math.tanh();
            default -> throw new IllegalStateException("no loop of " + f);
        }
    }

    @Override
    public void apply(BinaryFunction f, float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        switch (f) {
            case PRELU -> prelu(x, i, y, j, z, k, n);
            case PRELU_SLOPE -> preluSlope(x, i, y, j, z, k, n);
            case RELU_GRADIENT -> reluGradient(x, i, y, j, z, k, n);
            default -> {
                FloatMath math = new FloatMath();
                for (int done = 0; done < n; ) {
                    int m = math.load(y, j + done, n - done);
                    slope(f, math);
                    math.store(x, i + done, z, k + done);
                    done += m;
                }
            }
        }
    }

    private static void slope(BinaryFunction f, FloatMath math) {
        switch (f) {
            case GELU_GRADIENT -> math.geluSlope();
            case GELU_TANH_GRADIENT -> math.geluTanhSlope();
            case MISH_GRADIENT -> math.mishSlope();
            case SIGMOID_GRADIENT -> math.sigmoidSlope();
            case SILU_GRADIENT -> math.siluSlope();
            case TANH_GRADIENT -> math.tanhSlope();
            default -> throw new IllegalStateException("no loop of " + f);
        }
    }

    private static void neg(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = -x[i + e];
        }
    }

    private static void reciprocal(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = 1 / x[i + e];
        }
    }

    private static void relu(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = Math.max(x[i + e], 0);
        }
    }

    private static void square(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e++) {
            y[j + e] = x[i + e] * x[i + e];
        }
    }

    private static void prelu(float[] x, int i, float[] slope, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            float v = x[i + e];
            z[k + e] = v > 0 ? v : slope[j + e] * v;
        }
    }

    private static void preluSlope(float[] x, int i, float[] slope, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            float v = x[i + e];
            z[k + e] = v > 0 ? 1 : v <= 0 ? slope[j + e] : v;
        }
    }

    private static void reluGradient(float[] g, int i, float[] y, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            float v = y[j + e];
            // A bit mask, not a branch, replaces the upstream gradient by 0 where v, the output of the ReLU, is 0: a
            // branch would be mispredicted half of the time.
            int bits = Float.floatToRawIntBits(v) << 1;
            int mask = (bits | -bits) >> 31;
            float selected = Float.intBitsToFloat(Float.floatToRawIntBits(g[i + e]) & mask);
            z[k + e] = Float.isNaN(v) ? v : selected;
        }
    }
}
