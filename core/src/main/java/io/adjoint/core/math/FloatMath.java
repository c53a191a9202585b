package io.adjoint.core.math;

import static io.adjoint.core.math.FloatSeries.*;

import io.adjoint.core.Internal;

/**
 * Functions of floats, each within 1 ulp: {@code |computed − exact|} is at most the distance of the two floats that enclose the exact
 * value. The functions are computed in double, where short polynomials are accurate enough for a float, and each result is rounded once.
 * Exponentials, however, begin in float, since a vector holds twice as many floats as doubles, and {@link #exp} also ends in float. The
 * loops have no branches: limits and infinities result from the arithmetic itself, and NaN stays NaN. Conversions to double cost little.
 * Computing in float within 1 ulp would need sums of two floats for quotients, which would cost more.
 *
 * <p>Each stage has a short loop of its own: the JIT vectorises a loop only if its body is small. Operations that the JIT doesn't
 * vectorise, such as conversions and operations on bits, are in separate loops. All other loops are at least as fast as loops of the Vector
 * API, since the JIT unrolls them; adjoint-simd calls the loop that evaluates the long polynomial of the distribution function.
 *
 * @hidden
 */
@Internal
// Long because it is a list of functions, each with its loop.
public final class FloatMath {
    /** The arguments x as floats. */
    private final float[] from;
    /**
     * The larger term of {@code eʳ − 1 = high − low}, for {@code eˣ = 2ᵏ·eʳ}. {@link #parts} sets these two arrays and {@code rounded},
     * whose floats hold {@code k + 1023} in their lowest bits.
     */
    private final float[] high;

    private final float[] low;
    private final float[] rounded;

    /** The arguments x as doubles, for functions that compute with doubles from the beginning. */
    private final double[] x;
    /** The results of the function before they are rounded to floats. */
    private final double[] y;
    /** The intermediate results that one loop of a function leaves for the next loops. */
    private final double[] z;

    private final double[] k;
    private final double[] argument;

    private int n;

    /** Uses the thread's buffers, so a thread can compute only one function at a time. */
    public FloatMath() {
        double[][] buffers = Buffers.get();
        x = buffers[0];
        y = buffers[1];
        z = buffers[2];
        k = buffers[3];
        argument = buffers[4];
        float[][] floats = Buffers.floats();
        from = floats[0];
        high = floats[1];
        low = floats[2];
        rounded = floats[3];
    }

    /** Copies the function's next arguments, at most {@code max}, from {@code array[at]} on, and returns their number. */
    public int load(float[] array, int at, int max) {
        n = Math.min(max, from.length);
        System.arraycopy(array, at, from, 0, n);
        return n;
    }

    /** Rounds the results to floats, and writes them from {@code to[at]} on. */
    public void store(float[] to, int at) {
        for (int e = 0; e < n; e++) {
            to[at + e] = (float) y[e];
        }
    }

    /**
     * Multiplies the results, which are derivatives, by the upstream gradient, which begins at {@code g[i]}; writes the products as floats.
     */
    public void store(float[] g, int i, float[] to, int at) {
        for (int e = 0; e < n; e++) {
            z[e] = g[i + e];
        }
        for (int e = 0; e < n; e++) {
            y[e] = z[e] * y[e];
        }
        store(to, at);
    }

    // ---- stages ----

    /** Converts the arguments to the doubles x. */
    private void widen() {
        for (int e = 0; e < n; e++) {
            x[e] = from[e];
        }
    }

    /**
     * Computes the parts of {@code e^(factor·x) = 2ᵏ·eʳ}: y is 2ᵏ, and z is {@code eʳ − 1}, for {@code factor·x = k·ln 2 + r}. The product
     * {@code factor·x} is first clamped to [min, max].
     */
    private void split(float factor, float min, float max) {
        parts(factor, min, max);
        for (int e = 0; e < n; e++) {
            y[e] = Double.longBitsToDouble((long) Float.floatToRawIntBits(rounded[e]) << 52);
        }
        for (int e = 0; e < n; e++) {
            z[e] = (double) high[e] - low[e];
        }
    }

    /**
     * Computes the parts of {@code e^(factor·x) = 2ᵏ·eʳ}, with {@code factor·x} clamped to [min, max]: sets {@code rounded}, whose lowest
     * bits hold {@code k + 1023}, and {@code high − low = eʳ − 1}. For |k| below 739 (beyond, no float result depends on k) the product of
     * k and the high-order part of ln 2 is exact. So {@code high}, which is r without the contribution of ln 2's low-order part, is exact
     * as well. The contribution of the low-order part is in {@code low}, a float much smaller than r, so its rounding error is small.
     */
    private void parts(float factor, float min, float max) {
        for (int e = 0; e < n; e++) {
            high[e] = Math.min(Math.max(from[e] * factor, min), max);
        }
        for (int e = 0; e < n; e++) {
            rounded[e] = high[e] * FLOAT_LOG2_E + FLOAT_ROUND_BIASED;
        }
        for (int e = 0; e < n; e++) {
            float multiple = rounded[e] - FLOAT_ROUND_BIASED;
            high[e] = high[e] - multiple * FLOAT_LN2;
            low[e] = multiple * FLOAT_LN2_REST;
        }
        for (int e = 0; e < n; e++) {
            float r = high[e] - low[e];
            float square = r * r;
            // Even and odd powers are summed separately, so that fewer operations depend on each other than in one sum.
            // The largest term is added last, so that all rounding errors but the last are small.
            float even = (FLOAT_EXP_4 * square + FLOAT_EXP_2) * square;
            float odd = (FLOAT_EXP_5 * square + FLOAT_EXP_3) * square + FLOAT_EXP_1;
            low[e] = low[e] - square * (odd * r + even + FLOAT_EXP_0);
        }
    }

    /** Computes the parts of {@code e^y = 2ᵏ·eʳ}, with y clamped to [min, max]: sets z to {@code eʳ − 1}, and y to 2ᵏ. */
    private void split(double min, double max) {
        for (int e = 0; e < n; e++) {
            y[e] = Math.min(Math.max(y[e], min), max);
        }
        for (int e = 0; e < n; e++) {
            z[e] = y[e] * LOG2_E + ROUND_BIASED;
        }
        for (int e = 0; e < n; e++) {
            y[e] = y[e] - (z[e] - ROUND_BIASED) * LN2;
        }
        for (int e = 0; e < n; e++) {
            double r = y[e];
            double sum = EXP_6;
            sum = sum * r + EXP_5;
            sum = sum * r + EXP_4;
            sum = sum * r + EXP_3;
            sum = sum * r + EXP_2;
            sum = sum * r + EXP_1;
            sum = sum * r + EXP_0;
            y[e] = sum * r;
        }
        for (int e = 0; e < n; e++) {
            double power = Double.longBitsToDouble(Double.doubleToRawLongBits(z[e]) << 52);
            z[e] = y[e];
            y[e] = power;
        }
    }

    /** Replaces y by {@code e^y}. */
    private void expOfY() {
        split(EXP_MIN, EXP_MAX);
        for (int e = 0; e < n; e++) {
            y[e] = y[e] * (1 + z[e]);
        }
    }

    /** Replaces y, from 0 to 1, by {@code log(1 + y)}. */
    private void log1pOfY() {
        for (int e = 0; e < n; e++) {
            z[e] = y[e] / (2 + y[e]);
        }
        logOfRatio();
    }

    /** Sets y to {@code log((1 + z)/(1 − z))}, computed as z times a polynomial in z². */
    private void logOfRatio() {
        for (int e = 0; e < n; e++) {
            double w = z[e] * z[e];
            double sum = LOG_4;
            sum = sum * w + LOG_3;
            sum = sum * w + LOG_2;
            sum = sum * w + LOG_1;
            sum = sum * w + LOG_0;
            y[e] = z[e] * (2 + sum * w);
        }
    }

    /** Sets y to {@code Φ(x)}, the distribution function of the standard normal distribution, and z to {@code e^(−x²/2)}. */
    private void normalCdf() {
        widen();
        for (int e = 0; e < n; e++) {
            y[e] = x[e] * x[e] * -0.5;
        }
        split(EXP_MIN, EXP_MAX);
        normalCdf(x, y, z, n);
    }

    /**
     * Sets y to {@code Φ(x)}, the distribution function of the standard normal distribution, and z to {@code e^(−x²/2)}. On entry y and z
     * hold 2ᵏ and {@code eʳ − 1} for {@code e^(−x²/2) = 2ᵏ·eʳ}.
     */
    public static void normalCdf(double[] x, double[] y, double[] z, int n) {
        for (int e = 0; e < n; e++) {
            y[e] = y[e] * (1 + z[e]);
        }
        for (int e = 0; e < n; e++) {
            z[e] = Math.min(Math.abs(x[e]), CDF_MAX);
        }
        for (int e = 0; e < n; e++) {
            z[e] = (z[e] - 4) / (z[e] + 4);
        }
        for (int e = 0; e < n; e++) {
            double t = z[e];
            double sum = TAIL_11;
            sum = sum * t + TAIL_10;
            sum = sum * t + TAIL_9;
            sum = sum * t + TAIL_8;
            sum = sum * t + TAIL_7;
            sum = sum * t + TAIL_6;
            sum = sum * t + TAIL_5;
            sum = sum * t + TAIL_4;
            sum = sum * t + TAIL_3;
            sum = sum * t + TAIL_2;
            sum = sum * t + TAIL_1;
            sum = sum * t + TAIL_0;
            z[e] = y[e];
            y[e] = sum * y[e];
        }
        for (int e = 0; e < n; e++) {
            // Here one is 1 for x > 0, else 0. On the right side y is Φ(−|x|), so Φ(x) is 1 − y for x > 0, else y.
            double one = Math.min(Math.max(x[e] * 1e300, 0), 1);
            y[e] = one - (2 * one - 1) * y[e];
        }
    }

    // ---- functions ----

    /** Computes {@code eˣ} for n numbers, as floats from the beginning to the end. */
    public static void exp(float[] x, int i, float[] y, int j, int n) {
        FloatMath math = new FloatMath();
        for (int done = 0; done < n; ) {
            int m = math.load(x, i + done, n - done);
            math.exp(y, j + done);
            done += m;
        }
    }

    /**
     * Writes {@code eˣ = 2ᵏ·eʳ}. If the result is a subnormal number, 2ᵏ may be too small for a float, so eʳ is multiplied by two factors
     * whose product is 2ᵏ.
     */
    private void exp(float[] to, int at) {
        parts(1, -FLOAT_EXP_MAX, FLOAT_EXP_MAX);
        for (int e = 0; e < n; e++) {
            int bits = Float.floatToRawIntBits(rounded[e]) - EXCESS;
            int half = bits >>> 1;
            rounded[e] = Float.intBitsToFloat(half << FLOAT_SIGNIFICAND);
            from[e] = Float.intBitsToFloat((bits - half) << FLOAT_SIGNIFICAND);
        }
        for (int e = 0; e < n; e++) {
            high[e] = (1 + (high[e] - low[e])) * rounded[e] * from[e];
        }
        System.arraycopy(high, 0, to, at, n);
    }

    /** {@code eˣ − 1}, computed entirely in double: in float the largest error would be 1.01 ulp. */
    public void expm1() {
        for (int e = 0; e < n; e++) {
            y[e] = from[e];
        }
        split(EXPM1_MIN, EXPM1_MAX);
        for (int e = 0; e < n; e++) {
            // On the right side y is 2ᵏ, and z is eʳ − 1. Subtracting 1 − y, in place of adding y − 1, makes the result
            // −0 for x = −0.
            y[e] = y[e] * z[e] - (1 - y[e]);
        }
    }

    /** The natural logarithm; NaN for negative x. */
    public void log() {
        for (int e = 0; e < n; e++) {
            y[e] = from[e];
        }
        logOfY(false);
    }

    /** {@code log(1 + x)}. */
    public void log1p() {
        widen();
        for (int e = 0; e < n; e++) {
            y[e] = 1 + x[e];
        }
        logOfY(true);
    }

    /** Replaces y by its natural logarithm. If {@code plus} is true, y is the sum {@code 1 + x}, whose rounding error is corrected. */
    private void logOfY(boolean plus) {
        System.arraycopy(y, 0, argument, 0, n);
        for (int e = 0; e < n; e++) {
            long bits = Double.doubleToRawLongBits(y[e]);
            long exponent = (bits - ROOT_HALF + ONE) & EXPONENT;
            k[e] = Double.longBitsToDouble((exponent >>> 52) + TWO_TO_52);
            z[e] = Double.longBitsToDouble(bits - exponent + ONE);
        }
        if (plus) {
            for (int e = 0; e < n; e++) {
                // z[e], which is (1 + x)/2ᵏ, becomes z[e] − 1 plus a correction: the rounding error of the sum 1 + x if
                // the
                // sum's exponent k is 0, and 0 for any other k. Since 1 − z[e] is subtracted, and not z[e] − 1 added,
                // the
                // new z[e] is −0 for x = −0.
                double near = Math.min(x[e], 1);
                z[e] = (near - (near + 1 - 1)) - (1 - z[e]);
            }
        } else {
            for (int e = 0; e < n; e++) {
                z[e] = z[e] - 1;
            }
        }
        for (int e = 0; e < n; e++) {
            z[e] = z[e] / (2 + z[e]);
        }
        logOfRatio();
        for (int e = 0; e < n; e++) {
            // The product k·ln 2 is computed as (−k)·(−ln 2), which is −0 for k = 0; the sum of −0 and −0 is −0, so
            // log1p(−0) is −0.
            y[e] = (BIASED - k[e]) * -LN2 + y[e];
        }
        for (int e = 0; e < n; e++) {
            double v = argument[e];
            y[e] = v > 0 && v < Double.POSITIVE_INFINITY ? y[e] : logOfLimit(v);
        }
    }

    private static double logOfLimit(double v) {
        return v == 0 ? Double.NEGATIVE_INFINITY : v > 0 ? v : Double.NaN;
    }

    /** {@code 1/(1 + e⁻ˣ)}. */
    public void sigmoid() {
        split(-1, SPLIT_MIN, SPLIT_MAX);
        for (int e = 0; e < n; e++) {
            y[e] = 1 / (1 + y[e] * (1 + z[e]));
        }
    }

    /** {@code x/(1 + e⁻ˣ)}. */
    public void silu() {
        widen();
        split(-1, SPLIT_MIN, SPLIT_MAX);
        for (int e = 0; e < n; e++) {
            y[e] = x[e] / (1 + y[e] * (1 + z[e]));
        }
    }

    /** {@code −log(1 + e⁻ˣ)}. */
    public void logSigmoid() {
        log1pOfTail();
        for (int e = 0; e < n; e++) {
            y[e] = Math.min(x[e], 0) - y[e];
        }
    }

    /** {@code log(1 + eˣ)}. For x from 17 on the result rounds to x, so softplus's threshold of 20 needs no special case. */
    public void softplus() {
        log1pOfTail();
        for (int e = 0; e < n; e++) {
            y[e] = Math.max(x[e], 0) + y[e];
        }
    }

    /** Computes {@code y = log(1 + e^−|x|)}. */
    private void log1pOfTail() {
        widen();
        for (int e = 0; e < n; e++) {
            from[e] = -Math.abs(from[e]);
        }
        split(1, SPLIT_MIN, SPLIT_MAX);
        for (int e = 0; e < n; e++) {
            y[e] = y[e] * (1 + z[e]);
        }
        log1pOfY();
    }

    /** The hyperbolic tangent, {@code m/(m + 2)} with {@code m = e²ˣ − 1}. */
    public void tanh() {
        split(2, EXPM1_MIN, EXPM1_MAX);
        for (int e = 0; e < n; e++) {
            double m = y[e] * z[e] - (1 - y[e]);
            y[e] = m / (m + 2);
        }
    }

    /** The error function. */
    public void erf() {
        widen();
        for (int e = 0; e < n; e++) {
            z[e] = Math.min(Math.max(x[e], -ERF_MAX), ERF_MAX);
        }
        for (int e = 0; e < n; e++) {
            x[e] = z[e] * z[e] * ERF_SCALE - 1;
        }
        for (int e = 0; e < n; e++) {
            double u = x[e];
            double sum = ERF_17;
            sum = sum * u + ERF_16;
            sum = sum * u + ERF_15;
            sum = sum * u + ERF_14;
            sum = sum * u + ERF_13;
            sum = sum * u + ERF_12;
            sum = sum * u + ERF_11;
            sum = sum * u + ERF_10;
            sum = sum * u + ERF_9;
            y[e] = sum;
        }
        for (int e = 0; e < n; e++) {
            double u = x[e];
            double sum = y[e];
            sum = sum * u + ERF_8;
            sum = sum * u + ERF_7;
            sum = sum * u + ERF_6;
            sum = sum * u + ERF_5;
            sum = sum * u + ERF_4;
            sum = sum * u + ERF_3;
            sum = sum * u + ERF_2;
            sum = sum * u + ERF_1;
            sum = sum * u + ERF_0;
            y[e] = sum * z[e];
        }
    }

    /** GELU: {@code x·Φ(x)}, where Φ is the distribution function of the standard normal distribution. */
    public void gelu() {
        normalCdf();
        for (int e = 0; e < n; e++) {
            y[e] = x[e] * y[e];
        }
    }

    /** The derivative of {@link #gelu}. */
    public void geluSlope() {
        normalCdf();
        for (int e = 0; e < n; e++) {
            y[e] = y[e] + x[e] * (z[e] * DENSITY_AT_0);
        }
    }

    /** The tanh approximation of GELU: {@code x/2·(1 + tanh(√(2/π)·(x + 0.044715x³)))}. */
    public void geluTanh() {
        widen();
        for (int e = 0; e < n; e++) {
            y[e] = -x[e] * (GELU_SCALE + GELU_CUBIC * (x[e] * x[e]));
        }
        expOfY();
        for (int e = 0; e < n; e++) {
            y[e] = x[e] / (1 + y[e]);
        }
    }

    /** The derivative of {@link #geluTanh}. Overwrites the arguments. */
    public void geluTanhSlope() {
        widen();
        for (int e = 0; e < n; e++) {
            x[e] = Math.min(Math.max(x[e], -50), 50);
        }
        for (int e = 0; e < n; e++) {
            y[e] = -x[e] * (GELU_SCALE + GELU_CUBIC * (x[e] * x[e]));
        }
        expOfY();
        for (int e = 0; e < n; e++) {
            double s = 1 / (1 + y[e]);
            y[e] = s + x[e] * s * (1 - s) * (GELU_SCALE + 3 * GELU_CUBIC * (x[e] * x[e]));
        }
    }

    /** {@code x·tanh(log(1 + eˣ))}; with {@code p = eˣ·(eˣ + 2)} the hyperbolic tangent is {@code p/(p + 2)}. */
    public void mish() {
        widen();
        split(1, SPLIT_MIN, MISH_MAX);
        for (int e = 0; e < n; e++) {
            double power = y[e] * (1 + z[e]);
            double p = power * (power + 2);
            y[e] = x[e] * (p / (p + 2));
        }
    }

    /** The derivative of {@link #mish}. */
    public void mishSlope() {
        widen();
        split(1, SPLIT_MIN, MISH_MAX);
        for (int e = 0; e < n; e++) {
            y[e] = y[e] * (1 + z[e]);
        }
        for (int e = 0; e < n; e++) {
            double p = y[e] * (y[e] + 2);
            double t = p / (p + 2);
            y[e] = t + x[e] * (y[e] / (y[e] + 1)) * (1 - t * t);
        }
    }

    /** {@code x} above 0, {@code eˣ − 1} below. */
    public void elu() {
        widen();
        split(1, EXPM1_MIN, -0f);
        for (int e = 0; e < n; e++) {
            y[e] = Math.max(x[e], -0.0) + (y[e] * z[e] - (1 - y[e]));
        }
    }

    /** {@code scale·x} above 0, {@code scale·α·(eˣ − 1)} below. */
    public void selu() {
        widen();
        split(1, EXPM1_MIN, -0f);
        for (int e = 0; e < n; e++) {
            double below = y[e] * z[e] - (1 - y[e]);
            y[e] = ElementaryFunctions.SELU_SCALE * Math.max(x[e], -0.0) + ElementaryFunctions.SELU_SCALE_ALPHA * below;
        }
    }

    /** The derivative of {@link #silu}. */
    public void siluSlope() {
        widen();
        split(-1, SPLIT_MIN, SPLIT_MAX);
        for (int e = 0; e < n; e++) {
            double s = 1 / (1 + y[e] * (1 + z[e]));
            y[e] = s + x[e] * s * (1 - s);
        }
    }
}
