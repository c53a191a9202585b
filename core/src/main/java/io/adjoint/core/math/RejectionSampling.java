package io.adjoint.core.math;

import io.adjoint.core.Internal;
import java.util.random.RandomGenerator;

/**
 * Random numbers of distributions that have no simple quantile function, by exact methods of rejection and counting: a number takes as many
 * random longs as its rejections cost. All parameters up to the largest double are allowed, and those outside of a distribution's domain
 * give NaN; the algorithms are this library's own, so the numbers of a seed are the same everywhere.
 *
 * @hidden
 */
@Internal
public final class RejectionSampling {
    /** The mean from which on the transformed rejection methods apply. */
    private static final double MANY = 10;

    private RejectionSampling() {}

    /**
     * A number of the gamma distribution of shape α and scale 1: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma
     * variables", 2000; for α below 1 the number of shape α + 1 times {@code u^(1/α)}, which may underflow.
     */
    public static double gamma(double alpha, RandomGenerator random) {
        return alpha >= 1 ? marsagliaTsang(alpha, random) : ElementaryFunctions.exp(logGamma(alpha, random));
    }

    /** The logarithm of {@link #gamma}, finite also where the number underflows. */
    public static double logGamma(double alpha, RandomGenerator random) {
        if (alpha >= 1) {
            return Logarithms.log(marsagliaTsang(alpha, random));
        }
        if (!(alpha > 0)) {
            return Double.NaN;
        }
        double log = Logarithms.log(marsagliaTsang(alpha + 1, random));
        return log - Distributions.exponential(random) / alpha;
    }

    private static double marsagliaTsang(double alpha, RandomGenerator random) {
        if (alpha == Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        double d = alpha - 1.0 / 3;
        double c = 1 / (3 * Math.sqrt(d));
        while (true) {
            double x = Distributions.normal(random);
            double step = c * x;
            // v = (1 + step)³ = 1 + t
            double t = step * (3 + step * (3 + step));
            double e = Distributions.exponential(random);
            if (step > -1 && -e < 0.5 * x * x - d * Quadrature.logExcess(t)) {
                return d * (1 + t);
            }
        }
    }

    /**
     * A number of the Poisson distribution: for a mean λ below 10 the count of uniform numbers whose product is above {@code e^−λ}; else W.
     * Hörmann's algorithm PTRS, "The transformed rejection method for generating Poisson random variables", 1993.
     */
    public static double poisson(double mean, RandomGenerator random) {
        if (!(mean >= 0 && mean < Double.POSITIVE_INFINITY)) {
            return Double.NaN;
        }
        return mean < MANY ? poissonByProduct(mean, random) : poissonByRejection(mean, random);
    }

    private static double poissonByProduct(double mean, RandomGenerator random) {
        double least = ElementaryFunctions.exp(-mean);
        double count = 0;
        double product = Distributions.openUniform(random);
        while (product > least) {
            count++;
            product *= Distributions.openUniform(random);
        }
        return count;
    }

    private static double poissonByRejection(double mean, RandomGenerator random) {
        double b = 0.931 + 2.53 * Math.sqrt(mean);
        double a = -0.059 + 0.02483 * b;
        double sure = 0.9277 - 3.6224 / (b - 2);
        while (true) {
            double u = Distributions.openUniform(random) - 0.5;
            double v = Distributions.openUniform(random);
            double near = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / near + b) * u + mean + 0.43);
            if (near >= 0.07 && v <= sure) {
                return k;
            }
            // Most numbers are accepted above, so the constants of the test are computed here.
            if (k >= 0
                    && (near >= 0.013 || v <= near)
                    && Logarithms.log(v)
                                    + Logarithms.log(1.1239 + 1.1328 / (b - 3.4))
                                    - Logarithms.log(a / (near * near) + b)
                            <= LogDensities.gamma(k + 1, mean)) {
                return k;
            }
        }
    }

    /**
     * A number of the binomial distribution: if the smaller of the expected numbers of successes and failures is below 10, by the waiting
     * times between the rarer events (L. Devroye, "Non-Uniform Random Variate Generation", 1986, X.4.3); else W. Hörmann's algorithm BTRS,
     * "The generation of binomial random variates", 1993.
     *
     * @param n an integer from 0 on
     * @param p the probability of a success
     * @param q {@code 1 − p}, with full precision even if it is small
     */
    public static double binomial(double n, double p, double q, RandomGenerator random) {
        if (!(n >= 0 && n < Double.POSITIVE_INFINITY && p >= 0 && q >= 0)) {
            return Double.NaN;
        }
        if (p > q) {
            return n - binomial(n, q, p, random);
        }
        return n * p < MANY ? binomialByWaiting(n, p, random) : binomialByRejection(n, p, q, random);
    }

    private static double binomialByWaiting(double n, double p, RandomGenerator random) {
        double count = 0;
        double trials = geometric(p, random) + 1;
        while (trials <= n) {
            count++;
            trials += geometric(p, random) + 1;
        }
        return count;
    }

    private static double binomialByRejection(double n, double p, double q, RandomGenerator random) {
        double deviation = Math.sqrt(n * p * q);
        double b = 1.15 + 2.53 * deviation;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double sure = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * deviation;
        while (true) {
            double u = Distributions.openUniform(random) - 0.5;
            double v = Distributions.openUniform(random);
            double near = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / near + b) * u + n * p + 0.5);
            if (near >= 0.07 && v <= sure) {
                return k;
            }
            // Most numbers are accepted above, so the constants of the test are computed here.
            if (k >= 0
                    && k <= n
                    && Logarithms.log(v * alpha / (a / (near * near) + b))
                            <= logBinomial(k, n, p, q) - logBinomial(Math.floor((n + 1) * p), n, p, q)) {
                return k;
            }
        }
    }

    /** The logarithm of the probability of k successes, but for terms that don't depend on k. */
    private static double logBinomial(double k, double n, double p, double q) {
        return LogDensities.gamma(k + 1, n * p) + LogDensities.gamma(n - k + 1, n * q);
    }

    /** The number of failures before the first success: {@code ⌊log u/log(1 − p)⌋}; infinite for p = 0. */
    public static double geometric(double p, RandomGenerator random) {
        return p >= 0 ? Math.floor(Distributions.exponential(random) / -Logarithms.log1p(-p)) : Double.NaN;
    }

    /**
     * An angle in (−π, π) of the von Mises distribution around 0: rejection from a wrapped Cauchy distribution (D. J. Best and N. I.
     * Fisher, "Efficient simulation of the von Mises distribution", 1979), by the tangent of half the angle, which keeps small angles
     * exact.
     */
    public static double vonMises(double concentration, RandomGenerator random) {
        double kappa = concentration;
        if (!(kappa >= 0 && kappa < Double.POSITIVE_INFINITY)) {
            return Double.NaN;
        }
        double start = (1 + 1 / (Math.sqrt(1 + 4 * kappa * kappa) + 2 * kappa)) / 2;
        double scale = Math.sqrt(start / (2 * kappa + start));
        while (true) {
            double tangent = scale * StrictMath.tan(Math.PI * (Distributions.openUniform(random) - 0.5));
            double e = Distributions.exponential(random);
            double squared = tangent * tangent;
            double w = start + 2 * kappa * (squared / (1 + squared));
            if (-e <= 1 - w + Logarithms.log(w)) {
                return 2 * StrictMath.atan(tangent);
            }
        }
    }
}
