package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests the messages of wrong parameters, values and calls. */
class RefusalsTest {
    private final Generator generator = new Generator(1);

    @Test
    void parametersOutsideOfTheirConstraintAreNamed() {
        refused(
                () -> new Normal(Tensor.of(0, 1.0), Tensor.of(1, -0.5)),
                "Normal: scale must be positive and finite, but element [1] is -0.5");
        refused(
                () -> new Normal(Tensor.of(0, 1.0), Tensor.fromArray(new double[][] {{1, 2}, {3, Double.NaN}})),
                "Normal: scale must be positive and finite, but element [1, 1] is NaN");
        refused(() -> new Gamma(0, 1), "Gamma: concentration must be positive and finite, but it is 0.0");
        refused(
                () -> new StudentT(1, Double.POSITIVE_INFINITY, 1),
                "StudentT: loc must be a finite number, but it is Infinity");
        refused(
                () -> new Uniform(Tensor.of(1, 2.0), Tensor.of(2, 2.0)),
                "Uniform: high must be above low, but element [1] is 2.0");
        refused(() -> Bernoulli.ofProbs(1.5), "Bernoulli: probs must be from 0 to 1, but it is 1.5");
        refused(() -> Bernoulli.ofLogits(Double.NaN), "Bernoulli: logits must be a number, not NaN, but it is NaN");
        refused(() -> Binomial.ofProbs(2.5, 0.5), "Binomial: totalCount must be an integer from 0 on, but it is 2.5");
        refused(
                () -> NegativeBinomial.ofProbs(2, 1),
                "NegativeBinomial: probs must be from 0 and below 1, but it is 1.0");
        refused(() -> Geometric.ofProbs(0), "Geometric: probs must be above 0 and up to 1, but it is 0.0");
        refused(
                () -> Categorical.ofProbs(Tensor.fromArray(new double[][] {{0.5, 0.5}, {0, 0}})),
                "Categorical: probs must be a vector of numbers from 0 on with a sum that is positive and finite, but [1] is [0., 0.]");
        refused(
                () -> new Dirichlet(Tensor.of(1, 1.0)).logProb(Tensor.of(new double[] {1})),
                "Dirichlet: the value has the shape [1], but must end in the event's [2]");
        refused(
                () -> Multinomial.ofProbs(-1, Tensor.of(0.5, 0.5)),
                "Multinomial: totalCount must not be negative, but it is -1");
        refused(
                () -> new Dirichlet(Tensor.scalar(1)),
                "Dirichlet: concentration must be a vector, each element positive and finite, but its shape is []");
        refused(
                () -> new Dirichlet(Tensor.of(1, -2.0)),
                "Dirichlet: concentration must be a vector, each element positive and finite, but it is [ 1., -2.]");
        refused(
                () -> new MultivariateNormal(Tensor.of(1, 2.0), Tensor.fromArray(new double[][] {{1, 0.1}, {0.5, 2}})),
                "MultivariateNormal: scaleTril must be a lower triangular matrix of finite numbers with a "
                        + "positive diagonal, but it is [[1. , 0.1],\n [0.5, 2. ]]");
        refused(
                () -> new Normal(Tensor.of(1, 2.0), Tensor.of(1, 2, 3.0)),
                "Normal: cannot broadcast [2] with [3]: axis -1 has 2 vs 3");
        refused(
                () -> new Normal(Tensor.of(new float[] {1}), Tensor.of(1.0)),
                "Normal: cannot mix FLOAT32 with FLOAT64; convert one with to(FLOAT32) or to(FLOAT64)");
        refused(
                () -> new Poisson(Tensor.of(new int[] {1, 2})),
                "Poisson: expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)");
    }

    @Test
    void valuesOutsideOfTheSupportAreNamed() {
        refused(
                () -> new Gamma(1, 1).logProb(Tensor.of(1, -1.0)),
                "Gamma: the value must be a finite number from 0 on, but element [1] is -1.0");
        refused(
                () -> new Normal(0, 1).logProb(Tensor.scalar(Double.NaN)),
                "Normal: the value must be a finite number, but it is NaN");
        refused(
                () -> new Poisson(1).logProb(Tensor.of(1, 1.5)),
                "Poisson: the value must be an integer from 0 on, but element [1] is 1.5");
        refused(
                () -> Binomial.ofProbs(3, 0.5).logProb(Tensor.of(1.0, 4)),
                "Binomial: the value must be an integer from 0 to 3.0, but element [1] is 4.0");
        refused(
                () -> new Uniform(0, 2).logProb(Tensor.of(1.0, 4)),
                "Uniform: the value must be from 0.0 to 2.0, but element [1] is 4.0");
        refused(
                () -> new Uniform(Tensor.of(0.0, 1), Tensor.of(2.0, 3)).logProb(Tensor.scalar(0.5)),
                "Uniform: the value must be from the lower bound to the upper bound, but element [1] is 0.5");
        refused(
                () -> new Dirichlet(Tensor.of(1, 2.0)).logProb(Tensor.fromArray(new double[][] {{0.5, 0.5}, {0.5, 0.6}
                })),
                "Dirichlet: the value must be a vector of numbers from 0 on that add up to 1, but [1] is [0.5, 0.6]");
        refused(
                () -> Multinomial.ofProbs(3, Tensor.of(0.5, 0.5)).logProb(Tensor.of(1.0, 1)),
                "Multinomial: the value must be a vector of 2 integers from 0 on that add up to 3, but it is [1., 1.]");
        refused(
                () -> Categorical.ofProbs(Tensor.of(0.5, 0.5)).logProb(Tensor.of(new int[] {0, 2})),
                "Categorical: the value must be an INT32 index from 0 to 1, but element [1] is 2.0");
        refused(
                () -> Categorical.ofProbs(Tensor.of(0.5, 0.5)).logProb(Tensor.of(0.0, 1)),
                "Categorical: the value is FLOAT64, but must be INT32; convert it with to(INT32)");
        refused(
                () -> new Normal(0, 1).icdf(Tensor.of(0.5, 1.5)),
                "Normal: the probability must be from 0 to 1, but element [1] is 1.5");
        refused(
                () -> new Transformed(new Uniform(0, 1), Bijection.affine(1, 2)).logProb(Tensor.scalar(4)),
                "Uniform: the value must be from 0.0 to 1.0, but it is 1.5");
        assertThat(new Transformed(new Uniform(0, 1), Bijection.affine(1, 2))
                        .support()
                        .check(Tensor.of(0.5, 1, 2.5, 4))
                        .data())
                .isEqualTo(Tensor.of(false, true, true, false).data());
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        refused(
                () -> new Mixture(Categorical.ofProbs(Tensor.of(0.3, 0.7)), new Normal(0, 1)),
                "Mixture: 2 probabilities need as many components along the last batch axis, but the batch shape "
                        + "of the components is []");
        refused(
                () -> new Independent(new Normal(0, 1), 1),
                "Independent: 1 batch axes can't become axes of the event of a Normal of batch shape []; expected 0 to 0");
        refused(
                () -> new Transformed(new Normal(0, 1), Bijection.affine(Tensor.of(1, 2.0), Tensor.of(1, 2.0))),
                "Transformed: the bijection makes values [2] of the base's [], so that several would have one "
                        + "random number; give the base's parameters that shape");
        refused(
                () -> new MultivariateNormal(Tensor.of(1, 2.0), Tensor.eye(3)),
                "MultivariateNormal: vectors of 2 numbers need matrices of as many rows and columns; loc is [2], "
                        + "and scaleTril [3, 3]");
        refused(() -> new Normal(0, 1).sample(generator, -1), "Normal: [-1] has a negative size: -1");
        refused(() -> Bijection.affine(0, 0), "Bijection.affine: scale must be finite and not 0, but it is 0.0");
        refused(
                () -> Constraint.interval(Tensor.of(1.0, 2), Tensor.scalar(2)),
                "Constraint.interval: high must be above low, but element [1] is 2.0");
        Tensor infinity = Tensor.of(2, Double.POSITIVE_INFINITY);
        refused(
                () -> Constraint.interval(Tensor.scalar(1), infinity).bijection(),
                "Bijection.affine: scale must be finite and not 0, but element [1] is Infinity");
    }

    @Test
    void whatAFamilyHasNotSaysSo() {
        refused(
                () -> new Poisson(1).rsample(generator),
                "Poisson: no rsample is implemented; its values are no differentiable function of the parameters; "
                        + "multiply logProb(sample) by the function of the detached sample (score function). A family of "
                        + "your own implements rsample or sample");
        refused(
                () -> new Poisson(1).icdf(Tensor.scalar(0.5)),
                "Poisson: no icdf is implemented; take a quantile of samples: sample(generator, 10_000).quantile(0.5, 0)");
        refused(
                () -> new Poisson(1).entropy(),
                "Poisson: no entropy is implemented; estimate it by logProb(sample(generator, 10_000)).mean(0).neg()");
        refused(
                () -> Constraint.COUNT.bijection(),
                "Constraint.bijection: no bijection of the real numbers gives an integer from 0 on; relax integers to "
                        + "probabilities, or add up over all of them");
        refused(
                () -> KL.divergence(new Normal(0, 1), new Laplace(0, 1)),
                "KL.divergence: there is no formula for Normal and Laplace; estimate it by samples of the first: "
                        + "KL.estimate(p, q, p.rsample(generator, 10_000)), or p.sample where there is no rsample");
        refused(
                () -> KL.divergence(Binomial.ofProbs(3, 0.5), Binomial.ofProbs(4, 0.5)),
                "KL.divergence: there is no formula for two Binomial distributions of different total counts; "
                        + "estimate it by samples of the first: KL.estimate(p, q, p.sample(generator, 10_000))");
    }

    @Test
    void divergencesOfDifferentDtypesNameBothFamilies() {
        Tensor half = Tensor.of(new float[] {0.5f});
        refused(
                () -> KL.divergence(new Normal(half, half), new Normal(0, 1)),
                "KL.divergence of Normal and Normal: sub: cannot mix FLOAT32 with FLOAT64; convert one with to(FLOAT32) or "
                        + "to(FLOAT64)");
    }

    @Test
    void constraintsAndBijectionsAreWords() {
        assertThat(new Transformed(new Beta(3, 2), Bijection.affine(2, 5)).support())
                .hasToString("a finite number, and its inverse from 0 to 1");
        Bijection logit = Bijection.sigmoid().andThen(Bijection.affine(2, 6));
        assertThat(logit).hasToString("Composed[first=sigmoid, second=affine(2.0, 6.0)]");
        assertThat(logit.inverted().independent(1))
                .hasToString("IndependentAxes[base=Inverted[base=" + logit + "], axes=1]");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).hasMessage(message);
    }
}
