package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * The constants of {@link FloatMath}, also for the vector loops of adjoint-simd. The polynomials minimize the largest relative error of the
 * functions that they approximate, by Remez' algorithm; the constant with number n is the coefficient of the n-th power.
 *
 * @hidden
 */
@Internal
public final class FloatSeries {
    /** The logarithm of e to base 2: {@code eˣ} is 2 to the power of x times this number. */
    public static final double LOG2_E = ExpSeries.LOG2_E;

    /** The natural logarithm of 2. */
    public static final double LN2 = 0x1.62e42fefa39efp-1;

    /**
     * Adding this number to a number k rounds k to an integer, and puts {@code k + 1023}, the exponent field of 2ᵏ, into the sum's lowest
     * bits.
     */
    public static final double ROUND_BIASED = 0x1.8p52 + 1023;

    /**
     * Smaller x are replaced by this number before {@code eˣ = 2ᵏ·eʳ} is computed. Its k is −1023, so {@code k + 1023}, the exponent field
     * of 2ᵏ, is 0: 2ᵏ, and with it {@code eˣ}, becomes 0.
     */
    public static final double EXP_MIN = -709.2;

    /**
     * Larger x are replaced by this number before {@code eˣ = 2ᵏ·eʳ} is computed. Its k is 1024, so {@code k + 1023}, the exponent field of
     * 2ᵏ, is the field of infinity: 2ᵏ, and with it {@code eˣ}, becomes infinity.
     */
    public static final double EXP_MAX = 709.6;

    /** {@link #LOG2_E} as a float. */
    public static final float FLOAT_LOG2_E = (float) LOG2_E;

    /** The high-order part of {@link #LN2}, its first 16 bits. */
    public static final float FLOAT_LN2 = 0x1.62e4p-1f;

    /** The low-order part of {@link #LN2}. */
    public static final float FLOAT_LN2_REST = (float) (LN2 - FLOAT_LN2);

    /** {@link #ROUND_BIASED} as a float. */
    public static final float FLOAT_ROUND_BIASED = 0x1.8p23f + 1023;

    /** The number of bits of a float's significand, which are below the bits of its exponent. */
    public static final int FLOAT_SIGNIFICAND = 23;

    /**
     * {@code k + 1023} minus this number is k plus twice the bias of a float's exponent: the sum of the exponent fields of two floats whose
     * product is 2ᵏ.
     */
    public static final int EXCESS = 1023 - 2 * 127;

    /** For x above this number, {@code eˣ} is infinite as a float; for x below its negative, 0. */
    public static final float FLOAT_EXP_MAX = 104.5f;

    /** The lower limit of arguments x that are split as {@code x = k·ln 2 + r} in float, the counterpart of {@link #EXP_MIN}. */
    public static final float SPLIT_MIN = -709.25f;

    /** The upper limit of arguments x that are split as {@code x = k·ln 2 + r} in float, the counterpart of {@link #EXP_MAX}. */
    public static final float SPLIT_MAX = 709.5f;

    /** For smaller x, {@code eˣ − 1} is −1 as a float. */
    public static final float EXPM1_MIN = -50;

    /** For larger x, {@code eˣ − 1} is infinite as a float. */
    public static final float EXPM1_MAX = 100;

    /** The bits of the double nearest to √½. */
    public static final long ROOT_HALF = 0x3FE6A09E667F3BCDL;

    /** The bits of the double 1. */
    public static final long ONE = 0x3FF0000000000000L;

    /** The mask of a double's exponent bits. */
    public static final long EXPONENT = 0x7FF0000000000000L;

    /** The bits of 2⁵²; adding a small integer to them gives the bits of 2⁵² plus that integer. */
    public static final long TWO_TO_52 = 0x4330000000000000L;

    /** 2⁵² plus the bias of a double's exponent: subtracting it from 2⁵² plus an exponent field gives the exponent. */
    public static final double BIASED = 0x1p52 + 1023;

    /** For |x| above this number, erf x is ±1 as a float. */
    public static final double ERF_MAX = 3.93;

    /** Maps x² for |x| up to {@link #ERF_MAX} to the interval from 0 to 2. */
    public static final double ERF_SCALE = 2 / (ERF_MAX * ERF_MAX);

    /** For |x| above this number, Φ(x), the distribution function of the standard normal distribution, is 0 or 1 as a float. */
    public static final double CDF_MAX = 16;

    /** The standard normal density at 0, {@code 1/√(2π)}. */
    public static final double DENSITY_AT_0 = ActivationTerms.DENSITY_AT_0;

    /** {@code √(8/π)}, twice the linear factor of GELU's tanh approximation. */
    public static final double GELU_SCALE = Math.sqrt(8 / Math.PI);

    /** Twice the cubic factor of GELU's tanh approximation. */
    public static final double GELU_CUBIC = 0.044715 * GELU_SCALE;

    /** For x from this number on, mish x is x as a float. */
    public static final float MISH_MAX = 40;

    // The polynomial for (eʳ − 1)/r in r, for |r| ≤ ln 2 / 2, with a relative error below 2⁻³².
    public static final double EXP_0 = 0x1.00000000224bdp+0;
    public static final double EXP_1 = 0x1.000000281394cp-1;
    public static final double EXP_2 = 0x1.555554c60538ep-3;
    public static final double EXP_3 = 0x1.5554adb493627p-5;
    public static final double EXP_4 = 0x1.1111a67c49caep-7;
    public static final double EXP_5 = 0x1.6d74822fa540ep-10;
    public static final double EXP_6 = 0x1.a019df4379e90p-13;

    // The polynomial for (eʳ − 1 − r)/r² in r, for |r| ≤ ln 2 / 2; each coefficient was rounded to a float before the
    // next coefficients were determined. The relative error of eʳ is below 2⁻³¹.
    public static final float FLOAT_EXP_0 = 0x1.0p-1f;
    public static final float FLOAT_EXP_1 = 0x1.55553cp-3f;
    public static final float FLOAT_EXP_2 = 0x1.5554f2p-5f;
    public static final float FLOAT_EXP_3 = 0x1.113734p-7f;
    public static final float FLOAT_EXP_4 = 0x1.6d40eap-10f;
    public static final float FLOAT_EXP_5 = 0x1.6b6416p-13f;

    // The polynomial for (log((1 + z)/(1 − z))/z − 2)/z² in z², for |z| ≤ 1/3; the relative error of the logarithm is
    // below 2⁻³³.
    public static final double LOG_0 = 0x1.5555585697c53p-1;
    public static final double LOG_1 = 0x1.9996a875fc209p-2;
    public static final double LOG_2 = 0x1.2509727c9bb8bp-2;
    public static final double LOG_3 = 0x1.b6d69eb360303p-3;
    public static final double LOG_4 = 0x1.f1aef6e7ac155p-3;

    // The polynomial for erf(x)/x in ERF_SCALE·x² − 1, for |x| up to ERF_MAX, with a relative error below 2⁻²⁹.
    public static final double ERF_0 = 0x1.7074b5a7adbc3p-2;
    public static final double ERF_1 = -0x1.6ff1bcac05741p-3;
    public static final double ERF_2 = 0x1.11fb8f751b80ep-3;
    public static final double ERF_3 = -0x1.be77d46c05b51p-4;
    public static final double ERF_4 = 0x1.730815826e3c6p-4;
    public static final double ERF_5 = -0x1.2f9826749d717p-4;
    public static final double ERF_6 = 0x1.de639a41d5f21p-5;
    public static final double ERF_7 = -0x1.663f3d4076e7fp-5;
    public static final double ERF_8 = 0x1.faeb20dfc0ccbp-6;
    public static final double ERF_9 = -0x1.4ec331229b770p-6;
    public static final double ERF_10 = 0x1.96e027232fd5bp-7;
    public static final double ERF_11 = -0x1.e1523f942f795p-8;
    public static final double ERF_12 = 0x1.25f55ebbbb999p-8;
    public static final double ERF_13 = -0x1.1d954d511bd2ep-9;
    public static final double ERF_14 = 0x1.31159e568e1e2p-11;
    public static final double ERF_15 = -0x1.699af0bea3aadp-12;
    public static final double ERF_16 = 0x1.ae1e3452a544fp-12;
    public static final double ERF_17 = -0x1.3b85af673c8e4p-13;

    // The polynomial for e^(x²/2)·Φ(−x) in (x − 4)/(x + 4), for x from 0 to 15, with a relative error below 2⁻³¹; Φ is
    // the distribution function of the standard normal distribution.
    public static final double TAIL_0 = 0x1.82b4bb8d2297ap-4;
    public static final double TAIL_1 = -0x1.5cf97b1bcadbbp-3;
    public static final double TAIL_2 = 0x1.fd751a07a921cp-4;
    public static final double TAIL_3 = -0x1.25b6a49187f06p-4;
    public static final double TAIL_4 = 0x1.f9b06141b1f9ap-6;
    public static final double TAIL_5 = -0x1.16474178cf26bp-7;
    public static final double TAIL_6 = 0x1.0a137099fbe60p-11;
    public static final double TAIL_7 = 0x1.4fb93a90a3442p-11;
    public static final double TAIL_8 = -0x1.86e90ed84fc3dp-13;
    public static final double TAIL_9 = -0x1.9ce8caae4abc6p-15;
    public static final double TAIL_10 = 0x1.ab4cfc5f011ecp-16;
    public static final double TAIL_11 = 0x1.005408a6f091ap-17;

    private FloatSeries() {}
}
