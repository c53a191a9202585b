package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.distributions.MultivariateNormal;
import io.adjoint.distributions.Uniform;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of distributions. */
class ChanceTest {
    // ---- the sampler ----

    private static Tensor sampled(Function<Tensor, Tensor> logDensity, Tensor start, int draws) {
        return new Nuts(logDensity, 400, draws).sample(start, new Generator(1)).values();
    }

    @Test
    @Tag("slow")
    void theSamplerDrawsFromANormalDistributionOfCorrelatedNumbersOfUnequalSizes() {
        Tensor scales = Tensor.of(0.1, 1, 100);
        Tensor correlations = Tensor.of(new double[][] {{1, 0.8, 0}, {0.8, 1, -0.3}, {0, -0.3, 1}});
        MultivariateNormal normal = MultivariateNormal.ofCovariance(
                Tensor.of(-1.0, 2, 3), correlations.mul(scales).mul(scales.unsqueeze(1)));

        Tensor draws = sampled(normal::logProb, Tensor.of(0.0, 0, 0), 1500);

        Tensor z = draws.sub(normal.mean()).div(scales);
        assertThat(z.mean(0).toArray(double[].class)).containsExactly(new double[3], within(0.12));
        assertThat(z.transpose(0, 1)
                        .matmul(z)
                        .div(1500)
                        .sub(correlations)
                        .abs()
                        .max()
                        .item())
                .isLessThan(0.15);
        assertThat(Convergence.of(draws.select(1, 2).unsqueeze(0)).bulk()).isGreaterThan(400);
    }

    @Test
    @Tag("slow")
    void whatADistributionRefusesHasTheDensityZero() {
        Uniform uniform = new Uniform(-1, 2);

        Tensor draws = sampled(x -> uniform.logProb(x).sum(), Tensor.of(0.0), 1000);

        assertThat(draws.amin().item()).isBetween(-1.0, -0.9);
        assertThat(draws.amax().item()).isBetween(1.9, 2.0);
        assertThat(draws.mean().item()).isCloseTo(0.5, within(0.15));
    }

    @Test
    void theConvergenceOfChainsIsThatOfTheirCorrelations() {
        Tensor noise = Tensor.randn(new Generator(1), 4, 2000);
        Convergence independent = Convergence.of(noise);
        Tensor walk = noise.select(1, 0);
        Tensor[] steps = new Tensor[2000];
        for (int k = 0; k < steps.length; k++) {
            walk = walk.mul(0.5).add(noise.select(1, k).mul(StrictMath.sqrt(0.75)));
            steps[k] = walk;
        }
        Convergence correlated = Convergence.of(Tensor.stack(1, steps));
        Tensor shifts = Tensor.of(0, 0, 0, 0.5).unsqueeze(1);
        Tensor scales = Tensor.of(1, 1, 1, 2.0).unsqueeze(1);

        assertThat(independent.bulk()).isCloseTo(8000, within(400.0));
        assertThat(independent.rHat()).isLessThan(1.002);
        assertThat(independent.error()).isCloseTo(StrictMath.sqrt(1 / 8000.0), within(5e-4));
        // (1 − φ)/(1 + φ) of the draws count.
        assertThat(correlated.bulk()).isCloseTo(8000 / 3.0, within(200.0));
        assertThat(Convergence.of(noise.add(shifts)).rHat()).isGreaterThan(1.02);
        assertThat(Convergence.of(noise.mul(scales)).rHat()).isGreaterThan(1.02);
    }

    // ---- the eight schools ----

    @Test
    void theDensityOfTheEightSchoolsHasTheRightGradient() {
        GradCheck.check(2, x -> EightSchools.logDensity(x[0]), Tensor.randn(new Generator(1), 10));
    }

    @Test
    void theChainsHaveTheSameBitsOnOneThreadAndOnTwo() throws Exception {
        Nuts sampler = new Nuts(EightSchools::logDensity, 40, 10);
        List<Nuts.Chain> one = new ForkJoinPool(1)
                .submit(() -> EightSchools.chains(sampler, 1))
                .get();
        List<Nuts.Chain> two = new ForkJoinPool(2)
                .submit(() -> EightSchools.chains(sampler, 1))
                .get();

        assertThat(numbers(one)).containsExactly(numbers(two));
        assertThat(EightSchools.quantities(one).get(0).mean().item()).isEqualTo(3.0792001942520573);
    }

    private static double[] numbers(List<Nuts.Chain> chains) {
        return Tensor.concat(0, chains.stream().map(Nuts.Chain::values).toArray(Tensor[]::new))
                .flatten()
                .toArray(double[].class);
    }

    @Test
    @Tag("slow")
    void thePosteriorOfTheEightSchoolsIsThatOfTheReference() {
        List<Nuts.Chain> chains = EightSchools.chains(new Nuts(EightSchools::logDensity, 1000, 1000), 2);
        List<Tensor> quantities = EightSchools.quantities(chains);

        for (int k = 0; k < quantities.size(); k++) {
            Convergence convergence = Convergence.of(quantities.get(k));
            double error = StrictMath.hypot(convergence.error(), 0.05);
            assertThat(quantities.get(k).mean().item())
                    .as("mean %d", k)
                    .isCloseTo(EightSchools.REFERENCE[k], within(4 * error));
            assertThat(convergence.rHat()).isLessThan(1.01);
            assertThat(convergence.bulk()).isGreaterThan(1000);
        }
        assertThat(chains.stream().mapToInt(Nuts.Chain::divergent).sum()).isLessThan(10);
        assertThat(Printed.by(() -> EightSchools.main(new String[0])))
                .contains("mu ", "tau ", "school H", "divergent trajectories", "gradients in");
    }

    // ---- trainings ----

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3"})
    @Tag("slow")
    void theIntervalsOfTheForecastHoldWhatTheyPromise(String seed) {
        Uncertainty training = trained(new Uncertainty(options(seed)));

        // With 365 days the standard error of a fraction is at most 2.6 %.
        for (double probability : new double[] {0.5, 0.8, 0.9, 0.95}) {
            assertThat(training.coverage(probability)).isCloseTo(probability, within(0.03));
        }
        assertThat(training.figure().value()).isLessThan(2.4);
    }

    @Test
    @Tag("slow")
    void theAutoencoderRestoresDigitsAndDrawsNewOnes() {
        VariationalAutoencoder training = trained(new VariationalAutoencoder(options("1")));
        Tensor images = training.test;
        Tensor restored = training.restored(images);
        Tensor dreams = training.dreams(images.shape().dim(0), new Generator(1));

        assertThat(training.figure().value()).isLessThan(19);
        assertThat(restored.ge(0.5).eq(images.gt(0.5)).to(images.dtype()).mean().item())
                .isGreaterThan(0.9);
        // Each dream is nearer to a digit than to the mean of all.
        Tensor mean = images.mean(Dims.KEEP, 0);
        Tensor nearest = dreams.unsqueeze(1).sub(images).square().sum(-1).amin(1);
        assertThat(nearest.lt(dreams.sub(mean).square().sum(1))
                        .to(images.dtype())
                        .mean()
                        .item())
                .isGreaterThan(0.5);
    }

    private static ExampleOptions options(String seed) {
        ExampleOptions options = new ExampleOptions();
        new picocli.CommandLine(options).parseArgs("--seed", seed);
        return options;
    }

    private static <T extends Training> T trained(T training) {
        training.trainUntil(training.epochs);
        return training;
    }
}
