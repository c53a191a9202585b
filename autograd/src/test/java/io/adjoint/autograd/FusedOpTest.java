package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FusedOpTest {
    private final List<String> runs = new ArrayList<>();

    private static Tensor plain(Tensor x, Tensor y) {
        return x.mul(y).tanh().mul(y);
    }

    /** {@code y·tanh(x·y)}, whose rule computes with arrays. */
    private Tensor scaledTanh(Tensor x, Tensor y) {
        return Autograd.fusedOp(
                "scaledTanh",
                plain(x.detach(), y.detach()).data(),
                List.of(x, y),
                g -> {
                    runs.add("rule");
                    NdArray tanh = x.data().mul(y.data()).map(Math::tanh);
                    NdArray slope = tanh.map(t -> 1 - t * t);
                    NdArray ofX = g.data().mul(y.data()).mul(y.data()).mul(slope);
                    NdArray ofY = g.data().mul(tanh.add(x.data().mul(y.data()).mul(slope)));
                    return Arrays.asList(
                            Autograd.isWanted(x) ? Tensor.of(ofX) : null, Autograd.isWanted(y) ? Tensor.of(ofY) : null);
                },
                inputs -> {
                    runs.add("composition");
                    return plain(inputs.get(0), inputs.get(1));
                });
    }

    private static Tensor of(Function<List<Tensor>, Tensor> composition, Tensor x) {
        return Autograd.fusedOp("twice", x.data().add(x.data()), List.of(x), g -> List.of(g.mul(2)), composition);
    }

    @Test
    void derivativesOfEveryOrderAreThoseOfTheFunction() {
        GradCheck.check(3, t -> scaledTanh(t[0], t[1]), Tensor.of(0.5, -1, 2), Tensor.of(1.5, 0.3, -0.7));
    }

    @Test
    void aBroadcastInputGetsTheSum() {
        GradCheck.check(2, t -> scaledTanh(t[0], t[1]), Tensor.of(0.5, -1, 2), Tensor.of(0.7));
    }

    @Test
    void anInputMayBeGivenTwiceOrBeComputedFromAnother() {
        GradCheck.check(3, t -> scaledTanh(t[0], t[0]), Tensor.of(0.5, -1, 2));
        GradCheck.check(3, t -> scaledTanh(t[0], t[0].square()), Tensor.of(0.5, -1, 2));
    }

    @Test
    void onlyARecordedPassRunsTheComposition() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor y = Tensor.of(2, 3).requiresGrad(true);
        scaledTanh(x, y).sum().backward();
        assertThat(runs).containsExactly("rule");
        assertThat(Autograd.grad(scaledTanh(x, y).sum(), GraphMode.CREATE, x).shape())
                .isEqualTo(x.shape());
        assertThat(runs).containsExactly("rule", "composition");
    }

    @Test
    void theGradientOfOneInputCanBeDifferentiatedByTheOther() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor y = Tensor.of(2, 3).requiresGrad(true);
        Tensor first = Autograd.grad(scaledTanh(x, y).sum(), GraphMode.CREATE, x);
        Tensor expected = Autograd.grad(plain(x, y).sum(), GraphMode.CREATE, x);
        assertThat(Autograd.grad(first.sum(), y).data())
                .isEqualTo(Autograd.grad(expected.sum(), y).data());
    }

    @Test
    void aLeafThatIsFrozenAfterwardsStillGetsItsGradient() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor y = Tensor.of(2, 3).requiresGrad(true);
        Tensor fused = scaledTanh(x, y).sum();
        Tensor composed = plain(x, y).sum();
        x.freeze();
        fused.backward(GraphMode.CREATE);
        x.unfreeze();
        assertThat(Leaves.gradient(x)).isEqualTo(Autograd.grad(composed, x).data());
    }

    @Test
    void anInputThatTheCompositionDoesNotUseHasGradientZero() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor value = Autograd.fusedOp(
                "one", Tensor.of(1).data(), List.of(x), g -> List.of(Tensor.zerosLike(x)), inputs -> Tensor.of(1));
        assertThat(Autograd.grad(value, GraphMode.CREATE, x).data())
                .isEqualTo(Tensor.of(0, 0).data());
    }

    @Test
    void withoutElementsTheCompositionIsNotAsked() {
        Tensor x = Tensor.zeros(DType.FLOAT64, Shape.of(0)).requiresGrad(true);
        Tensor value = of(
                inputs -> {
                    throw new AssertionError();
                },
                x);
        assertThat(Autograd.grad(value.sum(), GraphMode.CREATE, x).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void composedPutsTheCompositionInPlaceOfTheKernels() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor y = Tensor.of(2, 3).requiresGrad(true);
        Tensor value = Debug.composed(() -> scaledTanh(x, y));
        assertThat(Autograd.grad(value.sum(), x).shape()).isEqualTo(x.shape());
        assertThat(runs).containsExactly("composition");
        assertThat(value.data()).isEqualTo(plain(x, y).data());
    }

    @Test
    void infinitiesWithinTheCompositionAreNotTheOperations() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor hidden = Tensor.of(false, true);
        Tensor gradient = Debug.detectNaN(() -> Autograd.grad(
                of(
                                inputs -> {
                                    Tensor all = Tensor.where(hidden, Double.NEGATIVE_INFINITY, inputs.get(0));
                                    return Tensor.where(hidden, 0, all).mul(2);
                                },
                                x)
                        .sum(),
                GraphMode.CREATE,
                x));
        assertThat(gradient.data()).isEqualTo(Tensor.of(2, 0).data());
    }

    @Test
    void aCompositionOfAnotherShapeOrTypeIsRefused() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        assertThatThrownBy(() ->
                        Autograd.grad(of(inputs -> inputs.get(0).sum(), x).sum(), GraphMode.CREATE, x))
                .isInstanceOf(GraphException.class)
                .hasMessage(
                        "fusedOp: the composition of 'twice' returned FLOAT64 [], but the operation's value is FLOAT64"
                                + " [2]; it must compute the same function of its inputs");
        assertThatThrownBy(() -> Debug.composed(
                        () -> of(inputs -> inputs.get(0).to(DType.FLOAT32).mul(2), x)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("returned FLOAT32 [2]");
    }

    @Test
    @SuppressWarnings("NullAway") // A caller may not use NullAway.
    void aCompositionThatIsNullIsRefused() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        assertThatThrownBy(() -> of(null, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fusedOp: the composition of 'twice' is null");
        assertThatThrownBy(() -> Debug.composed(() -> of(inputs -> null, x)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fusedOp: the composition of 'twice' returned null");
    }

    @Test
    void aValueThatWasChangedAfterwardsIsRefused() {
        Tensor x = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor value = of(inputs -> inputs.get(0).mul(2), x).sum();
        x.assign(Tensor.of(1, 2).data());
        assertThatThrownBy(() -> Autograd.grad(value, GraphMode.CREATE, x))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("that 'twice' saved was changed in place");
    }
}
