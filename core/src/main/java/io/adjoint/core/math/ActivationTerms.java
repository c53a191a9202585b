package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * Coefficients and derivatives of activations. The terms of a derivative may cancel: errors are within 2⁻⁴⁶ of the largest term.
 *
 * @hidden
 */
@Internal
public final class ActivationTerms {
    /** {@code √(8/π)}. */
    static final DD ROOT_8_OVER_PI = new DD(0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);

    static final DD CUBIC = DD.of(44715).over(1e6);

    private static final DD ROOT_8_OVER_PI_CUBIC = ROOT_8_OVER_PI.times(CUBIC);

    /** The factor of x in GELU's tanh form, {@code √(8/π)}. */
    public static final double GELU_LINEAR = ROOT_8_OVER_PI.high();

    /** The rounding error of {@link #GELU_LINEAR}. */
    public static final double GELU_LINEAR_LOW = ROOT_8_OVER_PI.low();

    /** The factor of x³ in GELU's tanh form, {@code 0.044715·√(8/π)}. */
    public static final double GELU_CUBIC = ROOT_8_OVER_PI_CUBIC.high();

    /** The rounding error of {@link #GELU_CUBIC}. */
    public static final double GELU_CUBIC_LOW = ROOT_8_OVER_PI_CUBIC.low();

    /** The standard normal density at 0, {@code 1/√(2π)}. */
    public static final double DENSITY_AT_0 = Math.sqrt(2 / Math.PI) / 2;

    private ActivationTerms() {}

    /** The derivative of {@link ErrorFunctions#gelu}: {@code Φ(x) + x·e^(−x²/2)/√(2π)}. */
    public static double geluSlope(double x) {
        return ErrorFunctions.normalCdf(x) + x * (ExpParts.exp(x * x * -0.5) * DENSITY_AT_0);
    }

    /**
     * The derivative of {@link ErrorFunctions#geluTanh}: {@code s + x·s·(1 − s)·u'} with {@code s = σ(u)},
     * {@code u = √(8/π)·(x + 0.044715x³)}.
     */
    public static double geluTanhSlope(double x) {
        // Beyond ±50 the function is 0 or x to the last digit, and powers of x could overflow.
        double near = Math.min(Math.max(x, -50), 50);
        double cubic = CUBIC.high() * near * near;
        double s = 1 / (1 + ExpParts.exp(-ROOT_8_OVER_PI.high() * near * (1 + cubic)));
        return s + near * s * (1 - s) * (ROOT_8_OVER_PI.high() * (1 + 3 * cubic));
    }

    /** The derivative of {@link ElementaryFunctions#mish}: {@code t + x·σ(x)·(1 − t²)} with {@code t = tanh(log(1 + eˣ))}. */
    public static double mishSlope(double x) {
        if (x > 0) {
            // With e = e⁻ˣ and d = 1 + 2e + 2e²: t = (1 + 2e)/d, 1 − t² = 4e²(1 + e)²/d² and σ = 1/(1 + e).
            double e = ExpParts.exp(-x);
            double d = 1 + 2 * e * (1 + e);
            return ((1 + 2 * e) * d + 4 * x * e * e * (1 + e)) / (d * d);
        }
        // With e = eˣ and d = 2 + 2e + e²: t = e(2 + e)/d, 1 − t² = 4(1 + e)²/d² and σ = e/(1 + e).
        double e = ExpParts.exp(x);
        double d = 2 + e * (2 + e);
        return e * ((2 + e) * d + 4 * x * (1 + e)) / (d * d);
    }
}
