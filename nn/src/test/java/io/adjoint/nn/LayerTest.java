package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Debug;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Tanh;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerTest {
    private final Random rng = new Random(1);

    /** A layer that returns its input; the tests register parts in it. */
    private static class Plain extends Layer {
        @Override
        protected Tensor compute(Tensor x) {
            return x;
        }

        @CanIgnoreReturnValue
        Tensor weight(String name) {
            return parameter(name, new Init(new Random(1)).ones(Shape.of(2)));
        }

        @CanIgnoreReturnValue
        <B extends Block> B part(String name, B layer) {
            return child(name, layer);
        }
    }

    /** A layer with parameters in a field, in a list, and in layers in a list. */
    private static class Base extends Plain {
        final Tensor scale = weight("scale");
        final List<Dense> blocks = new ArrayList<>();

        Base(Random rng) {
            for (int k = 0; k < 2; k++) {
                blocks.add(part("block" + k, new Dense(2, 2, rng)));
            }
        }
    }

    private static final class Derived extends Base {
        final Dense head;

        Derived(Random rng) {
            super(rng);
            head = part("head", Dense.withoutBias(2, 1, new Init(rng)));
        }
    }

    @Test
    void parametersOfSuperclassesAndOfListsAreFoundInTheOrderOfRegistration() {
        Derived layer = new Derived(rng);

        assertThat(layer.namedParameters().keySet())
                .containsExactly(
                        "scale", "block0.weight", "block0.bias", "block1.weight", "block1.bias", "head.weight");
        assertThat(layer.parameters()).hasSize(6).startsWith(layer.scale).endsWith(layer.head.weight());
        assertThat(layer.children()).containsOnlyKeys("block0", "block1", "head");
    }

    @Test
    void ownParametersComeBeforeThoseOfChildrenRegisteredEarlier() {
        Plain layer = new Plain();
        layer.part("child", new Dense(1, 1, rng));
        layer.weight("own");

        assertThat(layer.namedParameters().keySet()).containsExactly("own", "child.weight", "child.bias");
    }

    @Test
    void aSharedParameterHasEveryNameButIsListedOnce() {
        Plain layer = new Plain();
        Dense shared = new Dense(2, 2, rng);
        layer.part("encoder", shared);
        layer.part("decoder", shared);

        assertThat(layer.namedParameters().keySet())
                .containsExactly("encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias");
        assertThat(layer.parameters()).hasSize(2);
    }

    @Test
    void registrationReturnsItsArgument() {
        Plain layer = new Plain();
        Dense part = new Dense(1, 1, rng);
        Tensor leaf = new Init(rng).zeros(Shape.of(1));

        assertThat(layer.part("part", part)).isSameAs(part);
        assertThat(layer.parameter("leaf", leaf)).isSameAs(leaf);
    }

    @Test
    void aNameIsTakenOnceByParameterOrChild() {
        Plain layer = new Plain();
        layer.weight("a");
        layer.part("b", new Plain());

        refused(() -> layer.weight("a")).withMessage("parameter: Plain already has a parameter named 'a'");
        refused(() -> layer.part("a", new Plain())).withMessage("child: Plain already has a parameter named 'a'");
        refused(() -> layer.weight("b")).withMessage("parameter: Plain already has a child named 'b'");
    }

    @Test
    void aNameIsNotEmptyAndHasNoDot() {
        refused(() -> new Plain().weight("")).withMessage("parameter: the name '' must not be empty");
        refused(() -> new Plain().part("a.b", new Plain()))
                .withMessage("child: the name 'a.b' must not contain a dot, which separates the names of a path");
    }

    @Test
    void aParameterIsALeafThatRequiresGrad() {
        Tensor leaf = Tensor.of(1, 2);
        refused(() -> new Plain().parameter("w", leaf))
                .withMessage("parameter: 'w' [2] does not require grad, but a parameter is a leaf that requires grad;"
                        + " use t.detach().requiresGrad(true)");
        Tensor computed = leaf.requiresGrad(true).mul(2);
        refused(() -> new Plain().parameter("w", computed))
                .withMessageContaining("'w' [2] was computed from other tensors");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void nullIsNoPartOfABlock() {
        refused(() -> new Plain().parameter("w", null)).withMessage("parameter: 'w' of Plain is null");
        refused(() -> new Plain().part("a", null)).withMessage("child: 'a' of Plain is null");
        refused(() -> new Plain().buffer("b", null)).withMessage("buffer: 'b' of Plain is null");
        refused(() -> new Plain().parameters("w", (List<Tensor>) null)).withMessage("parameters: 'w' of Plain is null");
        refused(() -> new Plain().parameters("w", (Map<String, Tensor>) null))
                .withMessage("parameters: 'w' of Plain is null");
        Tensor leaf = Tensor.of(1).requiresGrad(true);
        refused(() -> new Plain().parameters("w", Arrays.asList(leaf, null)))
                .withMessage("parameters: 'w.1' of Plain is null");
        refused(() -> new Plain().parameters("w", Collections.singletonMap(null, leaf)))
                .withMessage("parameters: a key of 'w' of Plain is null");
        refused(() -> new Plain().part(null, new Plain())).withMessage("child: the name of Plain is null");
        refused(() -> new Sequential(new Tanh(), null)).withMessage("Sequential: layer 1 of 2 is null");
    }

    @Test
    void weightsOfMoreElementsThanAnArrayHoldsAreRefused() {
        Init init = new Init(rng);
        refused(() -> new LSTM(1, 1 << 30, init))
                .withMessage(
                        "LSTM: expected at least 1 input and 1 hidden unit, and at most 536870911 of these, got 1 and"
                                + " 1073741824");
        refused(() -> new LSTM(1, 1 << 28, init))
                .withMessageStartingWith("LSTM: [1073741824, 268435456] has more than 2147483647 elements");
        refused(() -> new Conv2d(1 << 20, 1 << 20, 3, init))
                .withMessageStartingWith("Conv2d: [1048576, 1048576, 3, 3] has more than 2147483647 elements");
    }

    @Test
    void aLayerCannotContainItself() {
        Plain inner = new Plain();
        Plain outer = new Plain();
        outer.part("inner", inner);

        refused(() -> inner.part("outer", outer))
                .withMessage("child: 'outer' contains the block that it is to be part of");
        refused(() -> inner.part("self", inner));
    }

    @Test
    void trainAndEvalReachEveryLayer() {
        Dense dense = new Dense(1, 1, rng);
        Sequential inner = new Sequential(dense);
        Sequential outer = new Sequential(inner, new Tanh());
        assertThat(dense.isTraining()).isTrue();

        outer.eval();
        assertThat(List.of(outer, inner, dense)).noneMatch(Block::isTraining);

        outer.train();
        assertThat(List.of(outer, inner, dense)).allMatch(Block::isTraining);
    }

    @Test
    void zeroGradClearsEveryGradient() {
        Sequential net = new Sequential(new Dense(2, 2, rng), new Dense(2, 1, rng));
        net.forward(Tensor.of(1, 2)).sum().backward();
        assertThat(net.parameters()).noneMatch(parameter -> parameter.grad() == null);

        net.zeroGrad();
        assertThat(net.parameters()).allMatch(parameter -> parameter.grad() == null);
    }

    @Test
    void toStringReadsLikeTheArchitecture() {
        Layer anonymous = new Layer() {
            @Override
            protected Tensor compute(Tensor x) {
                return x;
            }
        };
        Sequential net = new Sequential(
                new Dense(784, 128, rng),
                new ReLU(),
                new Sequential(Dense.withoutBias(128, 10, new Init(rng).dtype(DType.FLOAT32)), new Sigmoid()),
                anonymous);

        assertThat(net).hasToString("""
                Sequential(
                  (0): Dense(784 -> 128)
                  (1): ReLU()
                  (2): Sequential(
                    (0): Dense(128 -> 10, no bias, FLOAT32)
                    (1): Sigmoid()
                  )
                  (3): Layer()
                )""");
    }

    @Test
    void aTracedErrorNamesTheLayerAtWhichItHappened() {
        Layer broken = new Layer() {
            @Override
            protected Tensor compute(Tensor x) {
                return Autograd.op("broken", x.data(), Edge.edge(x, g -> {
                    throw new IllegalArgumentException("no rule");
                }));
            }
        };
        Layer net = new Sequential(new Sigmoid(), new Sequential(new Tanh(), broken));
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Tensor loss = Debug.traced(() -> net.forward(x).sum());
        assertThat(catchThrowable(loss::backward))
                .satisfies(failure -> assertThat(failure.getSuppressed()[0])
                        .hasMessage("'broken' of shape [2] in layer 1.1: Layer() was computed here"));
    }

    @Test
    void anErrorKeepsItsCauseWithThePath() {
        IOException cause = new IOException("disk");
        Sequential model = new Sequential(new Lambda("mine", x -> {
            throw new IllegalArgumentException("bad", cause);
        }));

        refused(() -> model.forward(Tensor.of(1)))
                .withMessage("0: Lambda(mine): bad")
                .satisfies(failure -> assertThat(failure.getCause()).isSameAs(cause));
    }

    @Test
    void anErrorWithoutAMessageHasThePathAlone() {
        Sequential model = new Sequential(new Lambda("mine", x -> {
            throw new ArithmeticException();
        }));

        assertThat(catchThrowable(() -> model.forward(Tensor.of(1))))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("0: Lambda(mine)")
                .hasNoCause();
    }

    @Test
    @SuppressWarnings("NullAway") // code without null checks may return null
    void aLayerThatComputesNullIsNamed() {
        Sequential model = new Sequential(new Lambda("mine", x -> null), new ReLU());

        refused(() -> model.forward(Tensor.of(1))).withMessage("0: Lambda(mine): the block computed null");
    }
}
