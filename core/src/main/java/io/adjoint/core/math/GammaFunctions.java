package io.adjoint.core.math;

import java.util.Arrays;

/** The logarithm of the gamma function and its derivatives. */
public final class GammaFunctions {
    /** The highest order n of {@link #polygamma}; for higher orders its accuracy is not known. */
    public static final int HIGHEST_ORDER = 100;

    private static final double INF = Double.POSITIVE_INFINITY;
    private static final DD HALF_LOG_2PI = new DD(0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55);
    /** The coefficients of log Γ(2 + s): 1 − γ, then {@code (−1)ᵏ(ζ(k) − 1)/k}. The first two are sums of two doubles. */
    private static final DD LINEAR = new DD(0x1.b0ee6072093cep-2, 0x1.6cb90701fbfabp-58);

    private static final DD QUADRATIC = new DD(0x1.4a34cc4a60fa6p-2, 0x1.1873d8912200cp-56);
    private static final double[] AT_2 = {
        -0.0673523010531981,
        0.020580808427784546,
        -0.007385551028673986,
        0.0028905103307415234,
        -0.001192753911703261,
        0.0005096695247430425,
        -0.00022315475845357939,
        9.945751278180853e-05,
        -4.492623673813314e-05,
        2.050721277567069e-05,
        -9.439488275268397e-06,
        4.374866789907488e-06,
        -2.039215753801366e-06,
        9.55141213040742e-07,
        -4.492469198764566e-07,
        2.1207184805554665e-07,
        -1.0043224823968099e-07,
        4.7698101693639804e-08,
        -2.2711094608943164e-08,
        1.0838659214896955e-08,
        -5.183475041970047e-09,
        2.4836745438024785e-09,
        -1.1921401405860912e-09,
        5.731367241678862e-10,
        -2.7595228851242334e-10,
        1.330476437424449e-10
    };
    /** The positive zero of the digamma function ({@code ROOT}), and the function's Taylor coefficients at this zero. */
    private static final DD ROOT = new DD(0x1.762d86356be3fp+0, 0x1.b86a722197829p-54);

    private static final double[] AT_ROOT = {
        0.9676722454476212,
        -0.4427631689835921,
        0.258499760955651,
        -0.16394270544240652,
        0.10782405069126237,
        -0.07219956125645471,
        0.04880428816414311,
        -0.03316112647484736,
        0.022597648232218104,
        -0.01542476590494896,
        0.010538791616612175,
        -0.007204534386356869,
        0.004926781395729853,
        -0.003369801655439328,
        0.002305126326734928,
        -0.0015769367714301972
    };
    private static final double NEAR_ROOT = 0.1;
    /** B₂, B₄, … B₂₄. */
    private static final double[] BERNOULLI = {
        1.0 / 6,
        -1.0 / 30,
        1.0 / 42,
        -1.0 / 30,
        5.0 / 66,
        -691.0 / 2730,
        7.0 / 6,
        -3617.0 / 510,
        43867.0 / 798,
        -174611.0 / 330,
        854513.0 / 138,
        -236364091.0 / 2730
    };
    /** The first coefficients {@code B₂ₖ/(2k(2k − 1))} of Stirling's series. */
    private static final double[] STIRLING = new double[9];

    static {
        for (int k = 1; k <= STIRLING.length; k++) {
            STIRLING[k - 1] = BERNOULLI[k - 1] / (2 * k * (2 * k - 1));
        }
    }

    /** The x from which on the asymptotic series are accurate enough. */
    static final double FAR = 16;
    /** The x down to which the recurrence is used; below this x the reflection formula is used. */
    private static final double RECURRENCE = -20;

    private GammaFunctions() {}

    private static boolean isPole(double x) {
        return x <= 0 && x == Math.rint(x);
    }

    /**
     * {@code log |Γ(x)|}, +∞ at the poles. Within 2 ulp, except next to the zeros left of 0: there the error is up to 2⁻⁵⁸, which can be
     * more than 2 ulp of a value below 2⁻⁶.
     */
    public static double lgamma(double x) {
        if (!(Math.abs(x) < INF)) {
            return Math.abs(x);
        }
        if (isPole(x)) {
            return INF;
        }
        if (x >= FAR) {
            return stirling(x).value();
        }
        if (x < RECURRENCE) {
            DD sine = ElementaryFunctions.sinPi(x).times(-x);
            return DD.PI.over(sine.abs()).log().minus(stirling(-x)).value();
        }
        return near(DD.of(x)).value();
    }

    /** {@code log Γ(1 + a)} for a from 0 to 10¹⁵, within 2⁻⁵⁷ of the value, also near the zeros at 0 and 1. */
    static DD lgamma1p(double a) {
        return a < FAR ? near(DD.sum(1, a)) : stirling(a).plus(DD.of(a).log());
    }

    /** {@code log |Γ(x)|} for x from −20 to 17. */
    private static DD near(DD x) {
        // Γ(x) = Γ(2 + s)·∏ or Γ(2 + s)/∏, where ∏ is the product of the factors of the recurrence. Numbers of the loop
        // are pairs of local variables, since the JIT would allocate a DD in each round.
        double at = x.high();
        double atLow = x.low();
        double product = 1;
        double productLow = 0;
        boolean down = at > 2.5;
        double step = down ? -1 : 1;
        while (at > 2.5 || at < 1.5) {
            double next = at + step;
            double other = next - at;
            double nextLow = atLow + ((at - (next - other)) + (step - other));
            double factor = down ? next : at;
            double factorLow = down ? nextLow : atLow;
            double high = product * factor;
            productLow = productLow * factor + (Math.fma(product, factor, -high) + product * factorLow);
            product = high;
            at = next;
            atLow = nextLow;
        }
        DD log = DD.normal(Math.abs(product), product < 0 ? -productLow : productLow)
                .log();
        return nearTwo(DD.normal(at - 2, atLow)).plus(log.times(step).negated());
    }

    private static DD nearTwo(DD s) {
        // Even and odd powers separately, so that fewer operations depend on each other.
        double z = s.high() * s.high();
        double even = 0;
        double odd = 0;
        for (int k = AT_2.length - 2; k >= 0; k -= 2) {
            even = even * z + AT_2[k];
            odd = odd * z + AT_2[k + 1];
        }
        return QUADRATIC
                .plus((even + odd * s.high()) * s.high())
                .times(s)
                .plus(LINEAR)
                .times(s);
    }

    /** Stirling's series {@code (x − ½)·log x − x + ½·log 2π + Σ B₂ₖ/(2k(2k − 1)x^(2k−1))}. */
    private static DD stirling(double x) {
        DD log = DD.of(x).log();
        return (log.high() - 1) * x == INF
                ? DD.of(INF)
                : log.plus(-1).times(x).minus(log.times(0.5)).plus(HALF_LOG_2PI).plus(correction(x));
    }

    /** Bernoulli's number {@code B₂ₖ}, for k from 1 to 12. */
    static double bernoulli(int k) {
        return BERNOULLI[k - 1];
    }

    /** The sum of Stirling's series, for x ≥ 16. */
    static double correction(double x) {
        double z = 1 / x / x;
        double tail = 0;
        for (int k = STIRLING.length - 1; k >= 0; k--) {
            tail = tail * z + STIRLING[k];
        }
        return tail / x;
    }

    /** {@code log x − ψ(x)} for x > 0: about {@code 1/(2x)} for large x. */
    static double digammaGap(double x) {
        return x < FAR ? Logarithms.log(x) - digamma(x) : 0.5 / x + digammaTail(x);
    }

    /** The sum {@code Σ B₂ₖ/(2k·x^(2k))} for x ≥ 16. */
    private static double digammaTail(double x) {
        double z = 1 / x / x;
        double tail = 0;
        for (int k = 9; k >= 1; k--) {
            tail = (tail + BERNOULLI[k - 1] / (2 * k)) * z;
        }
        return tail;
    }

    /**
     * The derivative of {@link #lgamma}: {@code Γ′(x)/Γ(x)}; NaN at the poles, at ±0 the one-sided limit. Within 2 ulp, except next to the
     * zeros left of 0: there the error is up to 2⁻⁵⁸, which can be more than 2 ulp of a value below 2⁻⁶.
     */
    public static double digamma(double x) {
        if (Double.isInfinite(1 / x)) {
            return -1 / x;
        }
        if (!(Math.abs(x) < INF) || isPole(x)) {
            return x == INF ? x : Double.NaN;
        }
        if (Math.abs(x - ROOT.high()) < NEAR_ROOT) {
            DD t = DD.sum(x - ROOT.high(), -ROOT.low());
            double tail = 0;
            for (int k = AT_ROOT.length - 1; k > 0; k--) {
                tail = (tail + AT_ROOT[k]) * t.high();
            }
            return DD.sum(AT_ROOT[0], tail).times(t).value();
        }
        if (x < RECURRENCE) {
            return digammaFar(DD.of(-x))
                    .minus(DD.ONE.over(x))
                    .minus(cotPi(x).times(DD.PI))
                    .value();
        }
        DD at = DD.of(x);
        DD sum = DD.of(0);
        while (at.high() < FAR) {
            sum = sum.plus(DD.ONE.over(at));
            at = at.plus(1);
        }
        return digammaFar(at).minus(sum).value();
    }

    /** The asymptotic series {@code log x − 1/(2x) − Σ B₂ₖ/(2k·x^(2k))}. */
    private static DD digammaFar(DD x) {
        return x.log().plus(-digammaTail(x.high())).minus(DD.of(0.5).over(x));
    }

    /** {@code cot(πx)}. */
    private static DD cotPi(double x) {
        return ElementaryFunctions.cosPi(x).over(ElementaryFunctions.sinPi(x));
    }

    /**
     * The n-th derivative of {@link #digamma}. At the poles +∞ for odd n and NaN for even n, but at ±0 the one-sided limit. Within 2 ulp,
     * except for even n next to the zeros left of 0, where the value is a difference of large numbers; for n = 2 the error there is up to
     * 2⁻⁵⁸.
     *
     * @param n from 0 to {@value #HIGHEST_ORDER}
     */
    public static double polygamma(int n, double x) {
        if (n == 0) {
            return digamma(x);
        }
        double sign = (n & 1) == 0 ? -1 : 1;
        if (isPole(x)) {
            return sign > 0 ? INF : x == 0 ? -1 / x : Double.NaN;
        }
        if (x > RECURRENCE) {
            return sign * series(n, x);
        }
        if (!(x > Double.NEGATIVE_INFINITY)) {
            return Double.NaN;
        }
        return -cotDerivative(n, x, series(n, 1 - x));
    }

    /** {@code n!·Σ 1/(x + i)^(n+1)} over i ≥ 0; if the largest term overflows, only this term. */
    private static double series(int n, double x) {
        if (x == INF) {
            return 0;
        }
        double base = x > 0 ? x : x - Math.rint(x);
        double largest = 1 / base;
        for (int k = 1; k <= n; k++) {
            largest *= k / base;
        }
        if (Math.abs(largest) == INF) {
            return largest;
        }
        DD at = DD.of(x);
        DD sum = DD.of(0);
        while (at.high() < FAR + n) {
            DD over = DD.ONE.over(at);
            sum = sum.plus(powers(n, over).times(over));
            at = at.plus(1);
        }
        // The sum of all further terms: n!/xⁿ·(1/n + 1/x·(1/2 + Σ B₂ₖ·(n+1)…(n+2k−1)/((2k)!·x^(2k−1))))
        double z = 1 / at.high();
        double tail = 0;
        double term = z / 2;
        for (int k = 1; k <= BERNOULLI.length; k++) {
            term *= k == 1 ? n + 1 : (n + 2 * k - 2) * z / (2 * k - 1) * ((n + 2 * k - 1) * z / (2 * k));
            tail += BERNOULLI[k - 1] * term;
        }
        DD rest = DD.of(0.5).plus(tail).over(at).plus(DD.ONE.over(n));
        return sum.plus(powers(n, DD.ONE.over(at)).times(rest)).value();
    }

    /**
     * The zeta function of A. Hurwitz, {@code Σ 1/(q + k)ˢ} over k ≥ 0; ∞ for s = 1 and for q = 0, −1, …, NaN for smaller s and other
     * negative q. By the sum of the first terms and the formula of L. Euler and C. Maclaurin for the others (DLMF 25.11.5), within 4 ulp.
     */
    public static double zeta(double s, double q) {
        if (!(s > 1 && q > 0 && s < INF && q < INF)) {
            boolean pole = (s == 1 && !Double.isNaN(q)) || (s > 1 && isPole(q));
            return pole ? INF : s > 1 && q > 0 ? Powers.power(q, -s) : Double.NaN;
        }
        DD sum = DD.of(0);
        double power = Powers.pow(q, -s);
        if (power == INF) {
            return INF;
        }
        double at = q;
        for (int k = 1; at < FAR + s; k++) {
            sum = sum.plus(power);
            at = q + k;
            power = Powers.pow(at, -s);
            if (power <= 0x1p-60 * sum.high()) {
                return sum.value();
            }
        }
        double tail = 0;
        double term = s / (2 * at);
        for (int k = 1; k <= BERNOULLI.length; k++) {
            tail += BERNOULLI[k - 1] * term;
            term *= (s + 2 * k - 1) / ((2 * k + 1) * at) * ((s + 2 * k) / ((2 * k + 2) * at));
        }
        return sum.plus(power * (at / (s - 1) + (0.5 + tail))).value();
    }

    /** {@code n!/xⁿ} from 1/x; the factors are multiplied in an order in which no partial product overflows before the result does. */
    private static DD powers(int n, DD over) {
        DD product = DD.ONE;
        for (int k = 1; k <= n; k++) {
            product = product.times(over).times(k);
        }
        return product;
    }

    /**
     * {@code π·dⁿcot(πx)/dxⁿ + more}. As {@code c′ = −π(1 + c²)} for c = cot(πx), the derivative is πⁿ times a polynomial in c whose terms
     * all have the same sign.
     */
    private static double cotDerivative(int n, double x, double more) {
        DD[] terms = zeros(n + 2);
        terms[1] = DD.ONE;
        for (int k = 0; k < n; k++) {
            DD[] next = zeros(n + 2);
            for (int power = 1; power <= k + 1; power++) {
                DD slope = terms[power].times(power);
                next[power - 1] = next[power - 1].minus(slope);
                next[power + 1] = next[power + 1].minus(slope);
            }
            terms = next;
        }
        DD cot = cotPi(x);
        DD sum = DD.of(0);
        double rough = 0;
        for (int power = n + 1; power >= 0; power--) {
            sum = sum.times(cot).plus(terms[power]);
            rough = rough * cot.high() + terms[power].high();
        }
        for (int k = 0; k <= n; k++) {
            sum = sum.times(DD.PI);
            rough *= Math.PI;
        }
        return Math.abs(rough) < 1e300 ? sum.plus(more).value() : rough;
    }

    private static DD[] zeros(int n) {
        DD[] zeros = new DD[n];
        Arrays.fill(zeros, DD.of(0));
        return zeros;
    }
}
