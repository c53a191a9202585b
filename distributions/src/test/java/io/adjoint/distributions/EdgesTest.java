package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Tests values and gradients where a plain composition of operations would lose them: at ends of parameters and supports, and by forward products. */
class EdgesTest {
    @Test
    void logarithmsOfProbabilitiesHaveForwardProducts() {
        Tensor p = Tensor.of(0.2, 0.3, 0.5);
        Tensor tangent = Tensor.of(1, 0, 0.0);
        assertThat(Transforms.jvp(w -> Categorical.ofProbs(w).logits(), p, tangent)
                        .tangent()
                        .data()
                        .toDoubleArray())
                .containsExactly(new double[] {4, -1, -1}, Offset.offset(1e-14));
        assertThat(Transforms.jvp(
                                q -> Bernoulli.ofProbs(q).logProb(Tensor.scalar(1)),
                                Tensor.scalar(0.2),
                                Tensor.scalar(1))
                        .tangent()
                        .item())
                .isEqualTo(5);
    }

    @Test
    void gradientsAtTheEdgesOfParametersAreNumbers() {
        Tensor weights = Tensor.of(0, 0.5, 0.5).requiresGrad(true);
        double[] slopes = Autograd.grad(Categorical.ofProbs(weights).entropy(), weights)
                .data()
                .toDoubleArray();
        assertThat(slopes[0]).isFinite();
        assertThat(slopes).endsWith(0, 0);

        Tensor value = Tensor.scalar(0).requiresGrad(true);
        assertThat(Autograd.grad(Geometric.ofLogits(0.3).logProb(value), value).item())
                .isCloseTo(-Math.log1p(Math.exp(0.3)), Offset.offset(1e-15));

        Tensor failures = Tensor.scalar(2).requiresGrad(true);
        assertThat(Autograd.grad(Geometric.ofProbs(1e-20).logProb(failures), failures)
                        .item())
                .isEqualTo(-1e-20);

        Tensor count = Tensor.scalar(0).requiresGrad(true);
        Tensor logProb = Binomial.ofProbs(count, Tensor.scalar(0.3)).logProb(value);
        assertThat(logProb.item()).isCloseTo(0, Offset.offset(1e-16));
        assertThat(Autograd.grad(logProb, count).item()).isCloseTo(Math.log(0.7), Offset.offset(1e-15));
    }

    /** For large ν it is {@code (1 + 2z² − z⁴)/(4ν²)}, but for a term in ν⁻³. */
    @Test
    void theGradientInManyDegreesOfFreedomKeepsDigits() {
        Tensor df = Tensor.scalar(1e6).requiresGrad(true);
        Tensor logProb = new StudentT(df, Tensor.scalar(0), Tensor.scalar(1)).logProb(Tensor.scalar(0.3));
        double z2 = 0.3 * 0.3;
        assertThat(Autograd.grad(logProb, df).item() * 4e12).isCloseTo(1 + 2 * z2 - z2 * z2, Offset.offset(1e-5));
    }

    @Test
    void densitiesCanBeFused() {
        Distribution family = new Gamma(Tensor.scalar(2.5), Tensor.scalar(0.7));
        Tensor x = Tensor.linspace(0.1, 5, 100);
        assertThat(Transforms.fused(family::logProb).apply(x).data())
                .isEqualTo(family.logProb(x).data());
    }

    /** {@code logProb} computes densities of 20,000 values by a fused function, which here is a part of another one. */
    @Test
    void densitiesOfManyValuesCanBePartsOfAFusedFunctionOfParametersOrValues() {
        Tensor rate = Tensor.scalar(0.7).requiresGrad(true);
        Tensor values = Tensor.linspace(0.1, 5, 20_000).requiresGrad(true);
        UnaryOperator<Tensor> ofRate = r -> new Gamma(Tensor.scalar(2.5), r.square()).logProb(values.exp());
        UnaryOperator<Tensor> ofValues = x -> new Gamma(Tensor.scalar(2.5), rate.square()).logProb(x.exp());
        Tensor plain = ofRate.apply(rate);
        List<Tensor> slopes = Autograd.grad(plain.square().sum(), rate, values);
        for (Tensor fused : List.of(
                Transforms.fused(r -> ofRate.apply(r).square(), rate),
                Transforms.fused(x -> ofValues.apply(x).square(), values))) {
            assertThat(fused.data()).isEqualTo(plain.square().data());
            List<Tensor> own = Autograd.grad(fused.sum(), rate, values);
            assertThat(own.get(0).item()).isCloseTo(slopes.get(0).item(), Percentage.withPercentage(1e-12));
            assertThat(own.get(1).data()).isEqualTo(slopes.get(1).data());
        }
    }

    /** Values and gradients at the ends of parameters and supports, where a plain composition would have NaN. */
    @Test
    void theEndsHaveExactValuesAndGradients() {
        assertSlope(Bernoulli::ofProbs, 0, 0, 0, -1);
        assertSlope(Bernoulli::ofProbs, 1, 1, 0, 1);
        assertSlope(Bernoulli::ofProbs, 0, 1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        assertSlope(Bernoulli::ofLogits, Double.POSITIVE_INFINITY, 1, 0, 0);
        assertSlope(Bernoulli::ofLogits, Double.NEGATIVE_INFINITY, 0, 0, 0);
        assertSlope(Bernoulli::ofLogits, Double.NEGATIVE_INFINITY, 1, Double.NEGATIVE_INFINITY, 1);
        assertSlope(Bernoulli::ofLogits, 40, 1, -4.248354255291589e-18, 4.248354255291589e-18);
        assertSlope(Bernoulli::ofProbs, 1, 0, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
        assertSlope(p -> Binomial.ofProbs(4, p), 0, 0, 0, -4);
        assertSlope(p -> Binomial.ofProbs(4, p), 1, 4, 0, 4);
        assertSlope(p -> NegativeBinomial.ofProbs(4, p), 0, 0, 0, -4);
        assertSlope(Poisson::new, 0, 0, 0, -1);
        assertSlope(Geometric::ofProbs, 1, 0, 0, 1);
        assertSlope(rate -> new Gamma(Tensor.scalar(1), rate), 2, 0, Math.log(2), 0.5);
        assertSlope(a -> new Beta(a, Tensor.scalar(1)), 1, 0.5, 0, 1 - Math.log(2));
        Tensor x = Tensor.scalar(0).requiresGrad(true);
        assertThat(Autograd.grad(new Beta(1, 1).logProb(x), x).item()).isZero();
        assertThat(Autograd.grad(new Gamma(1, 3).logProb(x), x).item()).isEqualTo(-3);
        assertThat(Autograd.grad(new Weibull(2, 1).logProb(x), x).item()).isEqualTo(-0.5);
        assertThat(Autograd.grad(new StudentT(3, 0, 1).cdf(x), x).item()).isEqualTo(0.3675525969478614);
        assertThat(Autograd.grad(new Laplace(0, 2).cdf(x), x).item()).isEqualTo(0.25);
    }

    private static void assertSlope(
            Function<Tensor, Distribution> family, double parameter, double value, double expected, double slope) {
        Tensor p = Tensor.scalar(parameter).requiresGrad(true);
        Tensor result = family.apply(p).logProb(Tensor.scalar(value));
        assertThat(result.item()).isEqualTo(expected);
        assertThat(Autograd.grad(result, p).item()).isCloseTo(slope, Offset.offset(1e-15));
    }

    /** The second derivative of {@code (log p − log ¼)²} at ¼, where the first is 0. */
    @Test
    void aStationaryPointHasItsCurvature() {
        Tensor curvature = Transforms.hessian(
                p -> Bernoulli.ofProbs(p)
                        .logProb(Tensor.scalar(1))
                        .sub(Math.log(0.25))
                        .square(),
                Tensor.scalar(0.25));
        assertThat(curvature.item()).isEqualTo(32);
    }

    /** At 0 the first component, of shape 2, has the density 0, so that only the second one counts, of shape 1. */
    @Test
    void aComponentWithoutDensityHasNoGradient() {
        Tensor zero = Tensor.scalar(0);
        List<BiFunction<Tensor, Tensor, Distribution>> families =
                List.of(Gamma::new, Beta::new, (shape, scale) -> new Weibull(scale, shape));
        for (BiFunction<Tensor, Tensor, Distribution> family : families) {
            BiFunction<Tensor, Tensor, Tensor> mixed =
                    (a, b) -> new Mixture(Categorical.ofProbs(Tensor.of(0.25, 0.75)), family.apply(a, b)).logProb(zero);
            Function<Tensor, Tensor> second =
                    b -> family.apply(Tensor.scalar(1), b.select(0, 1)).logProb(zero);
            Tensor shapes = Tensor.of(2.0, 1);
            Tensor b = Tensor.of(3.0, 5);

            assertThat(mixed.apply(shapes, b).item())
                    .isCloseTo(second.apply(b).item() + Math.log(0.75), Offset.offset(1e-15));
            assertThat(Transforms.grad(a -> mixed.apply(a, b), shapes)
                            .abs()
                            .data()
                            .toDoubleArray())
                    .containsExactly(0, Double.POSITIVE_INFINITY);
            assertThat(Transforms.grad(x -> mixed.apply(shapes, x), b).allClose(Transforms.grad(second, b), 1e-14, 0))
                    .isTrue();
            assertThat(Transforms.hessian(x -> mixed.apply(shapes, x), b)
                            .allClose(Transforms.hessian(second, b), 1e-13, 0))
                    .isTrue();
        }
    }
}
