package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FusedTest {
    private final Tensor x = Tensor.of(0.5, -1, 2).requiresGrad(true);

    private static Tensor gate(Tensor x) {
        return x.sigmoid().mul(x.tanh());
    }

    private static Node node(Tensor y) {
        return Objects.requireNonNull(y.node);
    }

    @Test
    void theResultIsOneOperationOnTheInputs() {
        Tensor b = Tensor.scalar(1).requiresGrad(true);
        Tensor y = Transforms.fused(p -> gate(p.get(0)).add(p.get(1)).mul(p.get(0)), List.of(x, b));
        List<Node> inputs = new ArrayList<>();
        node(y).forEachInput("test", inputs::add);
        assertThat(node(y).op).isEqualTo("fused");
        assertThat(inputs).containsExactlyInAnyOrder(x.node, b.node);
    }

    @Test
    void aFunctionWithinAnotherIsAPartOfIt() {
        Function<Tensor, Tensor> inner = Transforms.fused(FusedTest::gate);
        Tensor y = Transforms.fused(t -> inner.apply(t.mul(2)).add(t), x);
        List<Node> inputs = new ArrayList<>();
        node(y).forEachInput("test", inputs::add);
        assertThat(inputs).containsExactly(x.node);
        assertThat(y.data()).isEqualTo(gate(x.mul(2)).add(x).data());
    }

    @Test
    void whatTheFunctionCapturesGetsItsGradient() {
        Tensor w = Tensor.of(3, 4, 5).requiresGrad(true);
        Transforms.fused(t -> t.mul(w).add(w.mul(w)), x).sum().backward();
        assertThat(w.grad())
                .extracting(Tensor::data)
                .isEqualTo(Tensor.of(6.5, 7, 12).data());
        assertThat(x.grad()).extracting(Tensor::data).isEqualTo(w.data());
    }

    @Test
    void aRecordedPassUnderDetectNaNIsFusedToo() {
        Tensor y = Transforms.fused((Tensor t) -> t.mul(t).mul(t), x).sum();
        assertThat(Debug.detectNaN(() -> Autograd.grad(y, GraphMode.CREATE, x)).data())
                .isEqualTo(Tensor.of(0.75, 3, 12).data());
    }

    @Test
    void nothingDeferredIsLeftInALeaf() {
        assertThatThrownBy(() -> Transforms.fused(
                        (Tensor t) -> {
                            t.square().backward(Tensor.ones(3));
                            return t.mul(2);
                        },
                        x))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("fused: 'backward' is more than");
        assertThatThrownBy(() -> Transforms.fused(
                        (Tensor t) -> {
                            x.setGrad(t.detach());
                            return t;
                        },
                        x))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("fused: 'setGrad' is more than");
        assertThat(x.grad()).isNull();
    }

    @Test
    void withoutRecordingItIsAConstant() {
        Tensor y = Autograd.noGrad(() -> Transforms.fused(FusedTest::gate, x));
        assertThat(y.requiresGrad()).isFalse();
        assertThat(y.data()).isEqualTo(gate(x).data());
    }

    @Test
    void aFrozenInputIsAConstant() {
        x.freeze();
        assertThat(Transforms.fused(FusedTest::gate, x).requiresGrad()).isFalse();
    }

    @Test
    void anInputReturnedAsItIsStaysTheLeaf() {
        Tensor same = Transforms.fused((Tensor t) -> t, x);
        same.mul(2).sum().backward();
        assertThat(same.data()).isSameAs(x.data());
        assertThat(x.grad())
                .extracting(Tensor::data)
                .isEqualTo(Tensor.of(2, 2, 2).data());
    }

    @Test
    void aPassForOneInputComputesItsGradientAlone() {
        Tensor w = Tensor.of(3, 4, 5).requiresGrad(true);
        Tensor y = Transforms.fused(p -> p.get(0).mul(p.get(1)), List.of(x, w));
        assertThat(Autograd.grad(y.sum(), w).data()).isEqualTo(x.data());
    }

    @Test
    void theGraphIsReleasedAndKeptAsThatOfAnyOperation() {
        Tensor y = Transforms.fused(FusedTest::gate, x).sum();
        y.backward(GraphMode.KEEP);
        y.backward();
        assertThatThrownBy(y::backward).isInstanceOf(GraphException.class).hasMessageContaining("released");
    }

    @Test
    void gradientsInSeveralThreadsAreThoseInOne() {
        Tensor y = Transforms.fused(FusedTest::gate, x).sum();
        Tensor expected = Autograd.grad(y, GraphMode.KEEP, x);
        assertThat(IntStream.range(0, 50).parallel().mapToObj(k -> Autograd.grad(y, GraphMode.KEEP, x)))
                .allSatisfy(gradient -> assertThat(gradient.data()).isEqualTo(expected.data()));
    }

    // ---- errors are the same as outside of fused functions ----

    @Test
    void detectNaNNamesTheOperationInside() {
        assertThatThrownBy(() ->
                        Debug.detectNaN(() -> Transforms.fused(t -> t.log().exp(), x)))
                .isInstanceOf(NaNException.class)
                .hasMessageContaining("'log'");
    }

    @Test
    void detectNaNLooksAtTheGradients() {
        Tensor zero = Tensor.of(0.0, 1).requiresGrad(true);
        Tensor y = Transforms.fused(Tensor::sqrt, zero).sum();
        assertThatThrownBy(() -> Debug.detectNaN(() -> {
                    y.backward();
                    return y;
                }))
                .isInstanceOf(NaNException.class)
                .hasMessageContaining("'fused'");
    }

    @Test
    void whatDoesNotFitIsRefusedAsOutside() {
        assertThatThrownBy(() -> Transforms.fused(t -> t.add(Tensor.of(1, 2)), x))
                .hasMessageStartingWith("add: cannot broadcast [3] with [2]");
        assertThatThrownBy(() -> Transforms.fused(t -> null, x)).hasMessage("fused: the function returned null");
    }

    @Test
    void integersStayExact() {
        Tensor labels = Tensor.of(new int[] {1 << 30, 2});
        assertThatThrownBy(() ->
                        Transforms.fused(t -> Tensor.where(labels.mul(2).gt(0), t, 0), Tensor.of(1, 2)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Transforms.fused(
                        t -> t.gt(0).to(DType.INT32).add(labels).mul(4),
                        x.detach().slice(0, 0, 2)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("mul");
    }

    @Test
    void aChangeInPlaceBeforeTheBackwardPassIsAnError() {
        Tensor y = Transforms.fused(FusedTest::gate, x).sum();
        x.assign(Tensor.of(1, 2, 3).data());
        assertThatThrownBy(y::backward).isInstanceOf(GraphException.class).hasMessageContaining("changed in place");
    }

    @Test
    void aChangeInPlaceInTheFunctionIsAnError() {
        Tensor state = Tensor.of(1, 2, 3);
        assertThatThrownBy(() -> Transforms.fused(
                        t -> {
                            Tensor product = t.mul(state);
                            state.assign(Tensor.zeros(3).data());
                            return product.add(state);
                        },
                        x))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("changed in place");
    }

    // ---- users' operations ----

    @Test
    void anElementwiseOperationOfAUserFuses() {
        Function<Tensor, Tensor> cube = t -> Autograd.op(
                "cube",
                t.data().map(v -> v * v * v),
                edge(t, g -> g.mul(t.square().mul(3))));
        Transforms.fused(t -> cube.apply(t.mul(2)), x).sum().backward();
        Tensor plain = Tensor.of(x.data()).requiresGrad(true);
        cube.apply(plain.mul(2)).sum().backward();
        assertThat(x.grad())
                .extracting(Tensor::data)
                .isEqualTo(Objects.requireNonNull(plain.grad()).data());
    }

    @Test
    void aValueThatIsNotComputedOfElementsIsRefused() {
        assertThatThrownBy(() -> Transforms.fused(
                        t -> {
                            Tensor inner = t.mul(2);
                            return Autograd.op("none", NdArray.zeros(t.dtype(), t.shape()), edge(inner, g -> g));
                        },
                        x))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("'op'");
    }

    static List<Function<Tensor, Object>> readers() {
        return List.of(
                t -> t.sub(t.mean()),
                t -> t.mul(t.shape().rank()).item(),
                t -> t.toArray(double[].class),
                t -> t.add(1).toString(),
                t -> t.data().get(0),
                t -> t.data().toDoubleArray(),
                t -> t.data().sum(),
                t -> t.mul(2).data().hashCode(),
                t -> t.reshape(1, 3),
                t -> t.detach().requiresGrad(true),
                t -> t.mul(2).retainGrad(),
                t -> t.mul(2).onGradient(g -> g),
                t -> Tensor.of(1, 2, 3).gather(0, t.gt(0).to(DType.INT32)));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void whatReadsElementsIsRefused(Function<Tensor, Object> reader) {
        assertThatThrownBy(() -> Transforms.fused(
                        t -> {
                            Object unused = reader.apply(t);
                            return t;
                        },
                        x))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageMatching("fused: '\\w+' is more than .*");
    }

    @Test
    void whatIsKeptForLaterHasNoElements() {
        List<Tensor> kept = new ArrayList<>();
        Tensor y = Transforms.fused(
                t -> {
                    kept.add(t.mul(2));
                    return kept.get(0).exp();
                },
                x);
        assertThatThrownBy(() -> kept.get(0).add(y).sum())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("'sum'");
    }
}
