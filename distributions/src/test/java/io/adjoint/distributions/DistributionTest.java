package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tape;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the shapes, dtypes and errors that all families share, and a family of a user. */
class DistributionTest {
    private final Generator generator = new Generator(1);

    static Stream<Distribution> batches() {
        Tensor two = Tensor.of(0.3, 0.6);
        Tensor column = Tensor.fromArray(new double[][] {{0.5}, {0.7}, {0.9}});
        Tensor rows = Tensor.fromArray(new double[][] {{0.2, 0.3, 0.5}, {0.6, 0.3, 0.1}});
        Tensor grid = Tensor.fromArray(new double[][] {{1, 2}, {3, 4}, {5, 6}});
        return Stream.of(
                new Normal(two, column),
                new LogNormal(two, column),
                new HalfNormal(grid),
                new HalfCauchy(grid),
                new Uniform(two, column.add(1)),
                new Laplace(two, column),
                new Cauchy(two, column),
                new Gumbel(two, column),
                new Exponential(grid),
                new Weibull(two, column),
                new Gamma(two, column),
                new Chi2(grid),
                new Beta(two, column),
                new Beta(grid.add(1), two.add(1)),
                new StudentT(grid, two, column),
                new VonMises(two, column),
                new Poisson(grid),
                Bernoulli.ofProbs(column.mul(two)),
                Bernoulli.ofLogits(column.mul(two)),
                Geometric.ofProbs(column.mul(two)),
                Binomial.ofProbs(grid, two),
                Binomial.ofLogits(grid, two),
                NegativeBinomial.ofProbs(column, two),
                NegativeBinomial.ofLogits(column, two),
                Categorical.ofProbs(rows),
                Categorical.ofLogits(rows),
                Multinomial.ofProbs(4, rows),
                Multinomial.ofLogits(4, rows),
                new Dirichlet(rows),
                new Dirichlet(grid.add(1)),
                new MultivariateNormal(grid, Tensor.eye(2)),
                new MultivariateNormal(
                        two, Tensor.stack(0, Tensor.eye(2), Tensor.eye(2).mul(3))),
                new Independent(new Normal(two, column), 1),
                new Independent(Categorical.ofProbs(rows), 1),
                new Transformed(new Normal(two, column), Bijection.exp()),
                new Transformed(new Normal(grid, Tensor.scalar(1)), Bijection.stickBreaking()),
                new Transformed(new Dirichlet(rows), Bijection.stickBreaking().inverted()),
                new Transformed(new Independent(new Normal(two, column), 1), Bijection.affine(two, two)),
                new Mixture(Categorical.ofProbs(two), new Normal(two, column)),
                new Mixture(
                        Categorical.ofProbs(Tensor.of(0.2, 0.3, 0.5)), new Independent(new Normal(two, column), 1)));
    }

    @ParameterizedTest
    @MethodSource("batches")
    void samplesAndDensitiesHaveTheirShapes(Distribution family) {
        Shape whole = family.batchShape().append("test", family.eventShape().toArray());
        Tensor one = family.sample(generator);
        Tensor many = family.sample(generator, 2, 5);

        assertThat(one.shape()).isEqualTo(whole);
        assertThat(many.shape()).isEqualTo(Shape.of(2, 5).append("test", whole.toArray()));
        assertThat(many.requiresGrad()).isFalse();
        assertThat(family.support().check(many).all().item()).isOne();
        assertThat(family.logProb(one).shape()).isEqualTo(family.batchShape());
        Tensor densities = family.logProb(many);
        assertThat(densities.shape())
                .isEqualTo(Shape.of(2, 5).append("test", family.batchShape().toArray()));
        // Each density is that of its own value and parameters.
        assertThat(densities.select(0, 1).select(0, 3).data())
                .isEqualTo(family.logProb(many.select(0, 1).select(0, 3)).data());
        assertThat(family.sample(generator, 0).shape().size()).isZero();
    }

    @ParameterizedTest
    @MethodSource("batches")
    void momentsAndEntropiesHaveTheirShapes(Distribution family) {
        Shape whole = family.batchShape().append("test", family.eventShape().toArray());
        has(family::mean, whole);
        has(family::variance, whole);
        has(family::stddev, whole);
        has(family::mode, whole);
        has(family::entropy, family.batchShape());
    }

    private static void has(Supplier<Tensor> method, Shape shape) {
        try {
            assertThat(method.get().shape()).isEqualTo(shape);
        } catch (UnsupportedOperationException e) {
            requireLacking(e);
        }
    }

    /** The methods that families lack, as the messages name them. */
    private static final Set<String> LACKING = Set.of(
            "Poisson: no entropy",
            "Binomial: no entropy",
            "NegativeBinomial: no entropy",
            "Categorical: no mean",
            "Categorical: no variance",
            "Multinomial: no mode",
            "Multinomial: no entropy",
            "Mixture: no mode",
            "Mixture: no entropy",
            "Transformed: no mean",
            "Transformed: no variance",
            "Transformed: no mode",
            "Transformed: no entropy");

    private static void requireLacking(UnsupportedOperationException e) {
        assertThat(e).hasMessageMatching("(?s)\\w+: no \\w+ is implemented; .{15,}");
        assertThat(LACKING).contains(e.toString().replaceAll("(?s)^[^:]*: | is implemented.*", ""));
    }

    /** The mode has at least the density of the mean and of samples. */
    @ParameterizedTest
    @MethodSource("batches")
    void noValueIsMoreLikelyThanTheMode(Distribution family) {
        Tensor mode;
        try {
            mode = family.mode();
        } catch (UnsupportedOperationException e) {
            requireLacking(e);
            return;
        }
        if (mode.dtype() == DType.INT32 || mode.isNaN().any().item() == 0) {
            Tensor samples = family.logProb(family.sample(generator, 50));
            assertThat(samples.le(family.logProb(mode).add(1e-12)).all().item()).isOne();
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void entropiesAreMeansOfDensities(Distribution family) {
        Tensor entropy;
        try {
            entropy = family.entropy();
        } catch (UnsupportedOperationException e) {
            requireLacking(e);
            return;
        }
        Tensor logs = family.logProb(family.sample(generator, 20_000));
        Tensor error = logs.std(0).div(Math.sqrt(20_000)).mul(5).add(1e-9);
        assertThat(logs.mean(0).add(entropy).abs().le(error).all().item()).isOne();
    }

    @Test
    void floatsStayFloats() {
        Tensor a = Tensor.of(0.5, 2).to(DType.FLOAT32).requiresGrad(true);
        Tensor b = Tensor.scalar(1.5).to(DType.FLOAT32);
        for (Distribution family : List.of(
                new Normal(a, b),
                new Gamma(a, b),
                new Beta(a, b),
                new StudentT(a, b, b),
                new VonMises(a, b),
                new Poisson(a),
                Bernoulli.ofLogits(a),
                Binomial.ofLogits(Tensor.fullLike(a, 7), a),
                new Weibull(a, b),
                new HalfNormal(a),
                new Uniform(b, b.add(a)),
                NegativeBinomial.ofLogits(a, b),
                new Dirichlet(a),
                Multinomial.ofLogits(3, a),
                new Laplace(a, b),
                new Cauchy(a, b),
                Geometric.ofLogits(a))) {
            Tensor sample = family.sample(generator, 3);
            assertThat(sample.dtype()).isEqualTo(DType.FLOAT32);
            Tensor logs = family.logProb(sample);
            assertThat(logs.dtype()).isEqualTo(DType.FLOAT32);
            assertThat(logs.isFinite().all().item()).as(family.toString()).isOne();
            assertThat(family.mean().dtype()).isEqualTo(DType.FLOAT32);
        }
        Tensor uniform = new Uniform(b, b.add(1)).sample(generator, 100_000);
        assertThat(uniform.lt(2.5).all().item()).isOne();
    }

    @Test
    void aBernoulliTakesBooleans() {
        Bernoulli coins = Bernoulli.ofProbs(Tensor.of(0.25, 0.25));
        assertThat(coins.logProb(Tensor.of(true, false)).data())
                .isEqualTo(coins.logProb(Tensor.of(1.0, 0)).data());
    }

    @Test
    void checksOfValuesAreOnNoTape() {
        Tensor x = Tensor.of(0.5, 0.2);
        Tape tape = new Tape(op -> true, read -> {
            throw new AssertionError("a check read " + read);
        });
        Tensor log = tape.write(() -> new Normal(x, x.exp())
                .logProb(x)
                .add(new Uniform(x.neg(), Tensor.scalar(1)).logProb(x))
                .add(new Dirichlet(x).logProb(x.div(x.sum()))));
        assertThat(log.shape()).isEqualTo(Shape.of(2));
        assertThat(tape.operations().stream().map(Tape.Operation::op))
                .doesNotContain("ge", "gt", "le", "lt", "and", "all", "isFinite", "detach");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).hasMessage(message);
    }

    /** Of density {@code α·s^α/x^(α + 1)} from s on, as a user would write it. */
    private record Pareto(Tensor scale, Tensor alpha) implements Distribution {
        private Pareto {
            Params params = new Params(Pareto.class)
                    .with("scale", scale, Constraint.POSITIVE)
                    .with("alpha", alpha, Constraint.POSITIVE);
            scale = params.broadcast(scale);
            alpha = params.broadcast(alpha);
        }

        @Override
        public Shape batchShape() {
            return scale.shape();
        }

        @Override
        public Constraint support() {
            return Constraint.interval(scale, Tensor.fullLike(scale, Double.POSITIVE_INFINITY));
        }

        @Override
        public Tensor logProb(Tensor value) {
            support().require("Pareto", "the value", value);
            return alpha.div(scale).log().sub(alpha.add(1).mul(value.div(scale).log()));
        }

        @Override
        public Tensor rsample(RandomGenerator generator, int... sizes) {
            Shape shape = Shape.of(sizes).append("Pareto", batchShape().toArray());
            Tensor u = Tensor.rand(scale.dtype(), shape, generator);
            return scale.mul(u.rsub(1).pow(alpha.reciprocal().neg()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void aFamilyOfAUserIsADistributionAsOthers(DType dtype) {
        Tensor alpha = Tensor.of(3.0, 2).to(dtype).requiresGrad(true);
        Tensor two = Tensor.scalar(2).to(dtype);
        Pareto own = new Pareto(two, alpha);

        assertThat(own.sample(generator, 3).shape()).isEqualTo(Shape.of(3, 2));
        assertThat(own.sample(generator, 3).requiresGrad()).isFalse();
        assertThat(own.rsample(generator, 3).requiresGrad()).isTrue();
        assertThat(new Independent(own, 1).logProb(Tensor.of(2.0, 4).to(dtype)).item())
                .isEqualTo(Math.log(1.5) - 3 * Math.log(2), Offset.offset(1e-6));
        assertThat(new Mixture(Categorical.ofProbs(Tensor.of(0.5, 0.5).to(dtype)), own)
                        .sample(generator, 4)
                        .shape())
                .isEqualTo(Shape.of(4));
        Tensor samples = own.sample(generator, 200_000);
        assertThat(samples.dtype()).isEqualTo(dtype);
        double divergence =
                KL.estimate(own, new Pareto(two, two), samples).data().get(0);
        assertThat(divergence).isEqualTo(Math.log(1.5) + 2.0 / 3 - 1, Offset.offset(0.004));
        Tensor some = Tensor.of(-3.0, 2).to(dtype);
        Bijection bijection = own.support().bijection();
        assertThat(bijection.inverse(bijection.forward(some)).allClose(some, 1e-5, 1e-5))
                .isTrue();
        refused(
                own::entropy,
                "Pareto: no entropy is implemented; estimate it by logProb(sample(generator, 10_000)).mean(0).neg()");
        refused(
                () -> new Pareto(two, Tensor.of(1, -1.0).to(dtype)),
                "Pareto: alpha must be positive and finite, but element [1] is -1.0");
        refused(
                () -> new Pareto(two, Tensor.of(new int[] {1})),
                "Pareto: expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)");
    }

    @Test
    void parametersOfAFamilyHaveOneDtype() {
        refused(
                () -> new Pareto(Tensor.of(new float[] {1}), Tensor.of(1.0)),
                "Pareto: cannot mix FLOAT32 with FLOAT64; convert one with to(FLOAT32) or to(FLOAT64)");
    }

    static Stream<List<Distribution>> pairs() {
        Tensor a = Tensor.of(0.4, 1.7);
        Tensor b = Tensor.of(1.1, 0.6);
        Tensor p = Tensor.of(0.2, 0.7);
        Tensor q = Tensor.of(0.5, 0.3);
        Tensor three = Tensor.of(0.5, 1, 2);
        Tensor matrix = Tensor.fromArray(new double[][] {{1, 0}, {0.3, 0.5}});
        return Stream.of(
                List.of(new Normal(a, b), new Normal(b, a)),
                List.of(new LogNormal(a, b), new LogNormal(b, a)),
                List.of(new HalfNormal(a), new HalfNormal(b)),
                List.of(new HalfCauchy(a), new HalfCauchy(b)),
                List.of(new MultivariateNormal(a, matrix), new MultivariateNormal(b, Tensor.eye(2))),
                List.of(new Uniform(a, a.add(1)), new Uniform(a.sub(1), a.add(2))),
                List.of(new Laplace(a, b), new Laplace(b, a)),
                List.of(new Cauchy(a, b), new Cauchy(b, a)),
                List.of(new Gumbel(a, b), new Gumbel(b, a.add(1))),
                List.of(new Weibull(a, b), new Weibull(b, a)),
                List.of(new Gamma(a, b), new Gamma(b, a)),
                List.of(new Exponential(a), new Gamma(b, a)),
                List.of(new Chi2(a), new Exponential(b)),
                List.of(new Beta(a, b), new Beta(b, a)),
                List.of(new Dirichlet(three), new Dirichlet(three.flip(0))),
                List.of(new VonMises(a, b), new VonMises(b, a)),
                List.of(Bernoulli.ofProbs(p), Bernoulli.ofLogits(q)),
                List.of(Geometric.ofProbs(p), Geometric.ofProbs(q)),
                List.of(Binomial.ofProbs(6, p), Binomial.ofLogits(6, q)),
                List.of(NegativeBinomial.ofProbs(6, p), NegativeBinomial.ofLogits(6, q)),
                List.of(new Poisson(a), new Poisson(b)),
                List.of(Categorical.ofProbs(three), Categorical.ofLogits(three)),
                List.of(Multinomial.ofProbs(5, three), Multinomial.ofLogits(5, three)),
                List.of(new Independent(new Normal(a, b), 1), new Independent(new Normal(b, a), 1)),
                List.of(
                        new Transformed(new Normal(a, b), Bijection.exp()),
                        new Transformed(new Normal(b, a), Bijection.exp())));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void divergencesAreMeansOfLogRatios(List<Distribution> pair) {
        Distribution p = pair.get(0);
        Distribution q = pair.get(1);
        Tensor samples = p.sample(generator, 100_000);
        Tensor ratios = p.logProb(samples).sub(q.logProb(samples));
        Tensor divergence = KL.divergence(p, q);

        assertThat(divergence.shape()).isEqualTo(p.batchShape());
        assertThat(KL.estimate(p, q, samples).data()).isEqualTo(ratios.mean(0).data());
        Normal batch = new Normal(Tensor.of(0, 1), Tensor.of(1, 1));
        assertThatThrownBy(() -> KL.estimate(batch, new Normal(0, 1), batch.rsample(new Generator(1))))
                .isInstanceOf(ShapeException.class)
                .hasMessage("KL.estimate: the samples have the shape [2]; expected [N, batch…, event…], as of"
                        + " p.rsample(generator, N)");
        Tensor error = ratios.std(0).div(Math.sqrt(100_000)).mul(5).add(1e-9);
        assertThat(divergence.sub(ratios.mean(0)).abs().le(error).all().item()).isOne();
        Tensor same = KL.divergence(p, p).abs();
        assertThat(same.le(1e-12).all().item()).isOne();
    }

    @Test
    void divergencesOfClosePoissonDistributionsKeepDigits() {
        assertThat(KL.divergence(new Poisson(1e8), new Poisson(1e8 + 1)).item()).isCloseTo(5e-9, Offset.offset(1e-16));
    }

    @Test
    void divergencesOfFarPoissonDistributionsAreNumbers() {
        Tensor rate = Tensor.scalar(1e-17).requiresGrad(true);
        Tensor divergence = KL.divergence(new Poisson(rate), new Poisson(1));
        assertThat(Autograd.grad(divergence, rate).item()).isCloseTo(Math.log(1e-17), Offset.offset(1e-13));
        assertThat(KL.divergence(new Poisson(1e-300), new Poisson(1e10)).item()).isEqualTo(1e10);
    }

    @Test
    void divergencesAreInfiniteWhereTheOtherHasNoDensity() {
        assertThat(KL.divergence(new Uniform(0, 2), new Uniform(0, 1)).item()).isInfinite();
        assertThat(KL.divergence(Bernoulli.ofProbs(0.5), Bernoulli.ofProbs(1)).item())
                .isInfinite();
        assertThat(KL.divergence(Bernoulli.ofProbs(1), Bernoulli.ofProbs(0.5)).item())
                .isEqualTo(Math.log(2));
        assertThat(KL.divergence(new Poisson(1), new Poisson(0)).item()).isInfinite();
        assertThat(KL.divergence(new Poisson(0), new Poisson(1)).item()).isOne();
        Tensor rare = Tensor.of(0.0, 1, 1);
        assertThat(KL.divergence(Categorical.ofProbs(Tensor.of(1.0, 1, 0)), Categorical.ofProbs(rare))
                        .item())
                .isInfinite();
    }
}
