package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The checker is checked: with rules that are wrong in every way that rules are wrong. */
class GradCheckTest {
    private final Tensor x = Tensor.of(0.3, -1.2, 2.5);
    private final Tensor matrix = Tensor.of(new double[][] {{0.5, -1.5}, {2, 0.25}});

    private final GradCheck first = new GradCheck();
    private final GradCheck second = new GradCheck().order(2);

    private static Function<Tensor[], Tensor> twice(UnaryOperator<Tensor> rule) {
        return t -> op("twice", t[0].data().add(t[0].data()), edge(t[0], rule));
    }

    @Test
    void aRightRulePassesAtEveryOrder() {
        GradCheck.check(3, twice(g -> g.mul(2)), x);
        GradCheck.check(3, t -> t[0].mul(t[1]).tanh(), x, Tensor.of(1, 2, 3));
        assertThat(second.report(twice(g -> g.mul(2)), x)).hasToString("gradients agree up to order 2");
    }

    @Test
    void aSlopeThatIsOffByHalfAThousandthIsFound() {
        GradCheck.Report report = first.report(twice(g -> g.mul(2.001)), x);
        assertThat(report.ok()).isFalse();
        assertThat(report.order()).isEqualTo(1);
        assertThatThrownBy(report::assertOk).isInstanceOf(AssertionError.class).hasMessage(report.toString());
    }

    @Test
    void aSlopeThatIsOffByOneMillionthIsFound() {
        assertThat(first.report(twice(g -> g.mul(2.000002)), x).ok()).isFalse();
    }

    @Test
    void aWrongSignIsFound() {
        assertThat(first.report(twice(g -> g.mul(-2)), x).ok()).isFalse();
    }

    @Test
    void aMissingFactorIsFound() {
        Function<Tensor[], Tensor> square =
                t -> op("square", t[0].data().mul(t[0].data()), edge(t[0], g -> g.mul(t[0])));
        assertThat(first.report(square, x).ok()).isFalse();
    }

    @Test
    void aGradientThatLosesAnInputIsFound() {
        Function<Tensor[], Tensor> product =
                t -> op("product", t[0].data().mul(t[1].data()), edge(t[0], g -> g.mul(t[1])));
        assertThat(first.report(product, x, Tensor.of(1, 2, 3)).ok()).isFalse();
    }

    @Test
    void aLostSumOverWhatBroadcastingRepeatedIsFound() {
        Function<Tensor[], Tensor> repeated = t -> op(
                "repeated",
                t[0].data().broadcastTo(Shape.of(4, 3)),
                edge(t[0], g -> g.slice(0, 0, 1).reshape(3)));
        assertThat(first.report(repeated, x).ok()).isFalse();
    }

    @Test
    void aRuleThatMixesUpElementsIsFound() {
        assertThat(first.report(twice(g -> g.mul(2).flip(0)), x).ok()).isFalse();
    }

    @Test
    void aRuleThatComputesWithArraysIsFoundAtOrderTwoOnly() {
        Function<Tensor[], Tensor> detached = t -> op(
                "cube",
                t[0].data().map(v -> v * v * v),
                edge(t[0], g -> Tensor.of(g.data().zip(t[0].data(), (h, v) -> 3 * h * v * v))));
        assertThat(first.report(detached, x).ok()).isTrue();
        GradCheck.Report report = second.report(detached, x);
        assertThat(report.ok()).isFalse();
        assertThat(report.order()).isEqualTo(2);
    }

    @Test
    void aRuleThatDetachesHalfOfItselfIsFoundAtOrderTwo() {
        Function<Tensor[], Tensor> cube = t -> op(
                "cube",
                t[0].data().map(v -> v * v * v),
                edge(t[0], g -> g.mul(t[0].detach().square()).mul(3)));
        assertThat(first.report(cube, x).ok()).isTrue();
        assertThat(second.report(cube, x).order()).isEqualTo(2);
        assertThat(second.report(cube, x).ok()).isFalse();
    }

    @Test
    void aNaNOnEitherSideIsFound() {
        assertThat(first.report(twice(g -> g.mul(Double.NaN)), x).ok()).isFalse();
        assertThat(first.report(t -> op("hole", t[0].data().map(v -> Double.NaN), edge(t[0], g -> g)), x)
                        .ok())
                .isFalse();
        assertThat(first.report(t -> t[0].log(), x).ok()).isFalse();
    }

    @Test
    void onlyFloat64IsExactEnough() {
        assertThatThrownBy(() -> first.report(t -> t[0], x, Tensor.of(new float[] {1})))
                .isInstanceOf(DTypeException.class)
                .hasMessage("GradCheck: input 1 is FLOAT32; differences need FLOAT64: convert with to(FLOAT64)");
    }

    @Test
    void anOrderBelowOneIsRefused() {
        assertThatThrownBy(() -> first.order(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("GradCheck: the order must be at least 1, got 0");
    }

    @Test
    void aKinkCloseToThePointGivesNoFalseAlarm() {
        for (double distance : new double[] {1e-3, 5e-4, 1e-4}) {
            GradCheck.check(2, t -> t[0].abs(), Tensor.of(distance, -distance, 1));
            GradCheck.check(2, t -> t[0].relu(), Tensor.of(distance, -distance, 1));
            GradCheck.check(1, t -> t[0].maximum(t[1]), Tensor.of(1, 2), Tensor.of(1 + distance, 2 - distance));
        }
    }

    @Test
    void theReportNamesTheWorstEntry() {
        Tensor factors = Tensor.of(new double[][] {{2, 2}, {2.5, 2.1}});
        GradCheck.Report report = first.report(twice(g -> g.mul(factors)), matrix);
        assertThat(report.where()).isEqualTo("for input 0 [2, 2] at [1, 0] = 2.0");
        assertThat(report.exact() / report.numeric()).isBetween(1.249, 1.251);
        assertThat(report.toString())
                .startsWith("gradient of order 1 for input 0 [2, 2] at [1, 0] = 2.0 is " + report.exact()
                        + " by the rules, but " + report.numeric() + " by differences (off by ");
    }

    @Test
    void theFullJacobianFindsWhatOneDirectionMayMiss() {
        GradCheck full = first.fullJacobian();
        assertThat(full.report(t -> t[0].matmul(t[0]).tanh(), matrix).ok()).isTrue();
        assertThat(full.order(2).report(t -> t[0].matmul(t[0]).tanh(), matrix).ok())
                .isTrue();
        Tensor factors = Tensor.of(new double[][] {{2, 2}, {2, 2.00001}});
        GradCheck.Report report = full.report(twice(g -> g.mul(factors)), matrix);
        assertThat(report.ok()).isFalse();
        assertThat(report.where()).isEqualTo("for input 0 [2, 2] at [1, 1] = 0.25");
    }

    @Test
    void aFunctionMayIgnoreAnInputOrAllOfThem() {
        Tensor other = Tensor.of(1, 2);
        GradCheck.check(2, t -> t[0].square(), x, other);
        GradCheck.check(2, t -> Tensor.of(1, 2, 3), x, other);
        assertThat(first.fullJacobian().report(t -> t[0].square(), x, other).ok())
                .isTrue();
    }

    @Test
    void linearFunctionsAndEmptyInputsPassAtOrderTwo() {
        GradCheck.check(2, t -> t[0].add(t[1]), x, Tensor.scalar(2));
        GradCheck.check(2, t -> t[0].sum(), Tensor.of(NdArray.of(Shape.of(0, 3))));
    }

    @Test
    void anInputThatRequiresGradIsCheckedAsAnyOtherAndKeepsItsGradient() {
        Tensor leaf = x.requiresGrad(true);
        leaf.square().sum().backward();
        NdArray before = Leaves.gradient(leaf).copy();
        GradCheck.check(2, t -> t[0].square(), leaf);
        GradCheck.check(2, t -> t[0].tanh(), leaf.mul(2));
        assertThat(Leaves.gradient(leaf)).isEqualTo(before);
    }

    @Test
    void tolerancesAndTheRandomDirectionCanBeChosen() {
        Function<Tensor[], Tensor> slightlyOff = twice(g -> g.mul(2.0002));
        assertThat(first.report(slightlyOff, x).ok()).isFalse();
        assertThat(first.rtol(1e-3).report(slightlyOff, x).ok()).isTrue();
        assertThat(first.rtol(0).atol(1).report(slightlyOff, x).ok()).isTrue();
        double one = new GradCheck()
                .random(new SplittableRandom(1))
                .report(twice(g -> g), x)
                .exact();
        double same = new GradCheck()
                .random(new SplittableRandom(1))
                .report(twice(g -> g), x)
                .exact();
        assertThat(one).isEqualTo(same);
    }

    @Test
    void twoRunsOfACheckAreTheSame() {
        Function<Tensor[], Tensor> wrong = twice(g -> g.mul(3));
        assertThat(new GradCheck().report(wrong, x)).isEqualTo(new GradCheck().report(wrong, x));
    }
}
