package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * The constants of the exponential of doubles, {@code eˣ = 2ᵏ·eʳ} with {@code r = x − k·ln 2} and {@code |r| ≤ ln 2 / 2}, for
 * {@link ExpParts} and for the vector loops of adjoint-simd. Logarithms also take ln 2 from here.
 *
 * @hidden
 */
@Internal
public final class ExpSeries {
    /** 1/ln 2: x times this number, rounded to an integer, is k. */
    public static final double LOG2_E = 0x1.71547652b82fep0;

    /** The high-order part of ln 2, as in fdlibm's e_exp.c: it ends in 21 zero bits, so its product with k is exact. */
    public static final double LN2_HIGH = 0x1.62e42feep-1;

    /** The low-order part of ln 2. */
    public static final double LN2_LOW = 0x1.a39ef35793c76p-33;

    /** Adding this number, 1.5·2⁵², to a double and then subtracting it rounds the double to the nearest integer. */
    public static final double ROUNDING = 0x1.8p52;

    // The polynomial for (eʳ − 1 − r)/r², by Remez' algorithm; each coefficient was rounded to a double before the next
    // coefficients were determined. The relative error of eʳ is below 2⁻⁵⁷. REST_n is the coefficient of rⁿ.
    public static final double REST_0 = 0x1.000000000000ap-1;
    public static final double REST_1 = 0x1.5555555555503p-3;
    public static final double REST_2 = 0x1.55555555504e8p-5;
    public static final double REST_3 = 0x1.111111111ed9bp-7;
    public static final double REST_4 = 0x1.6c16c1853fa74p-10;
    public static final double REST_5 = 0x1.a01a017629596p-13;
    public static final double REST_6 = 0x1.a019966a8f434p-16;
    public static final double REST_7 = 0x1.71de483649382p-19;
    public static final double REST_8 = 0x1.28b150791f963p-22;
    public static final double REST_9 = 0x1.af24fe3e56e5ap-26;

    private ExpSeries() {}
}
