package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HooksTest {
    private final Generator rng = new Generator(1);
    private final Tensor x = Tensor.randn(new Generator(2), 3, 4);

    @Test
    void hooksChangeInputAndOutputInTheOrderOfTheirRegistration() {
        Layer layer = new Identity();
        layer.beforeForward(in -> in.add(1));
        layer.beforeForward(in -> in.mul(2));
        layer.afterForward((in, out) -> in.add(out));
        Hook last = layer.afterForward((in, out) -> out.neg());

        assertThat(layer.forward(x).data()).isEqualTo(x.add(1).mul(4).neg().data());
        last.remove();
        assertThat(layer.forward(x).data()).isEqualTo(x.add(1).mul(4).data());
    }

    @Test
    void aHookIsTakenOffOnceHoweverOftenItsFunctionIsRegistered() {
        Layer layer = new Identity();
        UnaryOperator<Tensor> twice = in -> in.mul(2);
        Hook first = layer.beforeForward(twice);
        layer.beforeForward(twice);
        first.remove();
        first.remove();

        assertThat(layer.forward(Tensor.of(1)).item()).isEqualTo(2);
    }

    @Test
    void aHookThatReturnsNullIsNamedWithThePath() {
        Sequential model = new Sequential(new Identity());
        model.get(0).beforeForward(in -> null);

        refused(() -> model.forward(x))
                .withMessage("0: Identity(): a hook before forward returned null; return the input to leave it");
    }

    @Test
    void theGradientOfAnOutputIsSeenAndReplaced() {
        Dense layer = new Dense(4, 2, rng);
        List<Tensor> seen = new ArrayList<>();
        Hook hook = layer.onOutputGradient(g -> {
            seen.add(g);
            return g.mul(2);
        });
        layer.forward(x).mul(3).sum().backward();
        Tensor twice = Objects.requireNonNull(layer.weight().grad());
        hook.remove();
        layer.zeroGrad();
        layer.forward(x).mul(3).sum().backward();

        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).data()).isEqualTo(Tensor.full(3, 3, 2).data());
        assertThat(twice.data()).isEqualTo(gradient(layer.weight()).mul(2));
    }

    @Test
    void theGradientOfAnOutputThatIsTheInputLeavesOtherUsesOfTheInputAlone() {
        Layer layer = new Identity();
        layer.onOutputGradient(g -> g.mul(10));
        Tensor leaf = x.detach().requiresGrad(true);
        layer.forward(leaf).add(leaf).sum().backward();

        assertThat(gradient(leaf)).isEqualTo(Tensor.full(11, 3, 4).data());
    }

    @Test
    void hooksRunForCallsWithFurtherArguments() {
        TransformerEncoder model = new TransformerEncoder(
                1, 4, 2, new TransformerOptions().feedForward(8).dropout(0), rng);
        Layer inner = model.namedBlocks().values().stream()
                .filter(TransformerEncoderLayer.class::isInstance)
                .map(Layer.class::cast)
                .findFirst()
                .orElseThrow();
        inner.afterForward((in, out) -> out.mul(0));

        assertThat(model.forward(x.unsqueeze(0), new AttentionMask().causal())
                        .sum()
                        .item())
                .isZero();
    }
}
