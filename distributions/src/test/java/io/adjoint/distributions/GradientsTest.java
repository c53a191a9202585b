package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tape;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares derivatives of first and second order with differences. */
class GradientsTest {
    /** Batches of parameters, which broadcast, and a value for each. */
    private static final Map<String, double[][]> POINTS = Map.ofEntries(
            Map.entry("Normal", new double[][] {{0.3, -1}, {0.8}, {0.5, 2}}),
            Map.entry("LogNormal", new double[][] {{0.3, -1}, {0.8}, {0.5, 2}}),
            Map.entry("HalfNormal", new double[][] {{0.8, 2}, {0.5, 2}}),
            Map.entry("HalfCauchy", new double[][] {{0.8, 2}, {0.5, 3}}),
            Map.entry("Uniform", new double[][] {{-1, 0.2}, {3}, {0.5, 2}}),
            Map.entry("Laplace", new double[][] {{0.3, -1}, {0.8}, {0.5, 2}}),
            Map.entry("Cauchy", new double[][] {{0.3, -1}, {0.8}, {0.3, 2}}),
            Map.entry("Gumbel", new double[][] {{0.3, -1}, {0.8}, {0.5, 2}}),
            Map.entry("Exponential", new double[][] {{0.3, 1.7}, {0.5, 2}}),
            Map.entry("Weibull", new double[][] {{0.3, 1}, {0.8, 1}, {0.5, 2}}),
            Map.entry("Gamma", new double[][] {{0.3, 1}, {0.8}, {0.5, 2}}),
            Map.entry("Chi2", new double[][] {{0.7, 2, 33}, {0.5, 2, 40}}),
            Map.entry("Beta", new double[][] {{0.3, 1, 4}, {2.5, 1, 20}, {0.2, 0.5, 0.3}}),
            Map.entry("StudentT", new double[][] {{3, 7}, {0.3}, {0.8}, {0.3, 2}}),
            Map.entry("VonMises", new double[][] {{0.3, -1}, {0.8}, {0.5, 2}}),
            Map.entry("Poisson", new double[][] {{0.3, 4, 30}, {0, 2, 25}}),
            Map.entry("Bernoulli", new double[][] {{0.3, 0.8}, {0, 1}}),
            Map.entry("BernoulliLogits", new double[][] {{0.3, -0.8}, {0, 1}}),
            Map.entry("Geometric", new double[][] {{0.3, 0.8}, {0, 3}}),
            Map.entry("Binomial", new double[][] {{5, 40}, {0.3, 0.6}, {2, 40}}),
            Map.entry("BinomialLogits", new double[][] {{5, 40}, {0.3, 0.6}, {2, 40}}),
            Map.entry("NegativeBinomial", new double[][] {{1.5, 40}, {0.3, 0.6}, {0, 40}}),
            Map.entry("NegativeBinomialLogits", new double[][] {{1.5, 40}, {0.3, 0.6}, {0, 40}}));

    static Stream<String> names() {
        return POINTS.keySet().stream().sorted();
    }

    private static Tensor[] arguments(String name, boolean withValue) {
        double[][] points = Objects.requireNonNull(POINTS.get(name));
        return Arrays.stream(points, 0, points.length - (withValue ? 0 : 1))
                .map(Tensor::of)
                .toArray(Tensor[]::new);
    }

    private static Tensor value(String name) {
        double[][] points = Objects.requireNonNull(POINTS.get(name));
        return Tensor.of(points[points.length - 1]);
    }

    private static boolean isCount(String name) {
        return Families.of(name, arguments(name, false)).support().toString().matches(".*integer.*|0 or 1");
    }

    @ParameterizedTest
    @MethodSource("names")
    void logProbHasDerivativesOfTwoOrders(String name) {
        check(name, !isCount(name), Distribution::logProb);
    }

    @ParameterizedTest
    @MethodSource("names")
    void forwardProductsAreThoseOfTheGradient(String name) {
        Tensor value = value(name);
        List<Tensor> all = List.of(arguments(name, false));
        List<Tensor> tangents = all.stream().map(p -> p.mul(0.5).add(1)).toList();
        Function<List<Tensor>, Tensor> total =
                p -> Families.of(name, p.toArray(Tensor[]::new)).logProb(value).sum();

        double forward = Transforms.jvp(total, all, tangents).tangent().item();

        List<Tensor> gradients = Transforms.grad(total, all);
        double backward = 0;
        for (int k = 0; k < all.size(); k++) {
            backward += gradients.get(k).mul(tangents.get(k)).sum().item();
        }
        assertThat(forward).isCloseTo(backward, Offset.offset(1e-12 * Math.max(1, Math.abs(backward))));
    }

    @ParameterizedTest
    @MethodSource("names")
    void densitiesOfManyValuesHaveTheBitsOfSeparateOperationsAndTheirGradientsUpToTheOrderOfSums(String name) {
        Tensor[] all = Arrays.stream(arguments(name, true))
                .map(x -> x.requiresGrad(true))
                .toArray(Tensor[]::new);
        Tensor[] parameters = Arrays.copyOf(all, all.length - 1);
        Tensor value = Families.of(name, parameters)
                .sample(new Generator(1), 10_000)
                .requiresGrad(!isCount(name) && !name.equals("Uniform"));
        all[all.length - 1] = value;
        Tensor[] free = Arrays.stream(all).filter(Tensor::requiresGrad).toArray(Tensor[]::new);
        Supplier<Tensor> density = () -> Families.of(name, parameters).logProb(value);
        Tensor many = density.get();
        // Operations that a tape writes are not fused.
        Tensor separate = new Tape(op -> true).write(density);
        assertThat(many.data().toDoubleArray()).isEqualTo(separate.data().toDoubleArray());
        List<Tensor> gradients = Autograd.grad(many.mul(many).sum(), free);
        List<Tensor> expected = Autograd.grad(separate.mul(separate).sum(), free);
        for (int k = 0; k < free.length; k++) {
            double[] exact = expected.get(k).data().toDoubleArray();
            double size = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
            assertThat(gradients.get(k).data().toDoubleArray()).containsExactly(exact, Offset.offset(1e-14 * size));
        }
    }

    static Stream<String> counts() {
        return names().filter(GradientsTest::isCount);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void distributionFunctionsOfCountsHaveDerivativesOfTwoOrders(String name) {
        check(name, false, Distribution::cdf);
    }

    @ParameterizedTest
    @MethodSource("names")
    void entropiesMeansAndVariancesHaveDerivativesOfTwoOrders(String name) {
        List<Function<Distribution, Tensor>> methods =
                List.of(Distribution::entropy, Distribution::mean, Distribution::variance);
        for (Function<Distribution, Tensor> method : methods) {
            Tensor result;
            try {
                result = method.apply(Families.of(name, arguments(name, false)));
            } catch (UnsupportedOperationException e) {
                assertThat(e).hasMessageMatching("(?s)(Poisson|Binomial|NegativeBinomial): no entropy.*");
                continue;
            }
            if (result.isFinite().all().item() == 1) {
                check(name, false, (family, value) -> method.apply(family));
            }
        }
    }

    /** Checks derivatives in the parameters, and in the value if it is {@code free}; a binomial's total count has to stay an integer. */
    private static void check(String name, boolean free, BiFunction<Distribution, Tensor, Tensor> method) {
        Tensor value = value(name);
        Tensor[] all = arguments(name, free);
        int fixed = name.startsWith("Binomial") ? 1 : 0;
        GradCheck.check(
                2,
                x -> {
                    Tensor[] joined = all.clone();
                    System.arraycopy(x, 0, joined, fixed, x.length);
                    return method.apply(Families.of(name, joined), free ? x[x.length - 1] : value);
                },
                Arrays.copyOfRange(all, fixed, all.length));
    }

    static Stream<String> withCdf() {
        return names().filter(name -> !isCount(name) && !name.equals("VonMises"));
    }

    @ParameterizedTest
    @MethodSource("withCdf")
    void distributionFunctionsHaveDerivativesOfTwoOrders(String name) {
        GradCheck.check(
                2, x -> Families.of(name, Arrays.copyOf(x, x.length - 1)).cdf(x[x.length - 1]), arguments(name, true));
    }

    @ParameterizedTest
    @MethodSource("withCdf")
    void quantilesHaveDerivativesOfTwoOrders(String name) {
        Tensor[] parameters = arguments(name, false);
        Tensor[] all = Arrays.copyOf(parameters, parameters.length + 1);
        all[parameters.length] = Tensor.full(0.3, value(name).shape().size());
        GradCheck.check(
                2, x -> Families.of(name, Arrays.copyOf(x, x.length - 1)).icdf(x[x.length - 1]), all);
    }

    @ParameterizedTest
    @MethodSource("withCdf")
    void theDensityIsTheSlopeOfTheDistributionFunction(String name) {
        Distribution family = Families.of(name, arguments(name, false));
        Tensor value = value(name).requiresGrad(true);
        Tensor slope = Autograd.grad(family.cdf(value).sum(), value);
        assertThat(slope.allClose(family.logProb(value).exp(), 1e-12, 0)).isTrue();
    }

    @Test
    void theVonMisesDistributionFunctionHasItsDerivatives() {
        Tensor kappa = Tensor.of(0.0, 0.7, 3, 300);
        Tensor value = Tensor.of(1, -2, 0.4, 0.05);
        GradCheck.check(1, x -> new VonMises(Tensor.zerosLike(kappa), x[0]).cdf(x[1]), kappa.add(0.1), value);
    }

    /** By mpmath, 60 digits: {@code 1 − I₁(κ)/I₀(κ)} and its derivative. Up to 50 the subtraction multiplies errors by 2κ. */
    @Test
    void theVarianceOfNarrowAnglesKeepsItsDigits() {
        double[] kappas = {0.5, 10.0, 49.0, 51.0, 200.0, 10000, 1e8};
        double[] variances = {
            0.757500387419198,
            0.05140017404515404,
            0.010257241155292064,
            0.00985295244105222,
            0.0025031407483564723,
            5.000125012501954e-05,
            5.0000000125e-09
        };
        double[] slopes = {
            -0.4561947127365571,
            -0.005298387602951359,
            -0.0002104395013090069,
            -0.00019417621894688778,
            -1.2531486848644697e-05,
            -5.0002500375078146e-09,
            -5.0000000250000004e-17
        };
        Tensor kappa = Tensor.of(kappas).requiresGrad(true);
        Tensor variance = new VonMises(Tensor.zerosLike(kappa), kappa).variance();
        Tensor slope = Autograd.grad(variance.sum(), kappa);
        assertThat(variance.allClose(Tensor.of(variances), 3e-14, 0)).isTrue();
        assertThat(slope.allClose(Tensor.of(slopes), 1e-13, 0)).isTrue();
    }

    @Test
    void aRelaxedValueOfABernoulliHasTheLogitAsSlope() {
        for (double v : new double[] {0, 1}) {
            Tensor value = Tensor.scalar(v).requiresGrad(true);
            assertThat(Autograd.grad(Bernoulli.ofLogits(0.7).logProb(value), value)
                            .item())
                    .isEqualTo(0.7);
        }
    }

    @Test
    void aSecondDerivativeOfAnImplicitSampleIsRefusedByName() {
        Tensor alpha = Tensor.scalar(2).requiresGrad(true);
        Tensor sample = new Gamma(alpha, Tensor.scalar(1)).rsample(new Generator(1));
        Tensor slope = Autograd.grad(sample, GraphMode.CREATE, alpha);

        assertThatThrownBy(() -> Autograd.grad(slope, alpha))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("gammaSample");
    }

    /** Far away and at infinity, where {@code 0·∞} would make NaN of a gradient. */
    @ParameterizedTest
    @MethodSource("withCdf")
    void distributionFunctionsAreFlatFarAway(String name) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Tensor[] p = Arrays.stream(arguments(name, false))
                    .map(x -> x.to(dtype).requiresGrad(true))
                    .toArray(Tensor[]::new);
            double big = dtype == DType.FLOAT32 ? 1e30 : 1e200;
            double inf = Double.POSITIVE_INFINITY;
            Tensor value =
                    Tensor.of(-inf, -big, big, inf).to(dtype).unsqueeze(1).requiresGrad(true);
            Tensor heights = Families.of(name, p).cdf(value);
            assertThat(heights.select(1, 0).allClose(Tensor.of(0, 0, 1, 1).to(dtype), 0, 1e-20))
                    .isTrue();
            Tensor[] all = Arrays.copyOf(p, p.length + 1);
            all[p.length] = value;
            Tensor sum = Tensor.scalar(0).to(dtype);
            for (Tensor slope : Autograd.grad(heights.sum(), GraphMode.CREATE, all)) {
                assertThat(slope.abs().le(1e-20).all().item()).isOne();
                sum = sum.add(slope.sum());
            }
            for (Tensor second : Autograd.grad(sum, GraphMode.FREE, all)) {
                assertThat(second.abs().le(1e-20).all().item()).isOne();
            }
            List<Tensor> at = Arrays.stream(all).map(Tensor::detach).toList();
            Function<List<Tensor>, Tensor> cdf =
                    x -> Families.of(name, x.subList(0, p.length).toArray(Tensor[]::new))
                            .cdf(x.get(p.length));
            Tensor forward = Transforms.jvp(
                            cdf, at, at.stream().map(Tensor::onesLike).toList())
                    .tangent();
            assertThat(forward.abs().le(1e-20).all().item()).isOne();
        }
        Tensor nan = Tensor.scalar(Double.NaN);
        assertThat(Families.of(name, arguments(name, false))
                        .cdf(nan)
                        .isNaN()
                        .all()
                        .item())
                .isOne();
    }

    /** Where z overflows, where the location has fewer digits than the scale needs, and where only e⁻ᶻ overflows. */
    @Test
    void distributionFunctionsAreFlatWhereZIsLarge() {
        assertFlat(DType.FLOAT64, Normal::new, 0, 1e-200, 1e200, 1);
        assertFlat(DType.FLOAT64, Normal::new, 1e20, 1, -1e30, 0);
        assertFlat(DType.FLOAT64, Cauchy::new, 0, 1e-200, 1e200, 1);
        assertFlat(DType.FLOAT64, LogNormal::new, 0, 1e-306, 1e200, 1);
        assertFlat(DType.FLOAT32, Gumbel::new, 0, 1, -100, 0);
        assertFlat(DType.FLOAT64, Gumbel::new, 0, 1, -1000, 0);
    }

    private static void assertFlat(
            DType dtype,
            BiFunction<Tensor, Tensor, Distribution> family,
            double loc,
            double scale,
            double value,
            double expected) {
        Tensor[] all = Stream.of(loc, scale, value)
                .map(v -> Tensor.scalar(v).to(dtype).requiresGrad(true))
                .toArray(Tensor[]::new);
        Tensor height = family.apply(all[0], all[1]).cdf(all[2]);
        assertThat(height.item()).isEqualTo(expected);
        List<Tensor> slopes = Autograd.grad(height, GraphMode.CREATE, all);
        Tensor sum = slopes.get(0).add(slopes.get(1)).add(slopes.get(2));
        for (Tensor slope : slopes) {
            assertThat(slope.item()).isZero();
        }
        for (Tensor second : Autograd.grad(sum, GraphMode.FREE, all)) {
            assertThat(second.item()).isZero();
        }
    }

    @Test
    void integralsOfTheBellHaveSlopesOfTwoOrdersAtInfinity() {
        double inf = Double.POSITIVE_INFINITY;
        for (UnaryOperator<Tensor> integral : List.<UnaryOperator<Tensor>>of(Tensor::ndtr, Tensor::erf, Tensor::erfc)) {
            Tensor x = Tensor.of(-inf, inf, Double.NaN).requiresGrad(true);
            Tensor slope = Autograd.grad(integral.apply(x).sum(), GraphMode.CREATE, x);
            Tensor second = Autograd.grad(slope.sum(), x);
            assertThat(slope.abs().data().toDoubleArray()).containsExactly(0, 0, Double.NaN);
            assertThat(second.abs().data().toDoubleArray()).containsExactly(0, 0, Double.NaN);
        }
    }

    /** Distribution functions are 0 below the support and 1 above it, and flat there. */
    @Test
    void distributionFunctionsAreFlatBeyondTheirEnds() {
        for (Distribution family : List.of(
                new LogNormal(0, 1),
                new HalfNormal(1),
                new HalfCauchy(2),
                new Exponential(1),
                new Weibull(1, 0.5),
                new Gamma(0.5, 1),
                new Chi2(1),
                new Beta(0.5, 0.5),
                new Uniform(0, 1))) {
            Tensor value = Tensor.of(-3, -0.0, Double.POSITIVE_INFINITY).requiresGrad(true);
            Tensor heights = family.cdf(value);
            assertThat(heights.data().toDoubleArray()).as(family.toString()).containsExactly(0, 0, 1);
            assertThat(Autograd.grad(heights.slice(0, 0, 1).sum(), value).data().get(0))
                    .isZero();
        }
        assertThat(new Poisson(2).cdf(Tensor.of(-1.0, 0.7)).data().toDoubleArray())
                .containsExactly(new double[] {0, 0.1353352832366127}, Offset.offset(1e-16));
        assertThat(Binomial.ofProbs(3, 0.5)
                        .cdf(Tensor.of(-1.0, 0.7, 3, 4))
                        .data()
                        .toDoubleArray())
                .containsExactly(new double[] {0, 0.125, 1, 1}, Offset.offset(1e-16));
        assertThat(Bernoulli.ofProbs(0.25).cdf(Tensor.of(-1.0, 0.7, 1)).data().toDoubleArray())
                .containsExactly(0, 0.75, 1);
        assertThat(Geometric.ofProbs(0.25).cdf(Tensor.of(-1.0, 0.7)).data().toDoubleArray())
                .containsExactly(0, 0.25);
        assertThat(NegativeBinomial.ofProbs(1, 0.25)
                        .cdf(Tensor.of(-1.0, 0.7))
                        .data()
                        .toDoubleArray())
                .containsExactly(0, 0.75);
    }

    @Test
    void quantilesOfTheEndsAreTheEndsOfTheSupport() {
        Tensor ends = Tensor.of(0.0, 1);
        double inf = Double.POSITIVE_INFINITY;
        assertThat(new Normal(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(-inf, inf);
        assertThat(new StudentT(3, 1, 2).icdf(ends).data().toDoubleArray()).containsExactly(-inf, inf);
        assertThat(new Laplace(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(-inf, inf);
        assertThat(new Gumbel(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(-inf, inf);
        assertThat(new Gamma(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(0, inf);
        assertThat(new Weibull(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(0, inf);
        assertThat(new Beta(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(0, 1);
        assertThat(new HalfNormal(2).icdf(ends).data().toDoubleArray()).containsExactly(0, inf);
        assertThat(new HalfCauchy(2).icdf(ends).data().toDoubleArray()).containsExactly(0, inf);
        assertThat(new LogNormal(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(0, inf);
        assertThat(new Uniform(1, 2).icdf(ends).data().toDoubleArray()).containsExactly(1, 2);
    }
}
