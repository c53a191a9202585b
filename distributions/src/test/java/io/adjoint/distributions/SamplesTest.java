package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the samples of all families at fixed seeds: by Kolmogorov and Smirnov's test, by probabilities, by moments. */
class SamplesTest {
    private static final int MANY = 40_000;

    private record Case(String text, Distribution family) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static Case of(String text, Distribution family) {
        return new Case(text, family);
    }

    /** At the ends of the support a density may be infinite, and its gradient NaN. */
    @Test
    void samplesAreNeverAtTheEndsOfTheSupport() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Tensor shape = Tensor.full(dtype, 0.02, 3000).requiresGrad(true);
            Tensor other = Tensor.full(dtype, 0.3, 3000);
            Tensor shapes = Tensor.full(dtype, 0.05, 1000, 3).requiresGrad(true);
            Distribution[] families = {
                new Gamma(shape, other),
                new Chi2(shape),
                new Beta(shape, other),
                new Beta(other, shape),
                new Dirichlet(shapes)
            };
            for (Distribution family : families) {
                Tensor leaf = family instanceof Dirichlet ? shapes : shape;
                Tensor samples = family.rsample(new Generator(1));
                Tensor slope = Autograd.grad(family.logProb(samples).sum(), leaf);

                assertThat(samples.gt(0).all().item())
                        .as(family.getClass().getSimpleName())
                        .isEqualTo(1);
                assertThat(slope.isFinite().all().item())
                        .as(family.getClass().getSimpleName())
                        .isEqualTo(1);
            }
        }
    }

    static Stream<Case> continuous() {
        return Stream.of(
                of("Normal", new Normal(1, 2)),
                of("LogNormal", new LogNormal(0.3, 0.7)),
                of("HalfNormal", new HalfNormal(2)),
                of("HalfCauchy", new HalfCauchy(2)),
                of("Uniform", new Uniform(-1, 3)),
                of("Laplace", new Laplace(1, 2)),
                of("Cauchy", new Cauchy(1, 2)),
                of("Gumbel", new Gumbel(1, 2)),
                of("Exponential", new Exponential(3)),
                of("Weibull", new Weibull(2, 0.7)),
                of("Gamma, shape 0.05", new Gamma(0.05, 2)),
                of("Gamma, shape 1", new Gamma(1, 2)),
                of("Gamma, shape 3.3", new Gamma(3.3, 2)),
                of("Gamma, shape 1e8", new Gamma(1e8, 1)),
                of("Chi2", new Chi2(3)),
                of("Beta, shapes below 1", new Beta(0.2, 0.3)),
                of("Beta", new Beta(4, 2.5)),
                of("Beta, large shapes", new Beta(1e7, 2e7)),
                of("StudentT, heavy tails", new StudentT(0.5, 1, 2)),
                of("StudentT", new StudentT(6, 1, 2)),
                of("VonMises, all angles", new VonMises(0.5, 0)),
                of("VonMises", new VonMises(0.5, 2)),
                of("VonMises, narrow", new VonMises(0.5, 1e6)),
                of("Transformed, rising", new Transformed(new Beta(2, 3), Bijection.affine(1, 2))),
                of(
                        "Transformed, falling",
                        new Transformed(new Normal(0, 1), Bijection.sigmoid().andThen(Bijection.affine(3, -2)))),
                of(
                        "Mixture",
                        new Mixture(
                                Categorical.ofProbs(Tensor.of(0.3, 0.7)),
                                new Normal(Tensor.of(-1.0, 2), Tensor.of(1, 0.5)))));
    }

    /** The largest distance of the empirical distribution function is above 2.69 divided by the root of the count with probability 10⁻⁶. */
    @ParameterizedTest
    @MethodSource("continuous")
    void samplesFollowTheDistributionFunction(Case test) {
        Tensor samples = test.family().sample(new Generator(46), MANY);
        double[] heights = test.family().cdf(samples).data().toDoubleArray();
        Arrays.sort(heights);
        double largest = 0;
        for (int k = 0; k < MANY; k++) {
            largest = Math.max(largest, Math.max((k + 1.0) / MANY - heights[k], heights[k] - (double) k / MANY));
        }
        assertThat(largest * Math.sqrt(MANY)).isLessThan(2.69);
    }

    static Stream<Case> discrete() {
        return Stream.of(
                of("Poisson, mean 0.01", new Poisson(0.01)),
                of("Poisson, mean 9.9", new Poisson(9.9)),
                of("Poisson, mean 10.1", new Poisson(10.1)),
                of("Poisson, mean 1000", new Poisson(1000)),
                of("Bernoulli", Bernoulli.ofProbs(0.3)),
                of("Geometric", Geometric.ofProbs(0.2)),
                of("Binomial, few", Binomial.ofProbs(20, 0.2)),
                of("Binomial, many successes", Binomial.ofProbs(40, 0.9)),
                of("Binomial, many", Binomial.ofProbs(60, 0.4)),
                of("Binomial, a million trials", Binomial.ofProbs(1e6, 0.3)),
                of("Binomial, rare", Binomial.ofProbs(1e8, 2e-8)),
                of("NegativeBinomial", NegativeBinomial.ofProbs(2.5, 0.6)),
                of("NegativeBinomial, few", NegativeBinomial.ofProbs(0.1, 0.9)));
    }

    /** Pearson's χ² of the counts against the probabilities, with the values that are expected less than 10 times together. */
    @ParameterizedTest
    @MethodSource("discrete")
    void samplesHaveTheirProbabilities(Case test) {
        double[] samples = test.family().sample(new Generator(46), MANY).data().toDoubleArray();
        int low = (int) Arrays.stream(samples).min().orElseThrow();
        int high = (int) Arrays.stream(samples).max().orElseThrow();
        double[] counts = new double[high - low + 1];
        Arrays.stream(samples).forEach(x -> counts[(int) x - low]++);
        Tensor values = Tensor.arange(DType.FLOAT64, low, high + 1.0, 1);
        double[] expected = test.family().logProb(values).exp().mul(MANY).data().toDoubleArray();
        double chi2 = 0;
        int cells = 0;
        double restCount = 0;
        double rest = MANY;
        for (int k = 0; k < counts.length; k++) {
            if (expected[k] >= 10) {
                chi2 += (counts[k] - expected[k]) * (counts[k] - expected[k]) / expected[k];
                cells++;
                rest -= expected[k];
            } else {
                restCount += counts[k];
            }
        }
        chi2 += rest < 1 ? 0 : (restCount - rest) * (restCount - rest) / rest;
        // Five standard deviations above the mean of χ², and 5 for few cells.
        assertThat(chi2).isLessThan(cells + 5 * Math.sqrt(2.0 * cells) + 5);
    }

    static Stream<Case> vectors() {
        return Stream.of(
                of("Multinomial", Multinomial.ofProbs(30, Tensor.of(0.1, 0.0, 0.6, 0.3))),
                of("Dirichlet", new Dirichlet(Tensor.of(0.3, 2, 5))),
                of("Dirichlet of tiny shapes", new Dirichlet(Tensor.of(1e-3, 2e-3, 3e-3))),
                of(
                        "MultivariateNormal",
                        MultivariateNormal.ofCovariance(Tensor.of(1.0, -1), Tensor.fromArray(new double[][] {
                            {2, 0.6}, {0.6, 1}
                        }))),
                of(
                        "Mixture",
                        new Mixture(
                                Categorical.ofLogits(Tensor.of(0.3, -0.4)),
                                new Independent(
                                        new Normal(
                                                Tensor.fromArray(new double[][] {{0, 1}, {3, -2}}), Tensor.of(1, 0.5)),
                                        1))));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void samplesHaveTheirMeansAndVariances(Case test) {
        Tensor samples = test.family().sample(new Generator(46), MANY);
        Tensor variance = test.family().variance();

        Tensor apart = samples.mean(0).sub(test.family().mean());
        assertThat(apart.abs().le(variance.div(MANY).sqrt().mul(5)).all().item())
                .isOne();
        Tensor ratio = Tensor.where(variance.eq(0), 1, samples.var(0).div(variance));
        assertThat(ratio.sub(1).abs().amax().item()).isLessThan(0.06);
    }

    @Test
    void classesHaveTheirProbabilities() {
        Tensor logits = Tensor.fromArray(new double[][] {{0, 1, Double.NEGATIVE_INFINITY}, {2, 0, 1}});
        Tensor samples = Categorical.ofLogits(logits).sample(new Generator(46), MANY);

        Tensor shares = samples.oneHot(3).to(DType.FLOAT64).mean(0);
        assertThat(shares.sub(logits.softmax(-1)).abs().amax().item()).isLessThan(0.01);
        assertThat(shares.data().get(0, 2)).isZero();
    }

    /** The values of a few seeds, since the same seed must give the same values for ever. */
    @Test
    void samplesOfASeedNeverChange() {
        StringBuilder drawn = new StringBuilder();
        Stream.of(continuous(), discrete(), vectors())
                .flatMap(cases -> cases)
                .forEach(test -> drawn.append(test)
                        .append(' ')
                        .append(Arrays.toString(
                                test.family().sample(new Generator(1), 2).data().toDoubleArray()))
                        .append('\n'));
        assertThat(drawn.toString()).isEqualTo(GoldenRow.text("samples.txt"));
    }

    /** Parameters are checked when a distribution is made, but a training may make them NaN afterwards. */
    @Test
    void parametersThatBecomeWrongGiveNaN() {
        for (double wrong : new double[] {Double.NaN, -0.5, -1, Double.POSITIVE_INFINITY}) {
            Tensor a = Tensor.of(1, 1.0);
            List<Distribution> families = List.of(
                    new Gamma(a, Tensor.of(1, 1.0)),
                    new Dirichlet(a),
                    new VonMises(Tensor.of(0, 0.0), a),
                    new Poisson(a),
                    Binomial.ofProbs(Tensor.of(3, 3.0), a),
                    NegativeBinomial.ofProbs(a, Tensor.of(0.5, 0.5)));
            a.assign(Tensor.of(1, wrong).data());
            for (Distribution family : families) {
                assertThat(family.sample(new Generator(1)).data().get(1))
                        .as(family.toString())
                        .isNaN();
            }
        }
    }

    @Test
    void samplesOfSampleAndRsampleAreTheSame() {
        continuous().filter(test -> !test.text().equals("Mixture")).forEach(test -> {
            Tensor first = test.family().sample(new Generator(3), 5);
            Tensor second = test.family().rsample(new Generator(3), 5);
            assertThat(first.data()).as(test.text()).isEqualTo(second.data());
        });
    }

    static Stream<String> differentiable() {
        return PARAMETERS.keySet().stream().sorted();
    }

    /** All but Cauchy's distribution, where the derivative of a sample in the scale has no variance. */
    private static final Map<String, double[]> PARAMETERS = Map.ofEntries(
            Map.entry("Normal", new double[] {0.3, 0.8}),
            Map.entry("LogNormal", new double[] {0.1, 0.4}),
            Map.entry("HalfNormal", new double[] {0.8}),
            Map.entry("Laplace", new double[] {0.3, 0.8}),
            Map.entry("Gumbel", new double[] {0.3, 0.8}),
            Map.entry("Exponential", new double[] {1.3}),
            Map.entry("Weibull", new double[] {1.2, 1.7}),
            Map.entry("Gamma", new double[] {2.3, 1.4}),
            Map.entry("Chi2", new double[] {3.2}),
            Map.entry("Beta", new double[] {1.4, 2.2}),
            Map.entry("StudentT", new double[] {7, 0.3, 0.8}),
            Map.entry("VonMises", new double[] {0.3, 1.7}));

    /** The gradient of E[sin x] in each parameter, by samples that are differentiated, and by {@code sin x·∇log p(x)}. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("differentiable")
    void gradientsThroughSamplesAreThoseOfTheScoreFunction(String name) {
        double[] p = Objects.requireNonNull(PARAMETERS.get(name));
        Tensor[] leaves = Arrays.stream(p)
                .mapToObj(x -> Tensor.scalar(x).requiresGrad(true))
                .toArray(Tensor[]::new);
        Distribution family = Families.of(name, leaves);
        int n = 10 * MANY;

        Tensor through = family.rsample(new Generator(5), n).sin().mean();
        Tensor samples = family.sample(new Generator(6), n);
        Tensor score = samples.sin()
                .sub(samples.sin().mean())
                .mul(family.logProb(samples))
                .mean();

        var first = Autograd.grad(through, leaves);
        var second = Autograd.grad(score, leaves);
        for (int k = 0; k < p.length; k++) {
            assertThat(first.get(k).item())
                    .as("parameter %s", k)
                    .isCloseTo(second.get(k).item(), Offset.offset(0.006));
        }
    }
}
