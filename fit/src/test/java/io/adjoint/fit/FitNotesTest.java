package io.adjoint.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.fit.LeastSquaresTest.Decay;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Tests the notes of a fit, and the standard errors that belong to them. */
class FitNotesTest {
    private final Tensor t = Tensor.of(0, 0.5, 1, 1.5, 2, 2.5, 3);
    private final Tensor y = Tensor.of(2.52, 1.73, 1.23, 0.82, 0.58, 0.41, 0.27);
    private final LeastSquares<Decay> squares = LeastSquares.of(p -> p.at(t).sub(y));

    @Test
    void parameterAtABoundIsNamed() {
        Fit<Decay> fit = squares.bounds(Decay.of(0, 0.8), Decay.of(10, 5)).from(Decay.of(1, 1));

        assertThat(fit.parameters().rate().item()).isEqualTo(0.8);
        assertThat(fit.notes()).containsExactly(".rate is at its lower bound 0.8, beyond which the cost would fall");
        assertThat(fit.standardErrors().rate().item()).isNaN();
        assertThat(fit.standardErrors().amplitude().item()).isPositive();
    }

    @Test
    void equalBoundsFixAParameterEvenWhereTheCostIsFlat() {
        for (double rate : new double[] {0.7, 0.8}) {
            Fit<Decay> fit =
                    squares.bounds(Decay.of(0, rate), Decay.of(10, rate)).from(Decay.of(1, rate));
            Fit<Tensor> given = LeastSquares.of((Tensor a) ->
                            new Decay(a, Tensor.scalar(rate)).at(t).sub(y))
                    .from(Tensor.scalar(1));

            assertThat(fit.parameters().rate().item()).isEqualTo(rate);
            assertThat(fit.notes()).containsExactly(".rate is fixed by its equal bounds");
            assertThat(fit.standardErrors().amplitude().item())
                    .isCloseTo(given.standardErrors().item(), within(1e-12));
        }
        Fit<Decay> flat = LeastSquares.of((Decay p) ->
                        p.amplitude().sub(Tensor.of(1, 2)).add(p.rate().mul(0)))
                .bounds(Decay.of(0, 1), Decay.of(10, 1))
                .from(Decay.of(1, 1));
        assertThat(flat.notes()).containsExactly(".rate is fixed by its equal bounds");
        assertThat(flat.degreesOfFreedom()).isEqualTo(1);
    }

    @Test
    void asManyResidualsAsParametersGiveNoStandardErrors() {
        Fit<Tensor> full =
                LeastSquares.of((Tensor p) -> p.square().sub(Tensor.of(4, 9))).from(Tensor.of(1, 1));
        Fit<Tensor> partly = LeastSquares.of(
                        (Tensor p) -> p.mul(Tensor.of(1, 0)).sub(Tensor.of(4, 9)))
                .from(Tensor.of(1, 1));
        String note = "no standard errors: there are as many residuals as parameters; if the weights are 1/σ², take"
                + " covarianceOfKnownWeights()";

        assertThat(full.notes()).containsExactly(note);
        assertThat(partly.notes()).hasSize(2).contains(note);
        for (Fit<Tensor> fit : List.of(full, partly)) {
            assertThat(fit.variance()).isNaN();
            assertThat(fit.standardErrors().data().toDoubleArray()).containsOnly(Double.NaN);
            assertThat(fit.covariance().data().toDoubleArray()).containsOnly(Double.NaN);
            assertThat(fit.toString()).doesNotContain("±").endsWith(note);
        }
        assertThat(full.covarianceOfKnownWeights().data().get(0, 0)).isCloseTo(1 / 16.0, within(1e-12));
    }

    @Test
    void combinationsOfTheSameParametersHaveOneNote() {
        Tensor x = Tensor.of(1, 2, 3, 4, 5);
        Fit<Tensor> fit = LeastSquares.of((Tensor p) -> p.select(0, 0)
                        .add(p.select(0, 1))
                        .add(p.select(0, 2))
                        .mul(x)
                        .sub(1))
                .from(Tensor.of(1, 2, 3));

        assertThat(fit.notes())
                .containsExactly("the residuals do not determine parameter[0], parameter[1], parameter[2], only a"
                        + " combination of them: fix some, or write the model with fewer parameters");
    }

    @Test
    void parametersThatAreNotDeterminedAreNamed() {
        record Three(Tensor a, Tensor b, Tensor c) {}

        Fit<Three> sum = LeastSquares.of(
                        (Three p) -> p.a().add(p.b()).add(p.c().mul(t)).sub(y))
                .from(new Three(Tensor.scalar(1), Tensor.scalar(1), Tensor.scalar(1)));
        Fit<Three> unused = LeastSquares.of((Three p) -> p.a().add(p.c().mul(t)).sub(y))
                .from(new Three(Tensor.scalar(1), Tensor.scalar(1), Tensor.scalar(1)));

        assertThat(sum.notes())
                .containsExactly(
                        "the residuals do not determine .a, .b, only a combination of them: fix some, or write the model"
                                + " with fewer parameters");
        assertThat(sum.standardErrors().a().item()).isInfinite();
        assertThat(sum.standardErrors().c().item()).isFinite();
        assertThat(unused.notes())
                .containsExactly(
                        "the residuals do not depend on .b here; leave it out, start elsewhere, or compute without"
                                + " item() or detach(), which make constants");
        assertThat(unused.standardErrors().b().item()).isInfinite();
        assertThat(unused.covariance().select(0, 1).data().toDoubleArray())
                .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NaN);
    }

    @Test
    void aParameterThatIsNotDeterminedHasAnInfiniteErrorWhereTheResidualsAre0() {
        Fit<Decay> fit = LeastSquares.of((Decay p) -> p.amplitude().sub(1).mul(Tensor.ones(3)))
                .from(Decay.of(1, 1));

        assertThat(fit.cost()).isZero();
        assertThat(fit.standardErrors().amplitude().item()).isZero();
        assertThat(fit.standardErrors().rate().item()).isInfinite();
        assertThat(fit.covariance().data().toDoubleArray())
                .containsExactly(0, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY);
    }

    @Test
    void aSumOfSquaresThatIsNotMinimisedIsNamed() {
        Fit<Tensor> fit = LeastSquares.of((Tensor a) -> a.mul(Tensor.of(1, 2, 3))
                        .sub(Tensor.of(1, 3, 2))
                        .square()
                        .sum())
                .from(Tensor.scalar(5));

        assertThat(fit.ending().converged()).isFalse();
        assertThat(fit.notes()).contains("there is one residual: return the residuals, not the sum of their squares");
        assertThat(fit.toString()).contains(", 1 residual of shape []");
    }

    @Test
    void aParameterWithEqualBoundsNeedsNoResidual() {
        Fit<Tensor> fit = LeastSquares.of(
                        (Tensor p) -> p.slice(0, 0, 2).sub(p.select(0, 2)).sub(1))
                .bounds(Tensor.of(-9, -9, 2), Tensor.of(9, 9, 2))
                .from(Tensor.of(0, 0, 2));

        assertThat(fit.parameters().data().toDoubleArray()).containsExactly(new double[] {3, 3, 2}, within(1e-12));
        assertThat(fit.degreesOfFreedom()).isZero();
    }

    @Test
    void residualsAreTheOnesAtTheParametersThoughTheFunctionOverwritesThem() {
        Tensor buffer = Tensor.zeros(3);
        Tensor y = Tensor.of(1, 2, 4);
        UnaryOperator<Tensor> model = p -> p.mul(Tensor.of(1, 2, 3)).exp().sub(y);
        Function<Tensor, Tensor> overwriting = p -> {
            if (Autograd.isRecording()) {
                return model.apply(p);
            }
            buffer.assign(model.apply(p).data());
            return buffer;
        };
        Fit<Tensor> expected = LeastSquares.of(model).from(Tensor.scalar(3));
        Fit<Tensor> actual = LeastSquares.of(overwriting).from(Tensor.scalar(3));

        assertThat(actual.residuals().data()).isEqualTo(expected.residuals().data());
    }
}
