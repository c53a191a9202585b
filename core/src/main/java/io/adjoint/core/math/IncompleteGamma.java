package io.adjoint.core.math;

/**
 * The regularized incomplete gamma functions {@code P(a, x) = 1/Γ(a)·∫₀ˣ t^(a−1)e^(−t) dt} and {@code Q = 1 − P} with their derivatives of
 * first and second order in a, the density {@code ∂P/∂x}, and the inverse functions.
 *
 * <p>For x up to max(a, ½) P is computed, for larger x Q, and the other one is the difference from 1. With the weight {@code w =
 * x^a·e^(−x)/Γ(1 + a)}, P is {@code w·Σ xⁿ/((a + 1)…(a + n))} (DLMF 8.11.4) where a is below 32. Otherwise, with {@code t = x·e^(∓s)}, P
 * and Q are {@code w·a·∫₀ e^(E(s)) ds} with {@code E(s) = ∓a·s − x·(e^(∓s) − 1)}, which {@link Quadrature} integrates. Where Q is small
 * though x is, since a is still smaller, Q is {@code −expm1(L) − e^L·a·Σ (−x)ⁿ/((a + n)·n!)} with {@code L = a·log x − log Γ(1 + a)} (W.
 * Gautschi, A computational procedure for incomplete gamma functions, 1979).
 *
 * <p>Derivatives in a multiply the integrand by {@code score = log t − ψ(a)}, or by {@code score² − ψ′(a)}. On either side of x = a the
 * score has one sign, so no digits cancel in the first derivative.
 */
public final class IncompleteGamma {
    private static final double ROOT_2PI = 0x1.40d931ff62706p+1;
    /** The a up to which the series of P is used. */
    private static final double SERIES = 32;
    /** The smallest x at which Q is computed by quadrature. */
    private static final double SMALL = 0.5;

    private IncompleteGamma() {}

    /**
     * P, or its n-th derivative in a; NaN for negative arguments.
     *
     * @param n from 0 to 2
     */
    public static double lower(int n, double a, double x) {
        if (isLimit(a, x)) {
            return limit(n, a, x, 0, 1);
        }
        return x < Math.max(a, SMALL) ? below(n, a, x) : (n == 0 ? 1 : 0) - above(n, a, x);
    }

    /**
     * Q, or its n-th derivative in a; NaN for negative arguments.
     *
     * @param n from 0 to 2
     */
    public static double upper(int n, double a, double x) {
        if (isLimit(a, x)) {
            return limit(n, a, x, 1, 0);
        }
        if (x < Math.max(a, SMALL)) {
            return n > 0 ? -below(n, a, x) : a < SMALL ? gautschi(a, x) : 1 - below(n, a, x);
        }
        return above(n, a, x);
    }

    /** The distribution is narrower than the distance of neighbouring doubles from a = 10³⁶ on, so P is 0 or 1 unless x is a. */
    private static boolean isLimit(double a, double x) {
        return !(a >= 0 && x > 0 && a <= Double.MAX_VALUE && x <= Double.MAX_VALUE)
                || (a != x && (a > 1e36 || x / a == 0));
    }

    private static double limit(int n, double a, double x, double atZero, double atInfinity) {
        boolean undefined = !(a >= 0 && x >= 0) || (a == 0 && x == 0) || (a == x && x > 1);
        double value = x == 0 || a > x ? atZero : atInfinity;
        return undefined ? Double.NaN : n == 0 ? value : 0;
    }

    /** {@code ∂P/∂x = x^(a−1)·e^(−x)/Γ(a)}; NaN for negative arguments. */
    public static double density(double a, double x) {
        if (isLimit(a, x)) {
            boolean undefined = !(a >= 0 && x >= 0) || a == Double.POSITIVE_INFINITY;
            return undefined ? Double.NaN : x > 0 || a > 1 ? 0 : a == 1 ? 1 : a == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        DD exponent = exponent(a, DD.of(x), DD.sum(x, -a));
        double ratio = a / x;
        return ratio < 1e300
                ? exponent.expTimes(DD.of(ratio * factor(a)))
                : exponent.minus(DD.of(x).log()).expTimes(DD.of(a * factor(a)));
    }

    private static double weight(double a, double x) {
        return ErrorFunctions.expTimes(exponent(a, DD.of(x), DD.sum(x, -a)), DD.of(factor(a)));
    }

    /** The exponent of the weight, up to a {@link #factor} that depends on a only; {@code difference} is {@code x − a}. */
    static DD exponent(double a, DD x, DD difference) {
        // For large a, Stirling's formula is divided out: the rest is −a·(t − log(1 + t)) for t = (x − a)/a.
        return a < GammaFunctions.FAR
                ? x.log().times(a).minus(x).minus(GammaFunctions.lgamma1p(a))
                : Quadrature.logExcess(difference.over(a)).times(-a).plus(-GammaFunctions.correction(a));
    }

    static double factor(double a) {
        return a < GammaFunctions.FAR ? 1 : 1 / (ROOT_2PI * Math.sqrt(a));
    }

    /** {@code log x − ψ(1 + a)} for small a, {@code log x − ψ(a)} from {@link GammaFunctions#FAR} on. */
    private static double score(double a, double x) {
        if (a < GammaFunctions.FAR) {
            return Logarithms.log(x) - GammaFunctions.digamma(1 + a);
        }
        return LogDensities.logRatio(x, a) + GammaFunctions.digammaGap(a);
    }

    /** The n-th derivative of P for x below max(a, ½). */
    private static double below(int n, double a, double x) {
        if (a >= SERIES) {
            return integral(n, a, x, -1);
        }
        double weight = weight(a, x);
        double sum = 1;
        double first = 0;
        double second = 0;
        double term = 1;
        double slope = 0;
        double bend = 0;
        // The derivatives of a term are −term·Σ 1/(a + k) and term·((Σ 1/(a + k))² + Σ 1/(a + k)²).
        for (double at = a + 1; term > 0x1p-57 * sum; at++) {
            double over = 1 / at;
            term *= x * over;
            slope += over;
            bend += over * over;
            sum += term;
            first -= term * slope;
            second += term * (slope * slope + bend);
        }
        if (n == 0) {
            return weight * sum;
        }
        double score = Logarithms.log(x) - GammaFunctions.digamma(1 + a);
        if (n == 1) {
            return weight * (sum * score + first);
        }
        return weight * (sum * (score * score - GammaFunctions.polygamma(1, 1 + a)) + 2 * first * score + second);
    }

    /** The n-th derivative of Q for x from max(a, ½) on. */
    private static double above(int n, double a, double x) {
        return integral(n, a, x, 1);
    }

    /** The n-th derivative of Q for sign = 1 and of P for sign = −1, by the integral over {@code t = x·e^(sign·s)}. */
    private static double integral(int n, double a, double x, int sign) {
        double slope = Math.abs(x - a);
        double depth = Quadrature.depthOf(slope, x);
        for (int k = 0; k < 2; k++) {
            double e = slope * depth + x * Quadrature.expExcess(sign * depth);
            depth -= (e - Quadrature.DEPTH) / (slope + sign * x * ExpParts.expm1(sign * depth));
        }
        double sum = 0;
        double first = 0;
        double second = 0;
        for (int k = 0; k < Quadrature.NODES.length; k++) {
            double s = depth * Quadrature.NODES[k];
            double term = Quadrature.WEIGHTS[k] * ExpParts.exp(-slope * s - x * Quadrature.expExcess(sign * s));
            sum += term;
            first += term * s;
            second += term * (s * s);
        }
        double weight = weight(a, x) * depth;
        if (n == 0) {
            return weight * (a * sum);
        }
        first *= sign;
        // a·score and a·(score² − ψ′(a)); for small a, terms in 1/a and 1/a² are divided out.
        double score = score(a, x);
        boolean small = a < GammaFunctions.FAR;
        double once = a * score + (small ? 1 : 0);
        if (n == 1) {
            return weight * (sum * once + a * first);
        }
        double twice = small
                ? score * (a * score + 2) - a * GammaFunctions.polygamma(1, 1 + a)
                : a * (score * score - GammaFunctions.polygamma(1, a));
        return weight * (sum * twice + 2 * first * once + a * second);
    }

    /** Q for a and x below ½. */
    private static double gautschi(double a, double x) {
        double log = Logarithms.log(x) * a - GammaFunctions.lgamma1p(a).value();
        double sum = 0;
        double term = 1;
        for (int n = 1; n < 18; n++) {
            term *= -x / n;
            sum += term / (a + n);
        }
        return -ExpParts.expm1(log) - ExpParts.exp(log) * (a * sum);
    }

    /** The x at which P is p; NaN for p outside of [0, 1] or negative a. */
    public static double lowerInverse(double a, double p) {
        return p <= 0.5 ? inverse(a, p, -1) : inverse(a, 1 - p, 1);
    }

    /** The x at which Q is q; NaN for q outside of [0, 1] or negative a. */
    public static double upperInverse(double a, double q) {
        return q <= 0.5 ? inverse(a, q, 1) : inverse(a, 1 - q, -1);
    }

    /** The x at which the smaller tail, which is Q for sign = 1 and P for sign = −1, has the given probability. */
    private static double inverse(double a, double tail, int sign) {
        if (!(tail > 0 && a > 0 && a <= Double.MAX_VALUE)) {
            boolean defined = a >= 0 && a <= Double.MAX_VALUE && tail == 0;
            return defined ? (sign > 0 ? Double.POSITIVE_INFINITY : 0) : a == 0 && tail > 0 ? 0 : Double.NaN;
        }
        double start = start(a, tail, sign > 0 ? Logarithms.log1p(-tail) : Logarithms.log(tail), sign);
        if (start < TailInverse.LOWEST) {
            return ExpParts.exp(start);
        }
        return TailInverse.solve(
                start,
                tail,
                sign,
                u -> {
                    double x = ExpParts.exp(Math.max(u, TailInverse.LOWEST));
                    return new TailInverse.Tail(sign > 0 ? upper(0, a, x) : lower(0, a, x), weight(a, x) * a);
                },
                (u, step) -> ExpParts.exp(u) * ExpParts.exp(step));
    }

    /** An approximation of the logarithm of the inverse function's value. */
    private static double start(double a, double tail, double logLower, int sign) {
        // P is at most x^a/Γ(1 + a), which gives a lower bound; for large a, E. Wilson's and M. Hilferty's normal
        // approximation is nearer; for small a and small Q, the exponential tail.
        double bound = (logLower + GammaFunctions.lgamma1p(a).value()) / a;
        if (a >= 0.5) {
            double root = 1 - 1 / (9 * a) - sign * NormalQuantile.of(tail) / (3 * Math.sqrt(a));
            return root > 0 ? Math.max(bound, Logarithms.log(a) + 3 * Logarithms.log(root)) : bound;
        }
        double exponential = -Logarithms.log(tail / a);
        return sign > 0 && exponential > 1 ? Math.max(bound, Logarithms.log(exponential)) : bound;
    }
}
