package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.CauchyDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.DiscreteDistribution;
import org.apache.commons.statistics.distribution.ExponentialDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.distribution.GeometricDistribution;
import org.apache.commons.statistics.distribution.GumbelDistribution;
import org.apache.commons.statistics.distribution.LaplaceDistribution;
import org.apache.commons.statistics.distribution.LogNormalDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.PascalDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.distribution.UniformContinuousDistribution;
import org.apache.commons.statistics.distribution.WeibullDistribution;
import org.junit.jupiter.api.Test;

/** Compares densities, distribution functions, quantiles and moments over grids of parameters with Apache Commons Statistics. */
class SecondOpinionTest {
    private static final double[] ONE = {1};
    private static final double[] SHAPES = {0.2, 1, 3.7, 40};
    private static final double[] LEVELS = {1e-6, 0.01, 0.3, 0.5, 0.8, 0.999};

    private record Continuous(Distribution ours, ContinuousDistribution theirs) {}

    private record Discrete(Distribution ours, DiscreteDistribution theirs) {}

    private static Stream<Continuous> continuous(double a, double b) {
        return Stream.of(
                new Continuous(new Normal(a, b), NormalDistribution.of(a, b)),
                new Continuous(new LogNormal(a, b), LogNormalDistribution.of(a, b)),
                new Continuous(new Uniform(a, a + b), UniformContinuousDistribution.of(a, a + b)),
                new Continuous(new Laplace(a, b), LaplaceDistribution.of(a, b)),
                new Continuous(new Cauchy(a, b), CauchyDistribution.of(a, b)),
                new Continuous(new Gumbel(a, b), GumbelDistribution.of(a, b)),
                new Continuous(new Exponential(a), ExponentialDistribution.of(1 / a)),
                new Continuous(new Weibull(a, b), WeibullDistribution.of(b, a)),
                new Continuous(new Gamma(a, b), GammaDistribution.of(a, 1 / b)),
                new Continuous(new Chi2(a), ChiSquaredDistribution.of(a)),
                new Continuous(new Beta(a, b), BetaDistribution.of(a, b)),
                new Continuous(new StudentT(a, 0, 1), TDistribution.of(a)));
    }

    private static Stream<Discrete> discrete(double a, double p) {
        int n = (int) Math.ceil(a);
        return Stream.of(
                new Discrete(new Poisson(a), PoissonDistribution.of(a)),
                new Discrete(Geometric.ofProbs(p), GeometricDistribution.of(p)),
                new Discrete(Binomial.ofProbs(n, p), BinomialDistribution.of(n, p)),
                new Discrete(NegativeBinomial.ofProbs(n, 1 - p), PascalDistribution.of(n, p)));
    }

    @Test
    void continuousFamiliesAgree() {
        List<String> wrong = new ArrayList<>();
        for (double a : SHAPES) {
            for (double b : SHAPES) {
                continuous(a, b).forEach(pair -> {
                    Distribution ours = pair.ours();
                    ContinuousDistribution theirs = pair.theirs();
                    double[] values = DoubleStream.of(LEVELS)
                            .map(theirs::inverseCumulativeProbability)
                            .filter(x -> x != 0 && Math.abs(x) < 1e100)
                            .toArray();
                    compare(wrong, ours, "logProb", ours::logProb, values, theirs::logDensity, 1e-11);
                    compare(wrong, ours, "cdf", ours::cdf, values, theirs::cumulativeProbability, 1e-11);
                    compare(wrong, ours, "icdf", ours::icdf, LEVELS, theirs::inverseCumulativeProbability, 1e-8);
                    compare(wrong, ours, "mean", x -> ours.mean(), ONE, x -> theirs.getMean(), 1e-12);
                    compare(wrong, ours, "variance", x -> ours.variance(), ONE, x -> theirs.getVariance(), 1e-11);
                });
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void discreteFamiliesAgree() {
        List<String> wrong = new ArrayList<>();
        double[] values = {0, 1, 2, 3, 7, 30};
        for (double a : SHAPES) {
            for (double p : new double[] {0.02, 0.4, 0.95}) {
                discrete(a, p).forEach(pair -> {
                    Distribution ours = pair.ours();
                    DiscreteDistribution theirs = pair.theirs();
                    double[] inside = DoubleStream.of(values)
                            .filter(x -> x <= theirs.getSupportUpperBound())
                            .toArray();
                    compare(wrong, ours, "logProb", ours::logProb, inside, x -> theirs.logProbability((int) x), 1e-11);
                    compare(wrong, ours, "cdf", ours::cdf, values, x -> theirs.cumulativeProbability((int) x), 1e-11);
                    compare(wrong, ours, "mean", x -> ours.mean(), ONE, x -> theirs.getMean(), 1e-12);
                    compare(wrong, ours, "variance", x -> ours.variance(), ONE, x -> theirs.getVariance(), 1e-12);
                });
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void compare(
            List<String> wrong,
            Distribution family,
            String what,
            UnaryOperator<Tensor> ours,
            double[] at,
            DoubleUnaryOperator theirs,
            double tolerance) {
        double[] got = ours.apply(Tensor.of(at)).data().toDoubleArray();
        for (int k = 0; k < got.length; k++) {
            double expected = theirs.applyAsDouble(at[k]);
            boolean same = got[k] == expected
                    || Math.abs(got[k] - expected) <= tolerance * Math.max(Math.abs(expected), 1e-3)
                    || (Double.isNaN(got[k]) && Double.isNaN(expected));
            if (!same) {
                wrong.add(family + " " + what + " at " + at[k] + ": " + got[k] + ", not " + expected);
            }
        }
    }
}
