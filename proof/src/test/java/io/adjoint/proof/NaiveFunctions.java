package io.adjoint.proof;

import java.util.function.DoubleUnaryOperator;

/** References for special functions at small arguments, computed directly from the functions' definitions. */
final class NaiveFunctions {
    private static final double EULER_GAMMA = 0.5772156649015329;
    private static final int TERMS = 60;

    private NaiveFunctions() {}

    static double asinh(double x) {
        return Math.copySign(Math.log1p(Math.abs(x) + x * x / (1 + Math.sqrt(x * x + 1))), x);
    }

    /** {@code 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(1·3·…·(2n+1))}, whose terms have one sign. */
    static double erf(double x) {
        double sum = 0;
        double term = x;
        for (int n = 1; n < 200; n++) {
            sum += term;
            term *= 2 * x * x / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** Computes erfc; from 1 on, where 1 − erf loses digits, by Laplace's continued fraction. */
    static double erfc(double x) {
        if (x < 1) {
            return 1 - erf(x);
        }
        double fraction = x;
        for (int n = 500; n >= 1; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }

    static double normalCdf(double x) {
        return erfc(-x / Math.sqrt(2)) / 2;
    }

    /** Computes the inverse of erf by bisection. */
    static double erfinv(double y) {
        // The interval ends at 0, since erf(0) is exactly 0.
        double low = y < 0 ? -6 : 0;
        double high = y > 0 ? 6 : 0;
        for (int k = 0; k < 100; k++) {
            double middle = (low + high) / 2;
            if (erf(middle) < y) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    static double sinc(double x) {
        double turn = Math.rint(x);
        double sin = Math.sin(Math.PI * (x - turn));
        return x == 0 ? 1 : (turn % 2 == 0 ? sin : -sin) / (Math.PI * x);
    }

    /** Computes log Γ by {@code log Γ(1 + t) = −γt + Σ ζ(k)(−t)ᵏ/k} for |t| ≤ ½; the recurrence reduces other arguments to these. */
    static double lgamma(double x) {
        if (x < 0.5) {
            return lgamma(x + 1) - Math.log(Math.abs(x));
        }
        if (x > 2.5) {
            return lgamma(x - 1) + Math.log(x - 1);
        }
        double t = x > 1.5 ? x - 2 : x - 1;
        double sum = -EULER_GAMMA * t;
        for (int k = 2; k < TERMS; k++) {
            sum += zeta(k) * Math.pow(-t, k) / k;
        }
        return x > 1.5 ? Math.log1p(t) + sum : sum;
    }

    /** Computes digamma by the derivative of the series of log Γ. */
    static double digamma(double x) {
        if (x < 0.5) {
            return digamma(x + 1) - 1 / x;
        }
        if (x > 1.5) {
            return digamma(x - 1) + 1 / (x - 1);
        }
        double sum = -EULER_GAMMA;
        for (int k = 2; k < TERMS; k++) {
            sum -= zeta(k) * Math.pow(1 - x, k - 1);
        }
        return sum;
    }

    /** Computes the n-th derivative of digamma, {@code ±n!·Σ 1/(x + i)^(n+1)}. */
    static double polygamma(int n, double x) {
        double factorial = 1;
        for (int k = 2; k <= n; k++) {
            factorial *= k;
        }
        return (n % 2 == 0 ? -factorial : factorial) * hurwitz(n + 1, x);
    }

    private static double zeta(int s) {
        return hurwitz(s, 1);
    }

    /** Computes {@code Σ 1/(x + i)ˢ}: the first 100 terms, and the rest by Euler and Maclaurin's formula. */
    static double hurwitz(double s, double x) {
        double far = x + 100;
        double rest = Math.pow(far, 1 - s) / (s - 1)
                + Math.pow(far, -s) / 2
                + s * Math.pow(far, -s - 1) / 12
                - s * (s + 1) * (s + 2) * Math.pow(far, -s - 3) / 720;
        DoubleUnaryOperator term = i -> Math.pow(x + i, -s);
        for (int i = 99; i >= 0; i--) {
            rest += term.applyAsDouble(i);
        }
        return rest;
    }

    /** {@code Σ (x/2)^(2k+n)/(k!(k + n)!)} for n = 0 or 1. */
    static double bessel(int n, double x) {
        double term = n == 0 ? 1 : x / 2;
        double sum = 0;
        for (int k = 1; k < TERMS; k++) {
            sum += term;
            term *= x * x / 4 / k / (k + n);
        }
        return sum;
    }

    static double multigammaln(double x, int p) {
        double sum = p * (p - 1) / 4.0 * Math.log(Math.PI);
        for (int j = 1; j <= p; j++) {
            sum += lgamma(x + (1 - j) / 2.0);
        }
        return sum;
    }

    /** {@code x^a·e^(−x)·Σ xⁿ/Γ(a + n + 1)}. */
    static double igamma(double a, double x) {
        double term = Math.exp(a * Math.log(x) - x - lgamma(a + 1));
        double sum = 0;
        for (int n = 1; n < 200; n++) {
            sum += term;
            term *= x / (a + n);
        }
        return sum;
    }

    static double igammaInv(double a, double p) {
        return inverse(x -> igamma(a, x), p, 60);
    }

    /** {@code x^a·Σ (1 − b)ₙ/n!·xⁿ/(a + n)/B(a, b)} for x up to ½; the other half by symmetry. */
    static double betainc(double a, double b, double x) {
        if (x > 0.5) {
            return 1 - betainc(b, a, 1 - x);
        }
        double term = Math.exp(a * Math.log(x) + lgamma(a + b) - lgamma(a) - lgamma(b));
        double sum = 0;
        for (int n = 1; n < 100; n++) {
            sum += term / (a + n - 1);
            term *= x * (n - b) / n;
        }
        return sum;
    }

    static double betaincInv(double a, double b, double p) {
        return inverse(x -> betainc(a, b, x), p, 1);
    }

    private static double inverse(DoubleUnaryOperator function, double value, double top) {
        double low = 0;
        double high = top;
        for (int k = 0; k < 100; k++) {
            double middle = (low + high) / 2;
            if (function.applyAsDouble(middle) < value) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** A function of three numbers. */
    @FunctionalInterface
    interface OfThree {
        double apply(double a, double b, double c);
    }
}
