package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Optimizer;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockTest {
    private final Init init = new Init(new Generator(1));

    /** A layer as a user writes it, without any code for paths. */
    private static final class Gate extends Layer {
        private final Tensor weight;
        private final Buffer calls = buffer("calls", NdArray.zeros(DType.FLOAT64, Shape.of()));

        Gate(Init init) {
            weight = parameter("weight", init.ones(Shape.of(3)));
        }

        @Override
        protected Tensor compute(Tensor x) {
            calls.assign(calls.value().zip(NdArray.scalar(DType.FLOAT64, 1), Double::sum));
            return x.mul(weight);
        }
    }

    /** A layer as a user writes it: it consists of layers, one of which is used twice. */
    private static final class Net extends Layer {
        private final Gate gate = child("gate", new Gate(new Init(new Generator(2))));
        private final Sequential tail;

        Net(Init init) {
            Dense shared = new Dense(3, 3, init);
            tail = child("tail", new Sequential(shared, new Tanh(), shared));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return tail.forward(gate.forward(x));
        }
    }

    private static Map<String, NdArray> with(Map<String, NdArray> state, String name, NdArray array) {
        Map<String, NdArray> changed = new LinkedHashMap<>(state);
        changed.put(name, array);
        return changed;
    }

    // ---- paths ----

    @Test
    void aThreadKeepsNoExceptionOfABlockThatFailed() throws InterruptedException {
        WeakReference<Throwable> failure =
                new WeakReference<>(thrown(ShapeException.class, () -> new Net(init).forward(Tensor.ones(2)))
                        .actual());
        for (int k = 0; k < 100 && failure.get() != null; k++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void anErrorInAUsersOwnLayerBeginsWithItsPath() {
        thrown(ShapeException.class, () -> new Sequential(new Tanh(), new Net(init)).forward(Tensor.zeros(2, 4)))
                .withMessageStartingWith("1.gate: Gate(): mul: ");
        thrown(DTypeException.class, () -> new Gate(init).forward(Tensor.zeros(DType.FLOAT32, 2, 3)))
                .withMessageStartingWith("Gate(): mul: ");
    }

    @Test
    void aLayerThatIsUsedTwiceIsNamedByThePathThatFailed() {
        Dense shared = new Dense(3, 2, init);

        thrown(ShapeException.class, () -> new Sequential(shared, shared).forward(Tensor.zeros(1, 3)))
                .withMessageStartingWith("1: Dense(3 -> 2): linear: ");
        thrown(ShapeException.class, () -> new Sequential(shared, shared).forward(Tensor.zeros(1, 5)))
                .withMessageStartingWith("0: Dense(3 -> 2): linear: ");
    }

    @Test
    void aBlockWithAForwardOfItsOwnIsNamedToo() {
        thrown(ShapeException.class, () -> new LSTM(2, 3, init).forward(Tensor.zeros(4, 2)))
                .withMessage("LSTM(2 -> 3): lstm: expected input [N, T, 2], got [4, 2]");
    }

    @Test
    void exceptionsOfOthersPassUnchanged() {
        IllegalStateException own = new IllegalStateException("mine");
        Layer layer = new Lambda("own", x -> {
            throw own;
        });

        assertThat(catchThrowable(() -> new Sequential(layer).forward(Tensor.of(1))))
                .isSameAs(own);
    }

    /** Each of 40 blocks has the block before it as two children, so 2⁴⁰ paths lead to the innermost one. */
    @Test
    void blocksThatManyPathsLeadToAreLookedAtOnce() {
        final class Twice extends Block {
            Twice(Block part) {
                child("a", part);
                child("b", part);
            }
        }
        Block block = new Dense(1, 1, init);
        for (int k = 0; k < 40; k++) {
            block = new Twice(block);
        }

        assertThat(block).isInstanceOf(Twice.class);
    }

    // ---- state ----

    @Test
    void aBufferKeepsItsDtype() {
        Buffer buffer = new Gate(init).calls;

        assertThat(catchThrowable(() -> buffer.assign(NdArray.scalar(DType.FLOAT32, 1))))
                .hasMessage("assign: the buffer is FLOAT64, but the array is FLOAT32; convert it with to(FLOAT64)");
    }

    @Test
    void theStateHasParametersAndBuffersUnderEveryPath() {
        Net net = new Net(init);
        assertThat(net.forward(Tensor.zeros(2, 3)).shape()).isEqualTo(Shape.of(2, 3));

        assertThat(net.state().keySet())
                .containsExactly(
                        "gate.weight", "gate.calls", "tail.0.weight", "tail.0.bias", "tail.2.weight", "tail.2.bias");
        assertThat(net.state().get("gate.calls")).isEqualTo(NdArray.scalar(DType.FLOAT64, 1));
        assertThat(net.namedBuffers()).containsOnlyKeys("gate.calls");
        assertThat(net.parameters()).hasSize(3);
    }

    @Test
    void theStateIsACopyBothWays() {
        Dense dense = new Dense(2, 1, init);
        Map<String, NdArray> state = dense.state();
        dense.weight().assign(NdArray.zeros(DType.FLOAT64, Shape.of(1, 2)));
        assertThat(state.get("weight")).isNotEqualTo(dense.weight().data());

        dense.load(state);
        assertThat(dense.state()).isEqualTo(state);
        Dense other = new Dense(2, 1, init);
        other.load(state);
        other.weight().assign(NdArray.zeros(DType.FLOAT64, Shape.of(1, 2)));
        assertThat(dense.state()).isEqualTo(state);
    }

    @Test
    void everyMismatchIsListedAndNothingIsLoaded() {
        Net net = new Net(init);
        Map<String, NdArray> before = net.state();
        Map<String, NdArray> state = with(before, "gate.weight", NdArray.zeros(DType.FLOAT64, Shape.of(4)));
        state.put("gate.calls", NdArray.zeros(DType.FLOAT32, Shape.of()));
        state.remove("tail.0.bias");
        state.put("head.weight", NdArray.zeros(DType.FLOAT64, Shape.of(1)));

        refused(() -> net.load(state))
                .withMessage("Net: the state does not fit, and nothing was loaded: 'gate.weight' is FLOAT64 [4]"
                        + " instead of FLOAT64 [3]; 'gate.calls' is FLOAT32 [] instead of FLOAT64 []; missing"
                        + " 'tail.0.bias' FLOAT64 [3]; unexpected 'head.weight'; a state of another dtype is converted by"
                        + " new StateDict(model).load(state), of adjoint-io, or array by array by array.to(dtype); if the names are PyTorch's,"
                        + " load the state by new StateDict(model), of adjoint-io, which translates them");
        assertThat(net.state()).isEqualTo(before);
    }

    @Test
    void aSharedParameterHasOneValueInAState() {
        Net net = new Net(init);
        Map<String, NdArray> before = net.state();
        Map<String, NdArray> state = with(before, "tail.2.bias", NdArray.zeros(DType.FLOAT64, Shape.of(3)));

        refused(() -> net.load(state))
                .withMessage("Net: the state does not fit, and nothing was loaded:"
                        + " 'tail.0.bias' and 'tail.2.bias' are one shared parameter, but differ in the state");
        assertThat(net.state()).isEqualTo(before);
    }

    // ---- freezing ----

    @Test
    void aFrozenBlockIsAConstantUntilItIsUnfrozen() {
        Dense body = new Dense(2, 2, init);
        Dense head = new Dense(2, 1, init);
        Layer model = new Sequential(body, head);
        Optimizer optimizer = new Adam(model.parameters(), 0.1);
        model.forward(Tensor.of(1, 2)).sum().backward();
        body.freeze();
        assertThat(body.parameters()).allMatch(parameter -> parameter.grad() == null);
        Map<String, NdArray> before = body.state();
        for (int step = 0; step < 3; step++) {
            optimizer.zeroGrad();
            model.forward(Tensor.of(1, 2)).sum().backward();
            optimizer.step();
        }
        assertThat(body.state()).isEqualTo(before);
        assertThat(body.forward(Tensor.of(1, 2)).requiresGrad()).isFalse();
        assertThat(head.weight().grad()).isNotNull();

        body.unfreeze();
        model.forward(Tensor.of(1, 2)).sum().backward();
        optimizer.step();
        assertThat(body.state()).isNotEqualTo(before);
    }

    // ---- visitors ----

    @Test
    void applyVisitsEveryBlockOnceBeforeThoseItIsMadeOf() {
        List<String> seen = new ArrayList<>();
        new Net(init).apply(block -> seen.add(block.title()));

        assertThat(seen).containsExactly("Net()", "Gate()", "Sequential()", "Dense(3 -> 3)", "Tanh()");
    }

    @Test
    void observersSeeInputAndOutputUntilTheyAreRemoved() {
        Tanh tanh = new Tanh();
        List<Tensor> seen = new ArrayList<>();
        Hook hook = tanh.onForward((x, y) -> seen.addAll(List.of(x, y)));
        Tensor x = Tensor.of(1, 2);
        Tensor y = tanh.forward(x);
        hook.remove();

        assertThat(tanh.forward(x)).isNotSameAs(y);
        assertThat(seen).containsExactly(x, y);
    }

    @Test
    void severalThreadsGetTheSameBitsInEvaluation() {
        Layer model = new Sequential(new BatchNorm2d(2, init), new Dense(5, 5, init), new Tanh());
        Tensor x = Tensor.randn(new Generator(4), 3, 2, 4, 5);
        assertThat(model.forward(x).shape()).isEqualTo(x.shape());
        model.eval();
        NdArray alone = model.forward(x).data();

        assertThat(java.util.stream.IntStream.range(0, 64)
                        .parallel()
                        .mapToObj(k -> model.forward(x).data())
                        .toList())
                .allMatch(alone::equals);
    }

    @Test
    void parametersThatAreRegisteredTogetherArePrintedWithTheirShapes() {
        class Scaled extends Block {
            Scaled() {
                child("dense", new Dense(2, 3, new Generator(1)));
                parameters("scales", List.of(leaf(5), leaf(1, 2)));
                parameters("none", List.of());
            }

            private static Tensor leaf(int... sizes) {
                return Tensor.ones(sizes).requiresGrad(true);
            }
        }

        assertThat(new Scaled()).hasToString("""
                Scaled(
                  (dense): Dense(2 -> 3)
                  (scales): ParameterMap(
                    (0): FLOAT64 [5]
                    (1): FLOAT64 [1, 2]
                  )
                  (none): ParameterMap()
                )""");
    }
}
