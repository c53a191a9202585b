package io.adjoint.core.math;

import static io.adjoint.core.math.ActivationTerms.CUBIC;
import static io.adjoint.core.math.ActivationTerms.GELU_CUBIC;
import static io.adjoint.core.math.ActivationTerms.GELU_CUBIC_LOW;
import static io.adjoint.core.math.ActivationTerms.GELU_LINEAR;
import static io.adjoint.core.math.ActivationTerms.GELU_LINEAR_LOW;
import static io.adjoint.core.math.ActivationTerms.ROOT_8_OVER_PI;

/**
 * The error function and its relatives, within 2 ulp.
 *
 * <p>Except erf near 0, all functions are computed from the scaled function {@code w(x) = e^(x²)·erfc x}, which varies slowly. Around each
 * multiple of 1/8, the centre, w is computed by a Taylor polynomial, whose coefficients follow from w at the centre by {@code w' = 2xw −
 * 2/√π}. The value of w at the largest centre, 28, where erfc itself is rounded to 0, comes from the asymptotic series. Each other value
 * comes from the polynomial around the next larger centre; errors become smaller from centre to centre.
 */
public final class ErrorFunctions {
    private static final DD TWO_OVER_ROOT_PI = new DD(0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56);
    private static final DD ROOT_HALF = new DD(0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55);
    private static final int PER_UNIT = 8;
    private static final int LAST = 28;
    private static final int DEGREE = 13;
    /** The degree of the Taylor polynomial that computes w at a centre from w at the next centre, accurate to all bits of a {@link DD}. */
    private static final int CENTRE_DEGREE = 28;

    /**
     * For each centre k/8, the Taylor coefficients of {@code w(x) = e^(x²)·erfc x} at the centre, from degree 0 to 13; before them the low
     * part of the coefficient of degree 0, which is a {@link DD}.
     */
    private static final double[][] TAYLOR = taylor();

    private ErrorFunctions() {}

    private static double[][] taylor() {
        double[][] rows = new double[LAST * PER_UNIT + 1][];
        DD value = asymptotic(LAST);
        for (int row = rows.length - 1; row >= 0; row--) {
            DD[] terms = coefficients((double) row / PER_UNIT, value);
            rows[row] = new double[DEGREE + 2];
            rows[row][0] = value.low();
            for (int n = 0; n <= DEGREE; n++) {
                rows[row][n + 1] = terms[n].high();
            }
            value = terms[CENTRE_DEGREE];
            for (int n = CENTRE_DEGREE - 1; n >= 0; n--) {
                value = value.times(-1.0 / PER_UNIT).plus(terms[n]);
            }
        }
        return rows;
    }

    private static DD[] coefficients(double centre, DD value) {
        DD[] terms = new DD[CENTRE_DEGREE + 1];
        terms[0] = value;
        terms[1] = value.times(2 * centre).minus(TWO_OVER_ROOT_PI);
        for (int n = 1; n < CENTRE_DEGREE; n++) {
            terms[n + 1] =
                    terms[n].times(2 * centre).plus(terms[n - 1].times(2)).over(n + 1);
        }
        return terms;
    }

    /** The asymptotic series {@code w(x) ~ (1 − 1/(2x²) + 1·3/(2x²)² − …)/(x√π)}. */
    private static DD asymptotic(double x) {
        DD sum = DD.ONE;
        for (int n = 14; n >= 1; n--) {
            sum = sum.times(-(2 * n - 1)).over(2 * x * x).plus(1);
        }
        return sum.times(TWO_OVER_ROOT_PI).over(2 * x);
    }

    /** {@code e^(x²)·erfc x} for x from 0 to 28. */
    private static DD scaled(DD x) {
        int row = (int) Math.rint(x.high() * PER_UNIT);
        double[] terms = TAYLOR[row];
        double t = (x.high() - (double) row / PER_UNIT) + x.low();
        double sum = terms[DEGREE + 1];
        for (int n = DEGREE; n >= 2; n--) {
            sum = sum * t + terms[n];
        }
        return DD.sum(terms[1], sum * t + terms[0]);
    }

    /** {@code erf x} for |x| up to 0.5. */
    private static DD nearZero(double x) {
        double z = x * x;
        double tail = 0;
        // 2/√π·x·(1 − x²/3 + x⁴/10 − x⁶/42 + …)
        for (int n = 14; n >= 1; n--) {
            tail = (tail + 1.0 / (2 * n + 1)) * (-z / n);
        }
        return TWO_OVER_ROOT_PI.plus(TWO_OVER_ROOT_PI.high() * tail).times(x);
    }

    /** {@code erfc x} for x above 0.5. */
    private static double tail(double x) {
        return x > LAST ? 0 : expTimes(DD.product(-x, x), scaled(DD.of(x)));
    }

    /** {@code 2/√π·∫₀ˣ e^(−t²) dt}. */
    public static double erf(double x) {
        double size = Math.abs(x);
        // Tiny numbers are multiplied in double: the low part of a product of tiny numbers would underflow.
        return size < 1e-280
                ? x * TWO_OVER_ROOT_PI.high()
                : size <= 0.5 ? nearZero(x).value() : Math.copySign(1 - tail(size), x);
    }

    /** {@code 1 − erf x}, with full precision even where erf x is rounded to 1. */
    public static double erfc(double x) {
        return x > 0.5 ? tail(x) : x > -0.5 ? nearZero(x).negated().plus(1).value() : 1 - erf(x);
    }

    /** The number whose erf is y; infinite at ±1, NaN beyond. */
    public static double erfinv(double y) {
        double a = Math.abs(y);
        if (!(a < 1)) {
            return a == 1 ? y / 0.0 : Double.NaN;
        }
        if (a < 1e-8) {
            return y / TWO_OVER_ROOT_PI.high();
        }
        double x = guess(a);
        for (int k = 0; k < 3; k++) {
            // An iteration of Halley's method, for erfc in place of erf where erfc is more exact.
            double excess = x <= 0.5 ? nearZero(x).plus(-a).value() : (1 - a) - tail(x);
            double u = excess / (TWO_OVER_ROOT_PI.high() * ExpParts.exp(-x * x));
            x -= u / (1 + x * u);
        }
        return Math.copySign(x, y);
    }

    /** S. Winitzki's approximation of the inverse of erf, within 0.2 %; near 0 the first terms of its Taylor series. */
    private static double guess(double a) {
        if (a < 0.1) {
            return a / TWO_OVER_ROOT_PI.high() * (1 + Math.PI / 12 * a * a);
        }
        double log = Logarithms.log((1 - a) * (1 + a));
        double half = 2 / (Math.PI * 0.147) + log / 2;
        return Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
    }

    /** The standard normal distribution function {@code Φ(x) = erfc(−x/√2)/2}. */
    public static double normalCdf(double x) {
        double below = lowerTail(Math.abs(x), 0.5);
        return x > 0 ? 1 - below : below;
    }

    /** {@code e^(x²)·erfc x}. */
    public static double erfcx(double x) {
        if (!(x < 0)) {
            // For the largest x, x² would overflow, and 1/(x√π) is exact enough.
            return x < LAST
                    ? scaled(DD.of(x)).value()
                    : x < 1e10 ? asymptotic(x).value() : TWO_OVER_ROOT_PI.high() / 2 / x;
        }
        double power = DD.product(x, x).expTimes(DD.of(2));
        return power == Double.POSITIVE_INFINITY ? power : power - erfcx(-x);
    }

    /** {@code log Φ(x)}, also where Φ(x) is rounded to 0. */
    public static double logNdtr(double x) {
        if (x > 0) {
            return Logarithms.log1p(-lowerTail(x, 0.5));
        }
        if (x > -1) {
            return Logarithms.log(lowerTail(-x, 0.5));
        }
        double t = -x * ROOT_HALF.high();
        return Logarithms.log(erfcx(t) / 2) - x * x / 2;
    }

    /** The derivative of {@link #logNdtr}, {@code φ(x)/Φ(x)}, which is about −x for small x. */
    public static double normalHazard(double x) {
        return TWO_OVER_ROOT_PI.high() * ROOT_HALF.high() / erfcx(-x * ROOT_HALF.high());
    }

    /** {@code x + φ(x)/Φ(x)}, by Laplace's continued fraction where the sum would cancel. */
    public static double normalExcess(double x) {
        if (!(x < -2)) {
            return x + normalHazard(x);
        }
        double fraction = -x;
        for (int k = 60; k >= 2; k--) {
            fraction = k / fraction - x;
        }
        return 1 / fraction;
    }

    /** The number x at which Φ(x) is p; infinite at 0 and 1, NaN beyond. */
    public static double ndtri(double p) {
        if (!(p > 0 && p < 1)) {
            return p == 0 || p == 1 ? (p - 0.5) / 0.0 : Double.NaN;
        }
        double tail = Math.min(p, 1 - p);
        double x = -NormalQuantile.of(tail);
        // One of Newton's iterations, unless the density is subnormal.
        double density = ActivationTerms.DENSITY_AT_0 * ExpParts.exp(-x * x / 2);
        if (x < 0.67) {
            DD t = ROOT_HALF.times(x);
            double excess = nearZero(t.high()).plus(2 * tail - 1).value();
            x -= excess / (2 * density) + t.low() / ROOT_HALF.high();
        } else if (tail > 1e-300) {
            x += (lowerTail(x, 0.5) - tail) / density;
        }
        return p < 0.5 ? -x : x;
    }

    /** {@code x·Φ(x)}. */
    public static double gelu(double x) {
        if (Double.isInfinite(x)) {
            return x > 0 ? x : Double.NaN;
        }
        return x > 0 ? DD.sum(1, -lowerTail(x, 0.5)).times(x).value() : lowerTail(-x, x / 2);
    }

    /** {@code 2·factor·Φ(−x)} for x ≥ 0. */
    private static double lowerTail(double x, double factor) {
        // From 38.6 on the result is below the smallest double.
        if (x > 39) {
            return 0 * factor;
        }
        DD square = DD.product(-x, x);
        return expTimes(
                new DD(square.high() / 2, square.low() / 2),
                scaled(ROOT_HALF.times(x)).times(factor));
    }

    /** {@code eˣ·factor}, faster than {@link DD#expTimes} where eˣ is a normal number, and half an ulp worse. */
    static double expTimes(DD x, DD factor) {
        if (x.high() < -700) {
            return x.expTimes(factor);
        }
        double power = ExpParts.exp(x.high());
        return Math.fma(power, factor.high(), power * (factor.low() + factor.high() * x.low()));
    }

    /** {@code x/2·(1 + tanh(√(2/π)·(x + 0.044715x³)))}. */
    public static double geluTanh(double x) {
        // The result is x·σ(v), where v is an odd polynomial in x, computed as a sum of two doubles. For |x| up to 20,
        // e^v is a normal number.
        if (!(Math.abs(x) <= 20)) {
            return x > 0 ? x : x < -1e4 ? x * 0 : ElementaryFunctions.timesSigmoid(x, twiceGeluArgument(x));
        }
        double square = x * x;
        double squareLow = Math.fma(x, x, -square);
        double product = GELU_CUBIC * square;
        double productLow = Math.fma(GELU_CUBIC, square, -product) + (GELU_CUBIC * squareLow + GELU_CUBIC_LOW * square);
        double sum = GELU_LINEAR + product;
        double other = sum - GELU_LINEAR;
        double sumLow = ((GELU_LINEAR - (sum - other)) + (product - other)) + (GELU_LINEAR_LOW + productLow);
        double high = x * sum;
        double low = Math.fma(x, sum, -high) + x * sumLow;
        return VectorMath.timesSigmoid(x, ExpParts.exp(high, low));
    }

    private static DD twiceGeluArgument(double x) {
        return CUBIC.times(DD.product(x, x)).plus(1).times(ROOT_8_OVER_PI).times(x);
    }
}
