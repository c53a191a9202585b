package io.adjoint.core.math;

/**
 * The modified Bessel functions of the first kind {@code Iₙ}, by their power series (DLMF 10.25.2), whose terms have one sign, and for
 * large arguments by the asymptotic series (DLMF 10.40.1).
 */
public final class BesselFunctions {
    /** The x from which on the asymptotic series is used. Its smallest term is about {@code e^(−2x)}. */
    private static final double FAR = 20;

    /** Beyond this x the functions overflow. */
    private static final double HUGE = 1500;

    private BesselFunctions() {}

    /** {@code I₀(x)}. */
    public static double i0(double x) {
        double t = Math.abs(x);
        return t < FAR ? series(0, t) : grown(t, 1 + asymptotic(0, t));
    }

    /** {@code e^(−|x|)·I₀(x)}. */
    public static double i0e(double x) {
        double t = Math.abs(x);
        return t < FAR ? ExpParts.exp(-t) * series(0, t) : (1 + asymptotic(0, t)) / rootOf2Pi(t);
    }

    /** {@code I₁(x)}. */
    public static double i1(double x) {
        double t = Math.abs(x);
        return t < FAR ? x / 2 * series(1, t) : Math.copySign(grown(t, 1 + asymptotic(1, t)), x);
    }

    /** {@code e^(−|x|)·I₁(x)}. */
    public static double i1e(double x) {
        double t = Math.abs(x);
        return t < FAR
                ? x / 2 * (ExpParts.exp(-t) * series(1, t))
                : Math.copySign((1 + asymptotic(1, t)) / rootOf2Pi(t), x);
    }

    /** {@code e^(−|x|)·(I₀(x) − I₁(|x|))}, about {@code i0e(x)/(2|x|)} for large x. */
    public static double gap(double x) {
        double t = Math.abs(x);
        return t < FAR
                ? ExpParts.exp(-t) * (series(0, t) - t / 2 * series(1, t))
                : (asymptotic(0, t) - asymptotic(1, t)) / rootOf2Pi(t);
    }

    /** {@code Iₙ(x)/xⁿ}, where x may be 0. */
    public static double ratio(int n, double x) {
        double t = Math.abs(x);
        return t < FAR ? series(n, t) / factorial(n) : grown(t, (1 + asymptotic(n, t)) / power(n, t));
    }

    /** {@code e^(−|x|)·Iₙ(x)/xⁿ}, where x may be 0. */
    public static double scaledRatio(int n, double x) {
        double t = Math.abs(x);
        return t < FAR
                ? ExpParts.exp(-t) * (series(n, t) / factorial(n))
                : (1 + asymptotic(n, t)) / power(n, t) / rootOf2Pi(t);
    }

    /** {@code 2ⁿ·n!}. */
    private static double factorial(int n) {
        double product = 1;
        for (int k = 1; k <= n; k++) {
            product *= 2 * k;
        }
        return product;
    }

    private static double power(int n, double t) {
        double product = 1;
        for (int k = 1; k <= n; k++) {
            product *= t;
        }
        return product;
    }

    /** {@code eᵗ/√(2πt)·sum}, without overflow before the result overflows. */
    private static double grown(double x, double sum) {
        double t = Math.min(x, HUGE);
        double part = Math.min(t, ExpParts.NORMAL);
        return ExpParts.exp(part) * (sum / rootOf2Pi(t)) * ExpParts.exp(t - part);
    }

    /** {@code √(2πt)}. */
    private static double rootOf2Pi(double t) {
        return 4 * Math.sqrt(Math.PI / 8 * t);
    }

    /** {@code n!·Σ (x²/4)ᵏ/(k!(n + k)!)}, whose largest term is at k = x/2: each factor has more digits than a double. */
    private static double series(int n, double x) {
        double z = x / 2 * (x / 2);
        double zLow = Math.fma(x / 2, x / 2, -z);
        double sum = 1;
        double low = 0;
        double term = 1;
        double termLow = 0;
        for (int k = 1; term > 0x1p-58 * sum; k++) {
            double divisor = k * (n + k);
            double product = term * z;
            double rest = Math.fma(term, z, -product) + (term * zLow + termLow * z);
            term = product / divisor;
            termLow = (Math.fma(-term, divisor, product) + rest) / divisor;
            double next = sum + term;
            double other = next - sum;
            low += (sum - (next - other)) + (term - other) + termLow;
            sum = next;
        }
        return sum + low;
    }

    /** {@code Σ (−1)ᵏ·(4n² − 1²)(4n² − 3²)…(4n² − (2k − 1)²)/(k!(8x)ᵏ)} over k ≥ 1. */
    private static double asymptotic(int n, double x) {
        double sum = 0;
        double term = 1;
        for (int k = 1; k < 45 && Math.abs(term) > 0x1p-56; k++) {
            double odd = 2 * k - 1;
            term *= (odd * odd - 4 * n * n) / (8 * k * x);
            sum += term;
        }
        return sum;
    }
}
