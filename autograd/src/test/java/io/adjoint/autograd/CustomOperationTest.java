package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Autograd.ops;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CustomOperationTest {
    private final Tensor a = Tensor.of(0.5, -1, 2).requiresGrad(true);
    private final Tensor b = Tensor.of(1.5, 3, 0.25).requiresGrad(true);

    /** An operation with one backward rule for both inputs, whose gradients share the division by x² + y². */
    private static Tensor angle(Tensor y, Tensor x) {
        return op("angle", y.data().zip(x.data(), Math::atan2), List.of(y, x), g -> {
            Tensor shared = g.div(x.square().add(y.square()));
            return List.of(shared.mul(x), shared.mul(y).neg());
        });
    }

    /** An operation with two outputs: {@code a + b}, and the sum of {@code a·b}. */
    private static List<Tensor> sumAndProduct(Tensor a, Tensor b) {
        return ops(
                "sumAndProduct",
                List.of(a.data().add(b.data()), a.data().mul(b.data()).sum()),
                List.of(a, b),
                g -> List.of(
                        g.get(0).add(g.get(1).mul(b)), g.get(0).add(g.get(1).mul(a))));
    }

    @Test
    void inputsMayShareARule() {
        GradCheck.check(3, x -> angle(x[0], x[1]), a, b);
    }

    @Test
    void aSharedRuleSumsOverWhatBroadcastingRepeated() {
        GradCheck.check(2, x -> angle(x[0], x[1]), a, Tensor.of(NdArray.of(Shape.of(2, 1), 1, 2)));
    }

    @Test
    void aSharedRuleIsNotRunForConstantsAndItsResultForThemIsIgnored() {
        Tensor constant = Tensor.of(1, 2, 3);
        angle(a, constant).sum().backward();
        assertThat(a.grad()).isNotNull();
        assertThat(angle(constant, constant).requiresGrad()).isFalse();
    }

    @Test
    void anOperationMayHaveSeveralOutputs() {
        GradCheck.check(
                3,
                x -> {
                    List<Tensor> both = sumAndProduct(x[0], x[1]);
                    return both.get(0).mul(both.get(1)).add(both.get(0));
                },
                a,
                b);
    }

    @Test
    void anUnusedOutputContributesNothing() {
        GradCheck.check(2, x -> sumAndProduct(x[0], x[1]).get(1), a, b);
        GradCheck.check(2, x -> sumAndProduct(x[0], x[1]).get(0), a, b);
    }

    /**
     * The product of a and b; its backward rule computes only the gradients that are wanted, and adds the names of their inputs to a list.
     */
    private static Tensor frugalProduct(Tensor a, Tensor b, List<String> computed) {
        return op("frugalProduct", a.data().mul(b.data()), List.of(a, b), g -> {
            if (Autograd.isWanted(a)) {
                computed.add("a");
            }
            if (Autograd.isWanted(b)) {
                computed.add("b");
            }
            return Arrays.asList(Autograd.isWanted(a) ? g.mul(b) : null, Autograd.isWanted(b) ? g.mul(a) : null);
        });
    }

    @Test
    void aSharedRuleKnowsWhichGradientsAreWanted() {
        List<String> computed = new ArrayList<>();
        frugalProduct(a, Tensor.of(1, 2, 3), computed).sum().backward();
        assertThat(computed).containsExactly("a");
        computed.clear();
        Tensor y = frugalProduct(a, b, computed);
        assertThat(Autograd.grad(y.sum(), GraphMode.KEEP, b).data()).isEqualTo(a.data());
        assertThat(computed).containsExactly("b");
        computed.clear();
        y.sum().backward();
        assertThat(computed).containsExactly("a", "b");
        GradCheck.check(3, x -> frugalProduct(x[0], x[1], computed), a, b);
        assertThat(Autograd.isWanted(a)).isTrue();
        assertThat(Autograd.isWanted(Tensor.of(1))).isFalse();
    }

    @Test
    void aPassWithinARuleHasItsOwnWishes() {
        List<String> computed = new ArrayList<>();
        Tensor y = op("nesting", a.data().mul(b.data()), List.of(a, b), g -> {
            Tensor inner = b.detach().requiresGrad(true);
            Tensor ofInner = Autograd.enableGrad(() -> Autograd.grad(
                    frugalProduct(a.detach().requiresGrad(true), inner, computed), g, GraphMode.FREE, inner));
            assertThat(Autograd.isWanted(a)).isTrue();
            assertThat(Autograd.isWanted(b)).isFalse();
            return List.of(g.mul(b), ofInner);
        });
        assertThat(Autograd.grad(y.sum(), a).data()).isEqualTo(b.data());
        assertThat(computed).containsExactly("b");
    }

    @Test
    void noGradientForAnInputThatWantsOneIsAnErrorThatNamesTheOperation() {
        Tensor y = op("forgetful", a.data().mul(b.data()), List.of(a, b), g -> Arrays.asList(g.mul(b), null));
        assertThatThrownBy(() -> y.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessage("backward: the backward rule of 'forgetful' returned null for an input of FLOAT64 [3]");
    }

    @Test
    void aNullInListOfIsAnErrorThatNamesTheOperationAndTheWayOut() {
        Tensor y = op(
                "immutable",
                a.data().mul(b.data()),
                List.of(a, b),
                g -> List.of(Arrays.asList(g.mul(b), null).toArray(new Tensor[0])));
        assertThatThrownBy(() -> Autograd.grad(y.sum(), a))
                .isInstanceOf(GraphException.class)
                .hasMessageStartingWith("grad: the backward rule of 'immutable' put a null into List.of")
                .hasMessageContaining("return Arrays.asList(…)")
                .hasCauseInstanceOf(NullPointerException.class);
        Tensor z = op("careless", a.data(), List.of(a, b), g -> {
            throw new NullPointerException("its own");
        });
        assertThatThrownBy(() -> Autograd.grad(z.sum(), a))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("its own");
    }

    @Test
    void aRuleThatAsksIsWantedOfTheWrongInputIsFoundByGradCheck() {
        Function<Tensor[], Tensor> crossed = x -> op(
                "crossed",
                x[0].data().mul(x[1].data()),
                List.of(x),
                g -> Arrays.asList(
                        Autograd.isWanted(x[1]) ? g.mul(x[1]) : null, Autograd.isWanted(x[0]) ? g.mul(x[0]) : null));
        assertThatThrownBy(() -> GradCheck.check(1, crossed, a, b))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("GradCheck: the gradient of input 0 asked for alone fails")
                .hasMessageContaining("isWanted")
                .hasRootCauseInstanceOf(GraphException.class);
        Function<Tensor[], Tensor> doubled = x -> op(
                "doubled",
                x[0].data().mul(x[1].data()),
                List.of(x),
                g -> Arrays.asList(
                        g.mul(x[1]),
                        Autograd.isWanted(x[0]) ? g.mul(x[0]) : g.mul(x[0]).mul(2)));
        assertThatThrownBy(() -> GradCheck.check(1, doubled, a, b))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("GradCheck: the gradient of input 1 asked for alone is ");
    }

    @Test
    void theWrongNumberOfGradientsIsAnErrorThatNamesTheOperation() {
        Tensor y = op("lopsided", a.data(), List.of(a, b), g -> List.of(g));
        assertThatThrownBy(() -> y.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessage("backward: the backward rule of 'lopsided' returned 1 gradients for 2 inputs");
        assertThat(a.grad()).isNull();
    }

    @Test
    void theWrongShapeIsAnErrorThatNamesTheOperation() {
        Tensor y = op("misshapen", a.data(), edge(a, g -> Tensor.of(1, 2)));
        assertThatThrownBy(() -> y.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessage(
                        "backward: the backward rule of 'misshapen' returned FLOAT64 [2] for an input of FLOAT64 [3]");
        Tensor z = op("misshapen2", a.data(), List.of(a), g -> List.of(Tensor.of(1, 2)));
        assertThatThrownBy(() -> z.sum().backward()).hasMessageContaining("'misshapen2' returned FLOAT64 [2]");
    }

    @Test
    void aFirstOrderRuleGivesTheGradientAndASecondOrderNamesTheOperation() {
        Tensor y = op(
                "array",
                a.data().map(Math::sin),
                edge(
                        a,
                        Autograd.firstOrder(
                                "array", g -> Tensor.of(g.data().zip(a.data(), (v, x) -> v * Math.cos(x))))));
        assertThat(Autograd.grad(y.sum(), GraphMode.KEEP, a).data().toDoubleArray())
                .containsExactly(Math.cos(0.5), Math.cos(-1), Math.cos(2));
        Tensor gradient = Autograd.grad(y.sum(), GraphMode.CREATE, a);
        assertThat(gradient.requiresGrad()).isTrue();
        assertThatThrownBy(() -> Autograd.grad(gradient.sum(), a))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("the backward rule of 'array' is declared first-order only");
    }

    @Test
    void aSavedArrayThatWasChangedInPlaceIsNoticedWhenTheRuleReadsItThroughATensor() {
        Tensor saved = Tensor.of(a.data());
        Tensor y =
                op("saving", a.data().map(v -> v * v), edge(a, g -> g.mul(saved).mul(2)));
        a.assign(NdArray.of(Shape.of(3), 1, 1, 1));
        assertThatThrownBy(() -> y.sum().backward())
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("'saving' saved was changed in place");
    }

    @Test
    void anOperationThatReadsOnlyTheShapeOfAnArrayIsRightAfterTheArrayWasChangedInPlace() {
        Tensor saved = Tensor.of(a.data());
        Tensor y = op("sizing", a.data().map(v -> 3 * v), edge(a, g -> {
            NdArray sizes = NdArray.full(g.dtype(), g.shape(), saved.shape().size());
            return g.mul(op("sizes", sizes, edge(saved, upstream -> upstream.mul(0))))
                    .mul(op("sizes", sizes, List.of(saved), upstream -> List.of(upstream.mul(0))));
        }));
        a.assign(NdArray.of(Shape.of(3), 1, 1, 1));
        y.sum().backward();
        assertThat(Objects.requireNonNull(a.grad()).data()).isEqualTo(NdArray.of(Shape.of(3), 9, 9, 9));
    }

    @Test
    void gradientsAreAValueThatLeavesNoTrace() {
        Tensor loss = a.mul(b).sum();
        Gradients gradients = Autograd.gradients(loss);
        assertThat(gradients.of(a).data()).isEqualTo(b.data());
        assertThat(gradients.of(b).data()).isEqualTo(a.data());
        assertThat(a.grad()).isNull();
        Tensor other = Tensor.of(1).requiresGrad(true);
        assertThat(gradients.find(other)).isEmpty();
        assertThatThrownBy(() -> gradients.of(other)).hasMessageContaining("does not depend on the input of shape [1]");
    }

    @Test
    void gradientsOfSeveralOutputsAddUpAndUnusedInputsHaveNone() {
        Tensor unused = Tensor.of(1).requiresGrad(true);
        Tensor first = a.mul(2);
        Tensor second = a.mul(b);
        Gradients gradients = Autograd.gradients(
                List.of(first, second),
                List.of(Tensor.of(1, 1, 1), Tensor.of(10, 10, 10)),
                List.of(a, unused),
                GraphMode.FREE);
        assertThat(gradients.of(a).data().toDoubleArray()).containsExactly(17, 32, 4.5);
        assertThat(gradients.find(unused)).isEmpty();
        assertThat(gradients.find(b)).isEmpty();
    }

    @Test
    void anOutputGivenTwiceCountsTwice() {
        Tensor y = a.mul(2);
        Tensor one = Tensor.of(1, 1, 1);
        Gradients gradients = Autograd.gradients(List.of(y, y), List.of(one, one), List.of(a), GraphMode.FREE);
        assertThat(gradients.of(a).data().toDoubleArray()).containsExactly(4, 4, 4);
    }

    @Test
    void asManyGradientsMustArriveAsThereAreOutputs() {
        assertThatThrownBy(() -> Autograd.gradients(List.of(a.sum()), List.of(), List.of(a), GraphMode.FREE))
                .isInstanceOf(GraphException.class)
                .hasMessage("gradients: got 1 outputs, but 0 upstream gradients");
    }
}
