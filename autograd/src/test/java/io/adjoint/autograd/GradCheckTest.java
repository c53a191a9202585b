package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DTypeException;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Tests the checker, by backward rules that are wrong in many ways. */
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
        Tensor index = Tensor.of(new int[] {1, 0});
        assertThatThrownBy(() -> first.report(t -> t[0].gather(0, t[1]), Tensor.of(1, 2), index))
                .isInstanceOf(DTypeException.class)
                .hasMessage(
                        "GradCheck: input 1 is INT32; differences need FLOAT64: let the function capture what is not"
                                + " differentiated");
        assertThat(first.report(t -> t[0].gather(0, index), Tensor.of(1, 2)).ok())
                .isTrue();
    }

    @Test
    void anOrderThatIsNoneOrNeverEndsIsRefused() {
        for (int order : new int[] {0, 7, 1000}) {
            assertThatThrownBy(() -> GradCheck.check(order, t -> t[0].mul(2), x))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("GradCheck: the order must be 1 to 6, got " + order);
        }
        GradCheck.check(GradCheck.MAX_ORDER, t -> t[0].tanh(), x);
    }

    @Test
    void theRoundingOfALargeValueIsNoFault() {
        RandomGenerator random = new SplittableRandom(1);
        for (int k = 0; k < 300; k++) {
            Tensor at = Tensor.of(random.doubles(k % 4 + 1, -2, 2).toArray());
            for (double large : new double[] {1e3, 3e4, 1e5, 1e6, 1e8, 1e12}) {
                GradCheck.check(2, t -> t[0].square().add(large), at);
                GradCheck.check(1, t -> t[0].sin().add(large), at);
            }
            GradCheck.check(1, t -> t[0].add(1e6).sin(), at);
            GradCheck.check(1, t -> t[0].mul(100).sin().add(1e6), at);
        }
    }

    @Test
    void aFaultIsFoundBesideTheRoundingOfALargeValue() {
        for (double large : new double[] {1, 1e3, 1e4}) {
            double off = 1 + 1e-6 * Math.max(1, large / 1e3);
            assertThat(first.report(t -> twice(g -> g.mul(2 * off)).apply(t).add(large), x)
                            .ok())
                    .as("%s", large)
                    .isFalse();
        }
        // With this rounding, an error of a thousandth is found in the partial derivative at 2.5, but not along every
        // direction.
        assertThat(first.fullJacobian()
                        .report(t -> twice(g -> g.mul(2.002)).apply(t).add(1e8), x)
                        .ok())
                .isFalse();
    }

    /**
     * The error is the same for a right and for a wrong backward rule: if f(x + h) is rounded to f(x), differences can't tell them apart.
     */
    @Test
    void aRoundingThatHidesTheDerivativeIsAnErrorAndNoSuccess() {
        for (GradCheck check : List.of(first, first.fullJacobian())) {
            for (double factor : new double[] {2, 0, -7}) {
                for (double large : new double[] {1e16, 1e14}) {
                    assertThatThrownBy(() -> check.report(
                                    t -> twice(g -> g.mul(factor)).apply(t).add(large), x))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageStartingWith(
                                    "GradCheck: the function's values are too large for their derivative");
                }
            }
        }
        for (double hidden : new double[] {1e13, 1e14, 1e15}) {
            assertThatThrownBy(() -> GradCheck.check(
                            1, t -> t[0].add(hidden).sub(hidden).add(1e6).sum(), x))
                    .isInstanceOfAny(IllegalArgumentException.class, AssertionError.class);
        }
        GradCheck.check(1, t -> t[0].mul(1e16), x);
        assertThat(first.report(t -> t[0].div(0).abs(), x).ok()).isFalse();
    }

    @Test
    void aToleranceIsANumberFromZeroOn() {
        assertThatThrownBy(() -> first.rtol(-1)).hasMessage("GradCheck: rtol must be a number from 0 on, got -1.0");
        assertThatThrownBy(() -> first.atol(Double.NaN))
                .hasMessage("GradCheck: atol must be a number from 0 on, got NaN");
    }

    private static void assertSecondRun(String message, Function<Tensor[], Tensor> function) {
        assertThatThrownBy(() -> new GradCheck().report(function, Tensor.of(1, 2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("GradCheck: " + message);
    }

    @Test
    void whatASecondRunChangesIsFound() {
        assertSecondRun("the value without recording is", t -> t[0].mul(2).add(t[0].requiresGrad() ? 0.1 : 0));
        NdArray buffer = Tensor.of(0, 0).data();
        assertSecondRun("the gradient of input 0 after a second run is", twice(g -> {
            InPlace.assign(buffer, g.data().map(v -> 2 * v));
            return Tensor.of(buffer);
        }));
        AtomicInteger backward = new AtomicInteger();
        assertSecondRun("the upstream gradient after the backward pass is", twice(g -> {
            Tensor gradient = g.mul(2);
            if (backward.incrementAndGet() == 4) {
                InPlace.assign(g.data(), gradient.data());
            }
            return gradient;
        }));
        AtomicInteger calls = new AtomicInteger();
        assertSecondRun(
                "the gradient of input 0 of a second run is",
                twice(g -> g.mul(calls.incrementAndGet() % 2 == 0 ? 2 : 2 + 1e-9)));
        assertSecondRun("input 0 after two runs is", t -> {
            Tensor value = twice(g -> g.mul(2)).apply(t);
            if (t[0].requiresGrad()) {
                InPlace.assign(t[0].data(), t[0].data().map(v -> v * (1 + 1e-15)));
            }
            return value;
        });
    }

    @Test
    void anAdderThatAddsSomethingElseThanItsRuleReturnsIsFound() {
        Function<Tensor[], Tensor> wrong = t -> op(
                "wrong", t[0].data().mul(2), Edge.adding(t[0], g -> g.mul(2), (g, sum) -> InPlace.accumulate(sum, g)));
        assertSecondRun("the gradient of input 0 for f(x) + f(x) is", wrong);
        GradCheck.check(
                2,
                t -> op(
                        "right",
                        t[0].data().mul(2),
                        Edge.adding(t[0], g -> g.mul(2), (g, sum) -> InPlace.accumulate(sum, g.mul(2)))),
                Tensor.of(1, 2));
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
        assertThat(report.where()).isEqualTo("for input 0 [2, 2] at [1, 0] = 2.0 of the output at [1, 0]");
        assertThat(report.exact()).isEqualTo(2.5);
        assertThat(report.exact() / report.numeric()).isBetween(1.249, 1.251);
        assertThat(report.toString())
                .startsWith("gradient of order 1 for input 0 [2, 2] at [1, 0] = 2.0 of the output at [1, 0] is "
                        + report.exact()
                        + " by the backward rules, but " + report.numeric() + " by differences (off by ");
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
        assertThat(report.where()).isEqualTo("for input 0 [2, 2] at [1, 1] = 0.25 of the output at [1, 1]");
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
    void thereIsAtLeastOneInput() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradCheck.check(2, in -> x))
                .withMessage("GradCheck: expected at least one input to differentiate with respect to");
    }

    @Test
    void twoRunsOfACheckAreTheSame() {
        Function<Tensor[], Tensor> wrong = twice(g -> g.mul(3));
        assertThat(new GradCheck().report(wrong, x)).isEqualTo(new GradCheck().report(wrong, x));
    }
}
