package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests bijections, also the bijections of supports, and transformed distributions. */
class BijectionsTest {
    static Stream<String> bijections() {
        return BIJECTIONS.keySet().stream().sorted();
    }

    private static final Map<String, Bijection> BIJECTIONS = Map.of(
            "identity", Bijection.identity(),
            "exp", Bijection.exp(),
            "sigmoid", Bijection.sigmoid(),
            "tanh", Bijection.tanh(),
            "softplus", Bijection.softplus(),
            "affine", Bijection.affine(2, -3),
            "inverted", Bijection.softplus().andThen(Bijection.exp().inverted()),
            "interval", interval(-1, 5).bijection(),
            "from 1 on", interval(1, Double.POSITIVE_INFINITY).bijection(),
            "up to 1", interval(Double.NEGATIVE_INFINITY, 1).bijection());

    private static Constraint interval(double low, double high) {
        return Constraint.interval(Tensor.scalar(low), Tensor.scalar(high));
    }

    @ParameterizedTest
    @MethodSource("bijections")
    void bijectionsAreInvertedAndHaveTheirSlopes(String name) {
        Bijection bijection = Objects.requireNonNull(BIJECTIONS.get(name));
        Tensor x = Tensor.of(-3, -0.2, 0.4, 5).requiresGrad(true);
        Tensor y = bijection.forward(x);

        assertThat(bijection.inverse(y).allClose(x, 1e-10, 1e-12)).isTrue();
        assertThat(bijection.codomain().check(y).all().item()).isOne();
        Tensor slope = Autograd.grad(y.sum(), x);
        assertThat(bijection.logDetJacobian(x).allClose(slope.abs().log(), 1e-12, 1e-12))
                .isTrue();
        assertThat(bijection
                        .inverted()
                        .logDetJacobian(y)
                        .allClose(slope.abs().log().neg(), 1e-9, 1e-9))
                .isTrue();
        GradCheck.check(2, v -> bijection.forward(v[0]).add(bijection.logDetJacobian(v[0])), x.detach());
    }

    @Test
    void bijectionsOfVectorsHaveTheirDeterminants() {
        Tensor x = Tensor.of(0.3, -1, 2);
        Bijection sticks = Constraint.SIMPLEX.bijection();
        Tensor jacobian = Transforms.jacobian(v -> sticks.forward(v).slice(0, 0, 3), x);
        assertThat(jacobian.slogDet().logAbs().item())
                .isCloseTo(sticks.logDetJacobian(x).item(), Offset.offset(1e-13));

        Tensor matrix = Tensor.fromArray(new double[][] {{0.3, 9}, {-1, 0.5}});
        Bijection cholesky = Constraint.LOWER_CHOLESKY.bijection();
        Tensor lower = cholesky.forward(matrix);
        assertThat(Constraint.LOWER_CHOLESKY.check(lower).item()).isOne();
        assertThat(cholesky.inverse(lower).allClose(matrix.tril())).isTrue();
        assertThat(cholesky.logDetJacobian(matrix).item()).isEqualTo(0.8);
    }

    /** Supports of transformed distributions, each with the shape of the real numbers that make one value. */
    static Stream<Map.Entry<Distribution, Shape>> transformed() {
        Normal normal = new Normal(Tensor.of(0.0, 1, 2), Tensor.scalar(0.5));
        Distribution logNormal = new Transformed(normal, Bijection.exp());
        Distribution shares = new Transformed(normal, Bijection.stickBreaking());
        return Stream.of(
                Map.entry(logNormal, Shape.of(3)),
                Map.entry(new Transformed(new Beta(3, 2), Bijection.affine(2, 5)), Shape.scalar()),
                Map.entry(new Transformed(new Gamma(3, 2), Bijection.exp().inverted()), Shape.scalar()),
                Map.entry(shares, Shape.of(3)),
                Map.entry(new Transformed(shares, Bijection.affine(1, -2)), Shape.of(3)),
                Map.entry(new Transformed(logNormal, Bijection.affine(1, -2)), Shape.of(3)),
                Map.entry(new Independent(logNormal, 1), Shape.of(3)),
                Map.entry(new Transformed(new Independent(normal, 1), Bijection.exp()), Shape.of(3)),
                Map.entry(
                        new Transformed(new MultivariateNormal(Tensor.of(0.0, 1), Tensor.eye(2)), Bijection.softplus()),
                        Shape.of(2)));
    }

    @ParameterizedTest
    @MethodSource("transformed")
    void theBijectionOfASupportMakesValuesOfRealNumbers(Map.Entry<Distribution, Shape> entry) {
        Distribution family = entry.getKey();
        Bijection bijection = family.support().bijection();
        Tensor x = Tensor.uniform(entry.getValue(), -2, 2, new Generator(1));
        Tensor y = bijection.forward(x);

        assertThat(family.support().check(y).all().item()).isOne();
        assertThat(bijection.inverse(y).allClose(x, 1e-10, 1e-12)).isTrue();
        assertThat(bijection.logDetJacobian(x).shape()).isEqualTo(family.batchShape());
        assertThat(family.logProb(y).isFinite().all().item()).isOne();
    }

    @Test
    void theBijectionOfTheSupportOfALogNormalIsExp() {
        Distribution family = new Transformed(new Normal(0, 1), Bijection.exp());
        Tensor x = Tensor.of(-1.0, 0, 1);
        assertThat(family.support().bijection().forward(x).data())
                .isEqualTo(new LogNormal(0, 1).support().bijection().forward(x).data());
    }

    /** As the families that these are: also at the ends, of a batch in which one rises and one falls, and with gradients. */
    @Test
    void transformedNumbersHaveDistributionFunctionsAndQuantiles() {
        Bijection log = Bijection.exp().inverted();
        Bijection root = log.andThen(Bijection.affine(0, 0.5)).andThen(Bijection.exp());
        Map<Distribution, Distribution> pairs = Map.of(
                new LogNormal(0.3, 2),
                new Transformed(new Normal(0.3, 2), Bijection.exp()),
                new Exponential(1),
                new Transformed(new Uniform(0, 1), log.andThen(Bijection.affine(0, -1))),
                new Weibull(2, 4),
                new Transformed(new Weibull(4, 2), root),
                new Gumbel(1, 2),
                new Transformed(new Exponential(1), log.andThen(Bijection.affine(1, -2))),
                new Normal(Tensor.of(5.0, -1), Tensor.of(2.0, 3)),
                new Transformed(
                        new Normal(Tensor.of(1.0, 1), Tensor.scalar(1)),
                        Bijection.affine(Tensor.of(3.0, 2), Tensor.of(2.0, -3))));
        double inf = Double.POSITIVE_INFINITY;
        pairs.forEach((expected, family) -> {
            Tensor value = Tensor.of(-inf, -1, 0.2, 1, 30, inf).unsqueeze(1).requiresGrad(true);
            Tensor heights = family.cdf(value);
            Tensor exact = expected.cdf(value);
            assertThat(heights.allClose(exact, 1e-13, 1e-15)).isTrue();
            assertThat(Autograd.grad(heights.sum(), value).allClose(Autograd.grad(exact.sum(), value), 1e-12, 1e-15))
                    .isTrue();
            Tensor p = Tensor.of(0.0, 1e-9, 0.3, 0.9, 1).unsqueeze(1);
            assertThat(family.icdf(p).allClose(expected.icdf(p), 1e-7, 1e-12)).isTrue();
            assertThat(family.cdf(Tensor.scalar(Double.NaN)).isNaN().all().item())
                    .isOne();
        });
        Distribution mixture =
                new Mixture(Categorical.ofProbs(Tensor.of(0.3, 0.7)), new Normal(Tensor.of(-1.0, 2), Tensor.scalar(1)));
        assertThat(new Transformed(mixture, Bijection.exp())
                        .cdf(Tensor.of(0, 1, inf))
                        .allClose(mixture.cdf(Tensor.of(-inf, 0, inf)), 1e-15, 0))
                .isTrue();
        Distribution vectors =
                new Transformed(new Normal(Tensor.of(0.0, 1), Tensor.scalar(1)), Bijection.stickBreaking());
        assertThatThrownBy(() -> vectors.cdf(Tensor.of(0.2, 0.3, 0.5)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("Transformed: no cdf is implemented; estimate it");
    }

    @Test
    void theDeterminantOfABijectionOfVectorsIsANumberForEachVector() {
        Tensor x = Tensor.zeros(4, 3, 3);
        assertThat(Constraint.REAL_VECTOR.bijection().logDetJacobian(x).shape()).isEqualTo(Shape.of(4, 3));
        assertThat(Bijection.lowerCholesky()
                        .domain()
                        .bijection()
                        .logDetJacobian(x)
                        .shape())
                .isEqualTo(Shape.of(4));
    }

    @Test
    void numbersOfABijectionTakeTheDtypeOfItsOperand() {
        Tensor one = Tensor.of(new float[] {1});
        Distribution shifted = new Transformed(new Gamma(one, one), Bijection.affine(1, 2));
        Tensor sample = shifted.sample(new Generator(1), 4);
        assertThat(sample.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(shifted.logProb(sample).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(shifted.support().check(sample).all().item()).isOne();
    }
}
