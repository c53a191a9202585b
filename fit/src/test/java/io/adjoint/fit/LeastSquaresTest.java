package io.adjoint.fit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.Implicit;
import io.adjoint.autograd.transforms.JacobianMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeastSquaresTest {
    record Decay(Tensor amplitude, Tensor rate) {
        static Decay of(double amplitude, double rate) {
            return new Decay(Tensor.scalar(amplitude), Tensor.scalar(rate));
        }

        Tensor at(Tensor t) {
            return amplitude.mul(t.mul(rate).neg().exp());
        }
    }

    private final Tensor t = Tensor.of(0, 0.5, 1, 1.5, 2, 2.5, 3);
    private final Tensor y = Tensor.of(2.52, 1.73, 1.23, 0.82, 0.58, 0.41, 0.27);
    private final LeastSquares<Decay> squares = LeastSquares.of(p -> p.at(t).sub(y));

    @Test
    void recordOfParametersIsFitted() {
        Fit<Decay> fit = squares.from(Decay.of(1, 1));

        assertThat(fit.parameters().amplitude().item()).isCloseTo(2.516, within(0.01));
        assertThat(fit.parameters().rate().item()).isCloseTo(0.738, within(0.01));
        assertThat(fit.ending().converged()).isTrue();
        assertThat(fit.names()).containsExactly(".amplitude", ".rate");
        assertThat(fit.notes()).isEmpty();
        assertThat(fit.degreesOfFreedom()).isEqualTo(5);
        assertThat(fit.toString()).contains("converged after ", ".amplitude ", ".rate ", "±");
    }

    /** By the loss's own second derivative, which is 0 or negative for outliers, HUBER took 61 evaluations from the last start. */
    @Test
    void outliersDoNotMisleadTheSteps() {
        Tensor spoiled = Tensor.of(2.52, 1.73, 1.23, 3.5, 0.58, 0.41, 0.27);
        for (Decay start :
                List.of(Decay.of(1, 0.5), Decay.of(3, 2), Decay.of(0.1, 3), Decay.of(5, 0.1), Decay.of(-1, 0.3))) {
            for (RobustLoss loss : RobustLoss.values()) {
                Fit<Decay> fit = LeastSquares.of((Decay p) -> p.at(t).sub(spoiled))
                        .loss(loss, 0.05)
                        .from(start);

                assertThat(fit.ending().converged()).as(fit.toString()).isTrue();
                assertThat(fit.evaluations()).as(loss + " " + fit).isLessThan(30);
                assertThat(fit.history())
                        .allSatisfy(iterate -> assertThat(iterate.gradient()).isLessThanOrEqualTo(1 + 1e-12));
                if (loss == RobustLoss.HUBER) {
                    assertThat(fit.cost()).as(fit.toString()).isCloseTo(0.1317166054205903, within(1e-14));
                }
            }
        }
    }

    /** A smile's first terms; where the volatility of the volatility is 0, its lower bound, the correlation has no influence. */
    @Test
    void firstStepsDoNotEndAtABound() {
        Tensor strikes = Tensor.linspace(-1, 1, 11);
        Function<Tensor, Tensor> smile = p -> {
            Tensor skew = p.select(0, 1).mul(p.select(0, 2));
            Tensor curvature =
                    p.select(0, 2).square().mul(2).sub(skew.square().mul(3)).div(12);
            return strikes.mul(skew)
                    .div(2)
                    .add(strikes.square().mul(curvature))
                    .add(1)
                    .mul(p.select(0, 0));
        };
        Tensor observed = smile.apply(Tensor.of(0.2, -0.4, 0.8));
        LeastSquares<Tensor> fit = LeastSquares.of((Tensor p) -> smile.apply(p).sub(observed))
                .bounds(Tensor.of(0, -1, 0), Tensor.of(Double.POSITIVE_INFINITY, 1, Double.POSITIVE_INFINITY));

        for (Tensor start :
                List.of(Tensor.of(0.04, -0.69, 1.17), Tensor.of(0.46, -0.33, 0.055), Tensor.of(0.75, -0.41, 0.052))) {
            assertThat(fit.from(start).cost()).as(start.toString()).isLessThan(1e-20);
        }
    }

    @Test
    void anExceptionAtATrialShortensTheStep() {
        LeastSquares<Tensor> roots = LeastSquares.of((Tensor p) -> {
            if (p.min().item() < 0) {
                throw new IllegalArgumentException("no root of " + p);
            }
            return p.sqrt().sub(Tensor.of(0.1, 2));
        });

        Fit<Tensor> fit = roots.from(Tensor.of(1, 1));

        assertThat(fit.ending().converged()).isTrue();
        assertThat(fit.cost()).isLessThan(1e-20);
        assertThat(fit.toString()).contains("the function refused the trial parameter[0] = -", ": no root of [-");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> roots.from(Tensor.of(-1, 1)))
                .withMessageContaining("no root of [-1");
    }

    @Test
    void treesOfAnyKindGiveTheSameFit() {
        Fit<Decay> record = squares.from(Decay.of(1, 1));
        Fit<List<Tensor>> list = LeastSquares.of(
                        (List<Tensor> p) -> new Decay(p.get(0), p.get(1)).at(t).sub(y))
                .from(List.of(Tensor.scalar(1), Tensor.scalar(1)));
        Fit<Map<String, Tensor>> map = LeastSquares.of(
                        (Map<String, Tensor> p) -> new Decay(requireNonNull(p.get("a")), requireNonNull(p.get("r")))
                                .at(t)
                                .sub(y))
                .from(new TreeMap<>(Map.of("a", Tensor.scalar(1), "r", Tensor.scalar(1))));
        Fit<Tensor> vector = LeastSquares.of((Tensor p) ->
                        new Decay(p.select(0, 0), p.select(0, 1)).at(t).sub(y))
                .from(Tensor.of(1, 1));

        double rate = record.parameters().rate().item();
        assertThat(list.parameters().get(1).item()).isEqualTo(rate);
        assertThat(requireNonNull(map.parameters().get("r")).item()).isEqualTo(rate);
        assertThat(vector.parameters().select(0, 1).item()).isEqualTo(rate);
        assertThat(vector.names()).containsExactly("parameter[0]", "parameter[1]");
        assertThat(map.names()).containsExactly("[\"a\"]", "[\"r\"]");
    }

    @ParameterizedTest
    @EnumSource
    void modesOfTheJacobianGiveTheSameFit(JacobianMode mode) {
        // With an axis of copies, which BATCH adds, parameters are columns and residuals rows.
        Fit<Decay> fit = LeastSquares.of((Decay p) -> p.amplitude()
                        .unsqueeze(-1)
                        .mul(p.rate().unsqueeze(-1).mul(t).neg().exp())
                        .sub(y))
                .jacobian(mode)
                .from(Decay.of(1, 1));
        Fit<Decay> expected = squares.from(Decay.of(1, 1));

        assertThat(fit.parameters().amplitude().item())
                .isCloseTo(expected.parameters().amplitude().item(), within(1e-12));
        assertThat(fit.parameters().rate().item())
                .isCloseTo(expected.parameters().rate().item(), within(1e-12));
        assertThat(fit.evaluations()).isEqualTo(expected.evaluations());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-8, 1e-16, 1e-24, 1e-30, Double.MIN_VALUE})
    void aStartNearZeroIsLeft(double intercept) {
        record Line(Tensor slope, Tensor intercept) {}
        LeastSquares<Line> line =
                LeastSquares.of(p -> p.slope().mul(t).add(p.intercept()).sub(y));
        Fit<Line> fit = line.from(new Line(Tensor.scalar(1), Tensor.scalar(intercept)));
        Fit<Line> fromZero = line.from(new Line(Tensor.scalar(1), Tensor.scalar(0)));

        assertThat(fit.ending().converged()).isTrue();
        assertThat(fit.cost()).isCloseTo(fromZero.cost(), within(1e-12));
    }

    @Test
    void weightZeroLeavesAResidualOut() {
        Tensor spoiled = Tensor.of(2.52, 1.73, 1.23, 82, 0.58, 0.41, 0.27);
        Tensor weights = Tensor.of(1, 1, 1, 0, 1, 1, 1);
        int[] six = {0, 1, 2, 4, 5, 6};

        Fit<Decay> fit = LeastSquares.of((Decay p) -> p.at(t).sub(spoiled))
                .weights(weights)
                .from(Decay.of(1, 1));
        Fit<Decay> without = LeastSquares.of(
                        (Decay p) -> p.at(t.indexSelect(0, six)).sub(y.indexSelect(0, six)))
                .from(Decay.of(1, 1));

        assertThat(fit.residuals().select(0, 3).item()).isLessThan(-80);
        assertThat(fit.degreesOfFreedom()).isEqualTo(4);
        assertThat(fit.parameters().rate().item())
                .isCloseTo(without.parameters().rate().item(), within(1e-12));
        assertThat(fit.standardErrors().rate().item())
                .isCloseTo(without.standardErrors().rate().item(), within(1e-12));
    }

    /** Everywhere but at the start the derivative is infinite. */
    @Test
    void anInfiniteDerivativeEndsTheFitAtTheLastIterate() {
        Fit<Tensor> fit = LeastSquares.of((Tensor p) -> p.item() == 3
                        ? p.sub(1)
                        : p.sub(1).add(p.sub(p.detach()).sqrt()))
                .from(Tensor.of(3));

        assertThat(fit.ending()).isEqualTo(Ending.NOT_FINITE);
        Iterate<Tensor> last = fit.history().get(fit.history().size() - 1);
        assertThat(last.iteration()).isEqualTo(1);
        assertThat(last.cost()).isEqualTo(fit.cost());
        assertThat(last.parameters().item()).isEqualTo(fit.parameters().item()).isLessThan(3);
        assertThat(fit.notes())
                .hasSize(2)
                .startsWith("the derivative of residual [0] with respect to parameter[0] is Infinity")
                .last()
                .asString()
                .startsWith("no standard errors");
        assertThat(fit.standardErrors().item()).isNaN();
    }

    @Test
    void anExceptionOfProgressEndsTheFit() {
        IllegalStateException enough = new IllegalStateException("enough");
        LeastSquares<Decay> stopped = squares.progress(iterate -> {
            if (iterate.iteration() == 2) {
                throw enough;
            }
        });

        assertThatThrownBy(() -> stopped.from(Decay.of(1, 1))).isSameAs(enough);
    }

    @Test
    void progressIsToldOfEachIteration() {
        List<Iterate<Decay>> seen = new ArrayList<>();
        Fit<Decay> fit = squares.progress(seen::add).from(Decay.of(1, 1));

        assertThat(seen).isEqualTo(fit.history());
        assertThat(seen.get(0).iteration()).isZero();
        assertThat(seen.get(seen.size() - 1).cost()).isEqualTo(fit.cost());
        assertThat(seen).extracting(Iterate::cost).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void budgetEndsTheFit() {
        Fit<Decay> fit = squares.maxEvaluations(2).from(Decay.of(1, 1));

        assertThat(fit.ending()).isEqualTo(Ending.EVALUATIONS);
        assertThat(fit.evaluations()).isEqualTo(2);
        assertThat(fit.toString()).startsWith("not converged after 2 evaluations: the evaluations are used up");
    }

    @Test
    void parameterWithNearlyNoInfluenceAtTheStartHoldsNoOther() {
        Tensor times = Tensor.of(0, 1, 2, 3, 4, 5);
        Tensor data = Tensor.of(5, 3.1, 2, 1.2, 0.8, 0.5);
        LeastSquares<Decay> decay = LeastSquares.of((Decay p) -> p.at(times).sub(data));
        Fit<Decay> near = decay.from(Decay.of(1, 40));
        Fit<Decay> far = decay.from(Decay.of(1, 100));

        assertThat(near.ending().converged()).isTrue();
        assertThat(near.parameters().rate().item()).isCloseTo(0.46521811, within(1e-7));
        assertThat(far.ending().converged()).isTrue();
        assertThat(far.parameters().rate().item()).isCloseTo(0.46521811, within(1e-7));
    }

    @Test
    void endWithoutAMinimumIsNotConverged() {
        // The derivative has the wrong sign.
        Fit<Tensor> fit =
                LeastSquares.of((Tensor p) -> p.sub(p.detach().mul(2)).sub(1)).from(Tensor.of(3));

        assertThat(fit.ending()).isEqualTo(Ending.STUCK);
        assertThat(fit.ending().converged()).isFalse();
        assertThat(fit.parameters().item()).isEqualTo(3);
    }

    @Test
    void residualOfWeightZeroMayBeNaN() {
        Tensor gap = Tensor.of(2.52, 1.73, Double.NaN, 0.82, 0.58, 0.41, 0.27);
        Tensor weights = Tensor.of(1, 1, 0, 1, 1, 1, 1);

        Fit<Decay> fit =
                LeastSquares.of((Decay p) -> p.at(t).sub(gap)).weights(weights).from(Decay.of(1, 1));

        Fit<Decay> without = squares.weights(weights).from(Decay.of(1, 1));
        assertThat(fit.ending().converged()).isTrue();
        assertThat(fit.parameters().rate().item())
                .isEqualTo(without.parameters().rate().item());
        assertThat(fit.covariance().data()).isEqualTo(without.covariance().data());
    }

    @Test
    void functionThatIsNotFiniteBesidesTheStartIsAvoided() {
        Fit<Tensor> fit =
                LeastSquares.of((Tensor p) -> p.log().sub(Tensor.of(0.1, 0.2))).from(Tensor.of(100));

        assertThat(fit.parameters().item()).isCloseTo(Math.exp(0.15), within(1e-8));
    }

    @Test
    void stepsEndBeforeABoundWhereADerivativeIsInfinite() {
        Tensor times = Tensor.of(1, 2, 3, 4);
        Tensor roots = Tensor.of(0.21, 0.29, 0.34, 0.41);
        LeastSquares<Tensor> fit =
                LeastSquares.of((Tensor p) -> times.mul(p).sqrt().sub(roots));

        Fit<Tensor> bounded = fit.bounds(Tensor.scalar(0), Tensor.scalar(5)).from(Tensor.scalar(1));

        assertThat(bounded.ending().converged()).isTrue();
        assertThat(bounded.parameters().item())
                .isCloseTo(fit.from(Tensor.scalar(1)).parameters().item(), within(1e-9));
    }

    /** The step that the radius cuts short at the edge of the domain once counted as convergence of the other parameter, too. */
    @Test
    void aParameterAtTheEdgeOfTheDomainDoesNotConverge() {
        Fit<Tensor> fit = LeastSquares.of((Tensor p) -> p.sqrt().add(1)).from(Tensor.of(0.7, 0.2));

        assertThat(fit.ending()).isEqualTo(Ending.STUCK);
        assertThat(fit.toString()).startsWith("not converged");
    }

    @Test
    void startAndBoundsAreCopied() {
        List<Tensor> start = new ArrayList<>(List.of(Tensor.scalar(1), Tensor.scalar(1)));
        List<Tensor> upper = new ArrayList<>(List.of(Tensor.scalar(9), Tensor.scalar(9)));
        LeastSquares<List<Tensor>> bounded = LeastSquares.of((List<Tensor> p) -> Tensor.stack(
                        0, p.get(0).sub(2), p.get(1).sub(3), p.get(0).sub(p.get(1))))
                .bounds(List.of(Tensor.scalar(0), Tensor.scalar(0)), upper);
        upper.set(1, Tensor.scalar(1));
        Fit<List<Tensor>> fit = bounded.from(start);
        start.clear();

        assertThat(fit.parameters().get(1).item()).isCloseTo(8 / 3.0, within(1e-12));
        assertThat(fit.standardErrors()).hasSize(2);
    }

    /** For p below 0, x² = p has no solution; the first step from 8 leads there. */
    @Test
    void trialsAtWhichAnEquationHasNoSolutionAreAvoided() {
        Fit<Tensor> fit = LeastSquares.of(
                        (Tensor p) -> Implicit.root((Tensor x) -> x.square().sub(p), Tensor.of(3.0))
                                .log())
                .from(Tensor.of(8.0));

        assertThat(fit.ending().converged()).isTrue();
        assertThat(fit.parameters().item()).isCloseTo(1, within(1e-10));
    }

    /** Data of shape [3, 1] make nine residuals of three values, which no one meant. */
    @Test
    void theTableSaysTheShapeOfResidualsThatAreNoVector() {
        Tensor data = Tensor.of(1, 2, 4).unsqueeze(1);
        Fit<Tensor> fit = LeastSquares.of(
                        (Tensor p) -> p.mul(Tensor.of(1, 2, 3)).sub(data))
                .from(Tensor.of(1.0));

        assertThat(fit.toString()).contains(" 9 residuals of shape [3, 3]\n");
    }
}
