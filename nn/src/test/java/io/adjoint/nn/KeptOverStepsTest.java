package io.adjoint.nn;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.GRU;
import io.adjoint.nn.layer.KeyValueCache;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.Recurrent;
import io.adjoint.nn.layer.RecurrentOptions;
import io.adjoint.nn.layer.RotaryPositions;
import io.adjoint.nn.layer.SinusoidalPositions;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Arrays that layers and optimizers keep over the steps of a {@link Workspace} have the same bits as without a workspace. */
class KeptOverStepsTest {
    /** Checks that a program has the same outcome in a workspace and without one. */
    private static void assertSame(Function<Workspace, List<NdArray>> program) {
        assertThat(program.apply(new Workspace())).isEqualTo(program.apply(Workspace.none()));
    }

    @Test
    void aCacheOfKeysAndValuesGoesOn() {
        assertSame(workspace -> {
            MultiHeadAttention attention = new MultiHeadAttention(8, 2, new Generator(1));
            KeyValueCache cache = new KeyValueCache();
            List<NdArray> outputs = new ArrayList<>();
            for (int token = 0; token < 4; token++) {
                Tensor x = Tensor.full(DType.FLOAT64, Shape.of(1, 1, 8), token);
                outputs.add(workspace.run(() ->
                        Autograd.noGrad(() -> attention.forward(x, cache).data().copy())));
            }
            return outputs;
        });
    }

    @Test
    void anOptimizerWhoseStateIsLoadedInAStepGoesOn() {
        assertSame(workspace -> {
            Dense model = new Dense(4, 3, new Generator(1));
            Adam former = new Adam(model.parameters(), 0.1);
            step(model, former);
            Map<String, NdArray> state = former.state();
            Adam adam = new Adam(model.parameters(), 0.1);
            workspace.run(() -> adam.load(state));
            for (int k = 0; k < 3; k++) {
                workspace.run(() -> step(model, adam));
            }
            return List.copyOf(model.state().values());
        });
    }

    @Test
    void aBlockThatIsCopiedOrConvertedInAStepGoesOn() {
        assertSame(workspace -> {
            Block model = new Sequential(new Dense(4, 3, new Generator(1)), new BatchNorm1d(3, new Generator(1)));
            List<Block> made = new ArrayList<>();
            workspace.run(() -> {
                made.add(model.copy());
                made.add(model.to(DType.FLOAT32));
            });
            return made.stream()
                    .flatMap(block -> block.state().values().stream())
                    .toList();
        });
    }

    private static void step(Dense model, Adam optimizer) {
        optimizer.zeroGrad();
        model.forward(Tensor.ones(2, 4)).square().sum().backward();
        optimizer.step();
    }

    @Test
    void aScanRefusesABackwardPassAfterItsStep() {
        Generator generator = new Generator(1);
        for (Recurrent<?> scan : List.of(
                new LSTM(8, 64, generator),
                new LSTM(8, 64, new RecurrentOptions().projection(16), generator),
                new GRU(8, 64, generator))) {
            scan.freeze();
            Tensor x = Tensor.ones(10, 8, 8).requiresGrad(true);
            Workspace workspace = new Workspace();
            Tensor sum = workspace.run(
                    () -> Workspace.keep(scan.forward(x).sequence().sum()));
            workspace.run(() -> scan.forward(x).sequence().sum().item());
            thrown(IllegalStateException.class, sum::backward).withMessageContaining("ended with its step");
            assertThat(x.grad()).isNull();
        }
    }

    @Test
    void theTablesOfPositionsMadeInAStepLiveOn() {
        assertSame(workspace -> {
            SinusoidalPositions sinusoidal = workspace.run(() -> new SinusoidalPositions(5, 4));
            RotaryPositions rotary = workspace.run(() -> new RotaryPositions(5, 4));
            Tensor x = Tensor.ones(2, 5, 4);
            return List.of(sinusoidal.forward(x).data(), rotary.forward(x).data());
        });
    }

    @Test
    void aTensorOfAnEarlierStepIsRefusedWithThePathOfTheLayerAndItsOperation() {
        Generator rng = new Generator(1);
        Workspace workspace = new Workspace();
        Tensor x = Tensor.ones(4, 3);
        assertRefused(
                workspace,
                new Sequential(new Tanh(), new Remembering(new Dense(3, 3, rng), false)),
                "1.inner: Dense(3 -> 3): 'linear' reads an array of the shape [4, 3]");
        assertRefused(
                workspace,
                new Sequential(new Tanh(), new Remembering(new Dense(3, 3, rng), true)),
                "1: Remembering(): 'add' reads an array of the shape [4, 3]");
        Tensor ended = workspace.run(() -> x.mul(2));
        thrown(IllegalStateException.class, () -> new CrossEntropy().forward(ended, Tensor.of(new int[4])))
                .withMessageStartingWith("'CrossEntropy.forward' reads an array of the shape [4, 3]");
        thrown(IllegalStateException.class, () -> new Accuracy().update(ended, Tensor.of(new int[4])))
                .withMessageStartingWith("'Accuracy.update' reads an array of the shape [4, 3]");
    }

    private static void assertRefused(Workspace workspace, Layer model, String message) {
        Tensor x = Tensor.ones(4, 3);
        workspace.run(() -> model.forward(x).sum().backward());
        thrown(IllegalStateException.class, () -> workspace.run(() -> model.forward(x)))
                .withMessageStartingWith(message);
    }

    /** A layer that keeps its first input, or output, for all calls. */
    private static final class Remembering extends Layer {
        private final Layer inner;
        private final boolean isOutput;
        private @Nullable Tensor first;

        Remembering(Layer inner, boolean isOutput) {
            this.inner = child("inner", inner);
            this.isOutput = isOutput;
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = isOutput ? inner.forward(x) : x;
            Tensor kept = first == null ? y : first;
            first = kept;
            return isOutput ? y.add(kept) : inner.forward(kept);
        }
    }
}
