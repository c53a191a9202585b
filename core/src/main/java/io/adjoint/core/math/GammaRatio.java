package io.adjoint.core.math;

/**
 * The differences {@code log Γ(a + b) − log Γ(a)}, {@code ψ(a + b) − ψ(a)} and {@code ψ′(a + b) − ψ′(a)} for a > 0 and small b ≥ 0, with
 * full relative precision, so that their quotients by b are precise for any b.
 *
 * @param log the first difference without its term {@code b·log scale}
 * @param scale a number near a, or 16 and more if a is small
 * @param digamma the second difference
 * @param trigamma the third difference
 */
record GammaRatio(double log, double scale, double digamma, double trigamma) {

    static GammaRatio of(double a, double b) {
        double low = a;
        double logs = 0;
        double digamma = 0;
        double trigamma = 0;
        for (; low < GammaFunctions.FAR; low++) {
            double high = low + b;
            double difference = b / (low * high);
            logs -= Logarithms.log1p(b / low);
            digamma += difference;
            trigamma -= difference * (1 / low + 1 / high);
        }
        // From here on Stirling's series and its derivatives, term by term: with p = 1/low and q = 1/(low + b), the
        // difference of two powers is q^(n + 2) − p^(n + 2) = p²·(qⁿ − pⁿ) + qⁿ·(q² − p²).
        double p = 1 / low;
        double q = 1 / (low + b);
        double odd = -b * p * q;
        double step = odd * (p + q);
        double power = q;
        double even = step;
        double log = Logarithms.log1p(b * p);
        logs += (low - 0.5 + b) * log - b;
        digamma += log - odd / 2;
        trigamma += odd + step / 2;
        for (int k = 1; k <= 9; k++) {
            double bernoulli = GammaFunctions.bernoulli(k);
            logs += bernoulli / (2 * k * (2 * k - 1)) * odd;
            digamma -= bernoulli / (2 * k) * even;
            odd = p * p * odd + power * step;
            trigamma += bernoulli * odd;
            power *= q;
            even = p * p * even + power * step;
            power *= q;
        }
        return new GammaRatio(logs, low, digamma, trigamma);
    }
}
