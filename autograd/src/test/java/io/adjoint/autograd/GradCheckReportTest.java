package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.isRecording;
import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Tests the numbers and causes that a check reports, surrogates, and functions whose gradients are right but hard to compute numerically.
 */
class GradCheckReportTest {
    private static Tensor square(Tensor x, double factor) {
        return op("square", x.data().mul(x.data()), edge(x, g -> g.mul(x).mul(factor)));
    }

    private static GradCheck.Report report(int order, Function<Tensor[], Tensor> function, Tensor... inputs) {
        return new GradCheck().order(order).report(function, inputs);
    }

    private static void assertNumbers(GradCheck.Report report, double exact, double numeric) {
        assertThat(report.ok()).isFalse();
        assertThat(report.exact()).isEqualTo(exact, within(1e-9 * Math.abs(exact)));
        assertThat(report.numeric()).isEqualTo(numeric, within(1e-6 * Math.abs(numeric)));
    }

    @Test
    void theNumbersAreTheDerivativeThatIsComputedByHand() {
        GradCheck.Report one = report(1, t -> square(t[0], 4), Tensor.scalar(1));
        assertNumbers(one, 4, 2);
        assertThat(one.where()).isEqualTo("for input 0 [] at [] = 1.0");

        GradCheck.Report third = report(1, t -> square(t[0], 4), Tensor.of(1, 1, 1));
        assertNumbers(third, 4, 2);
        assertThat(third.where()).matches("for input 0 \\[3] at (\\[.]) = 1.0 of the output at \\1");
    }

    @Test
    void theNumbersOfOrderTwoAreTheSecondDerivative() {
        Function<Tensor[], Tensor> cube = t -> op(
                "cube",
                t[0].data().map(v -> v * v * v),
                edge(t[0], g -> g.mul(t[0].detach().square()).mul(3)));
        GradCheck.Report one = report(2, cube, Tensor.scalar(2));
        assertNumbers(one, 0, 12);
        assertThat(one.where()).isEqualTo("for input 0 [] at [] = 2.0");
        assertThat(one.cause()).startsWith("constant");

        GradCheck.Report several = report(2, cube, Tensor.of(2, 2));
        assertNumbers(several, 0, 12);
        assertThat(several.where())
                .matches(
                        "for input 0 \\[2] at (\\[.]) = 2.0 of the gradient of order 1 for input 0 at \\1 of the output at"
                                + " \\1");
    }

    @Test
    void aRuleThatDependsOnTheUpstreamGradientHasItsWeights() {
        GradCheck.Report report = report(
                1, t -> op("twice", t[0].data().mul(2), edge(t[0], g -> g.mul(g).mul(2))), Tensor.of(0.5, -1));
        assertThat(report.ok()).isFalse();
        assertThat(report.where()).contains(" of the outputs summed with weights [");
    }

    @Test
    void aRecordedGradientThatIsNotThePlainOneIsFound() {
        for (int order = 1; order <= 3; order++) {
            int highest = order;
            assertThatThrownBy(() -> GradCheck.check(
                            highest,
                            t -> op(
                                    "sine",
                                    t[0].data().map(Math::sin),
                                    edge(t[0], g -> g.mul(t[0].cos()).mul(isRecording() ? -1 : 1))),
                            Tensor.of(0.5, 1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("GradCheck: the gradient of order 1 for input 0 [2] at [0] = 0.5 is ")
                    .hasMessageContaining(" in a recorded pass, but ")
                    .hasMessageContaining("isRecording");
        }
    }

    // ---- causes ----

    private static void assertCause(String cause, Function<Tensor[], Tensor> function, double at) {
        GradCheck.Report report = report(1, function, Tensor.scalar(at));
        assertThat(report.ok()).as(cause).isFalse();
        assertThat(report.cause()).startsWith(cause);
        assertThat(report.toString()).contains(report.cause());
    }

    @Test
    void causesAreNamedWhereTheNumbersShowThem() {
        assertCause("kink: at exactly this value the slope is 0.0 from below and ", t -> t[0].relu(), 0);
        assertCause(
                "kink: at exactly this value the slope is 0.0 from below and 999.99",
                t -> t[0].mul(1000).relu(),
                0);
        assertCause("constant: ", t -> t[0].detach().sin(), 1);
        assertCause("NaN on both sides", t -> t[0].log(), -1);
        assertCause("range: ", t -> t[0].sqrt(), 0);
        assertCause(
                "NaN: the backward rule",
                t -> op(
                        "twice",
                        t[0].data().mul(2),
                        edge(t[0], g -> g.mul(2).mul(t[0]).div(t[0]))),
                0);
        assertCause(
                "infinity: the backward rule", t -> op("twice", t[0].data().mul(2), edge(t[0], g -> g.div(t[0]))), 0);
        assertCause("jump: ", t -> op("step", t[0].data().map(v -> v < 0 ? 0 : 1e-3), edge(t[0], g -> g.mul(0))), 0);
        assertCause("jump: ", t -> op("step", t[0].data().map(v -> v < 1 ? 0 : 5), edge(t[0], g -> g.mul(0))), 1);
        assertCause("flat: ", t -> op("round", t[0].data().map(Math::rint), edge(t[0], g -> g.mul(1))), 1.2);
        assertCause(
                "factor: here and at inputs nearby the gradient is 2 times that of differences; a missing or doubled factor?",
                t -> square(t[0], 4),
                1);
        assertCause(
                "factor: here and at inputs nearby the gradient is -0.333333 times that of differences; a wrong sign?",
                t -> op("triple", t[0].data().mul(3), edge(t[0], Tensor::neg)),
                0);
    }

    @Test
    void aGradientAtWrongElementsIsNoConstant() {
        UnaryOperator<Tensor> swap =
                x -> op("twice", x.data().mul(2), edge(x, g -> g.flip(0).mul(2)));
        assertThat(report(1, t -> swap.apply(t[0]), Tensor.of(1, 2)).cause())
                .startsWith(
                        "elsewhere: by the backward rules nothing depends on this element, but on others of the input");
        UnaryOperator<Tensor> masked = x -> op(
                "twice",
                x.data().mul(2),
                edge(x, g -> g.mul(2).mul(Tensor.of(x.data().map(v -> v > 1 ? 0 : 1)))));
        assertThat(report(1, t -> masked.apply(t[0]), Tensor.of(0.5, 2)).cause())
                .startsWith("elsewhere: ");
        assertThat(report(1, t -> masked.apply(t[0]), Tensor.of(2, 3)).cause()).startsWith("constant: ");
    }

    @Test
    void aDetachedFactorIsConstantAlsoIfAnotherDerivativeHasAGradient() {
        UnaryOperator<Tensor> squash = x -> {
            Tensor y = x.detach().tanh();
            return op("squash", y.data(), edge(x, g -> g.mul(y.square().neg().add(1))));
        };
        Function<Tensor[], Tensor> product = t -> squash.apply(t[0]).mul(t[1]);
        assertThat(report(2, product, Tensor.scalar(0.5), Tensor.scalar(2)).cause())
                .startsWith("constant: ");
        assertThat(report(2, product, Tensor.of(0.5, 1), Tensor.of(2, 3)).cause())
                .startsWith("constant: ");
    }

    @Test
    void aFunctionThatChangesFromCallToCallHasNoJump() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(report(1, t -> t[0].mul(calls.incrementAndGet()), Tensor.scalar(1))
                        .cause())
                .startsWith("changes: the function gives different values for equal inputs");
    }

    @Test
    void aFactorNearOneHasItsDigits() {
        assertThat(report(
                                1,
                                t -> op("triple", t[0].data().mul(3), edge(t[0], g -> g.mul(3 * (1 + 1e-6)))),
                                Tensor.scalar(1))
                        .cause())
                .contains(" the gradient is 1.000001 times that of differences");
    }

    private static String factorAt(double at, UnaryOperator<Tensor> rule) {
        return report(1, t -> op("sine", t[0].data().map(Math::sin), edge(t[0], rule)), Tensor.scalar(at))
                .cause();
    }

    @Test
    void aFactorThatHoldsForOneInputOrUpstreamGradientIsNone() {
        assertThat(factorAt(1, g -> g.mul(2))).isEmpty();
        assertThat(factorAt(Math.PI / 2, g -> g.mul(2))).isEmpty();
        assertThat(factorAt(1, g -> g.mul(g).mul(Math.cos(1)))).isEmpty();
    }

    @Test
    void theVarianceOfOneElementIsNoEdgeOfADomain() {
        assertThat(report(1, t -> t[0].var(), Tensor.of(NdArray.of(Shape.of(1), 2.0)))
                        .cause())
                .startsWith("NaN on both sides: the function itself is not finite at these inputs");
    }

    // ---- right and hard ----

    @Test
    void whatIsRightButHardCausesNoAlarm() {
        GradCheck.check(2, t -> t[0].abs().pow(3), Tensor.of(0, 0.5, -1));
        GradCheck.check(2, t -> t[0].mul(t[0].abs()).mul(t[0].abs()), Tensor.scalar(0));
        GradCheck.check(2, t -> t[0].square().sum().add(1e-12).sqrt(), Tensor.of(0, 0));
        GradCheck.check(2, t -> t[0].square().sum().add(1e-12).sqrt(), Tensor.of(1e-6, -2e-6));
        GradCheck.check(2, t -> t[0].log(), Tensor.of(1.5e-5, 1e-4, 9e-4));
        GradCheck.check(1, t -> t[0].add(1e8).sub(1e8), Tensor.of(0.01, -1.5));
        GradCheck.check(2, t -> t[0].det().abs().log(), Tensor.of(new double[][] {{1, 2}, {2, 4.0001}}));
    }

    @Test
    void aFaultIsFoundWhereTheFunctionIsHard() {
        assertThat(report(
                                1,
                                t -> op(
                                        "log",
                                        t[0].data().map(Math::log),
                                        edge(t[0], g -> g.div(t[0]).mul(1.00001))),
                                Tensor.of(1e-4, 2e-5))
                        .ok())
                .isFalse();
        assertThat(report(
                                2,
                                t -> op(
                                        "cube",
                                        t[0].data().map(v -> Math.abs(v * v * v)),
                                        edge(
                                                t[0],
                                                g -> g.mul(t[0])
                                                        .mul(t[0].abs())
                                                        .mul(3)
                                                        .add(g.mul(t[0].sub(t[0].detach()))
                                                                .mul(1e-2)))),
                                Tensor.of(0, 0.5))
                        .ok())
                .isFalse();
    }

    // ---- surrogates ----

    private static Tensor straightThrough(Tensor x, double factor) {
        return op("straightThrough", x.data().map(Math::rint), edge(x, g -> g.mul(factor)));
    }

    @Test
    void aGradientThatIsMeantToDifferIsComparedWithItsSurrogates() {
        GradCheck identity = new GradCheck().order(2).surrogate(t -> t[0]);
        identity.report(t -> straightThrough(t[0], 1), Tensor.of(0.5, 1.2, -3)).assertOk();
        assertNumbers(identity.report(t -> straightThrough(t[0], 2), Tensor.scalar(0.5)), 2, 1);

        Function<Tensor[], Tensor> reversal = t -> op("reversal", t[0].data(), edge(t[0], g -> g.mul(-0.3)));
        new GradCheck()
                .order(3)
                .surrogate(t -> t[0].sin().mul(-0.3))
                .report(t -> reversal.apply(new Tensor[] {t[0].sin()}), Tensor.of(1))
                .assertOk();
    }

    @Test
    void aSurrogateHasTheShapeOfTheFunction() {
        assertThatThrownBy(() -> new GradCheck().surrogate(t -> t[0].sum()).report(t -> t[0].mul(2), Tensor.of(1, 2)))
                .hasMessage(
                        "GradCheck: the surrogate's value has shape [], but the function's [2]; both must be equal");
    }
}
