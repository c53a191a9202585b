package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.KeyValueCache;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.RotaryPositions;
import io.adjoint.nn.layer.SinusoidalPositions;
import io.adjoint.nn.optim.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

    private static void step(Dense model, Adam optimizer) {
        optimizer.zeroGrad();
        model.forward(Tensor.ones(2, 4)).square().sum().backward();
        optimizer.step();
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
}
