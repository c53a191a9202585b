package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Residual;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.layer.WeightNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Replaces layers of a block by other layers. */
class ReplaceTest {
    private final Generator rng = new Generator(1);
    private final Init init = new Init(rng);
    private final Tensor x = Tensor.randn(new Generator(2), 2, 5, 4);

    /** A dense layer plus the product of two small matrices (LoRA, Hu et al., 2021), one of which is 0 at first. */
    private static final class Lora extends Layer {
        private final Dense base;
        private final Tensor down;
        private final Tensor up;

        Lora(Dense base, Init init) {
            this.base = child("base", base);
            down = parameter(
                    "loraA", init.normal(Shape.of(2, base.weight().shape().dim(1)), 0, 1));
            up = parameter("loraB", init.zeros(Shape.of(base.weight().shape().dim(0), 2)));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return base.forward(x).add(Functional.linear(Functional.linear(x, down, null), up, null));
        }

        Dense merged() {
            return Dense.of(base.weight().add(up.matmul(down)).detach().requiresGrad(true), base.bias());
        }
    }

    private TransformerEncoder encoder() {
        return new TransformerEncoder(
                2, 4, 2, new TransformerOptions().feedForward(8).dropout(0), init);
    }

    private Lora lora(Dense dense) {
        return new Lora(dense, init);
    }

    @Test
    void denseLayersOfALibraryBlockAreReplacedAndTheirPathsStay() {
        TransformerEncoder model = encoder();
        NdArray before = model.forward(x).data();
        model.freeze();

        assertThat(model.replace(Dense.class, this::lora)).isEqualTo(6);

        assertThat(model.forward(x).data()).isEqualTo(before);
        assertThat(model.namedParameters().keySet())
                .contains("layers.0.linear1.base.weight", "layers.1.selfAttn.outProj.loraA")
                .doesNotContain("layers.0.linear1.weight");
        assertThat(model.parameters().stream().filter(Tensor::requiresGrad)).hasSize(12);
        model.forward(x).square().sum().backward();
        model.namedParameters().forEach((path, leaf) -> {
            if (path.endsWith("loraB")) {
                assertThat(leaf.grad()).as(path).isNotNull();
                leaf.assign(init.ones(leaf.shape()).data());
            }
        });
        assertThat(model.forward(x).data()).isNotEqualTo(before);
        assertThat(model.toString()).contains("(linear1): Lora(\n        (base): Dense(4 -> 8)");
    }

    @Test
    void adaptersAreMergedByReplacingThemAgainAndTakenOffByTheirBase() {
        Sequential model = new Sequential(new Dense(4, 4, rng), new ReLU(), new Dense(4, 2, rng));
        NdArray before = model.forward(x).data();
        model.replace(Dense.class, this::lora);
        model.namedParameters().forEach((path, leaf) -> {
            if (path.endsWith("loraB")) {
                leaf.assign(init.ones(leaf.shape()).data());
            }
        });
        NdArray adapted = model.forward(x).data();
        Layer other = model.copy();

        assertThat(model.replace(Lora.class, Lora::merged)).isEqualTo(2);
        assertThat(distance(model.forward(x), Tensor.of(adapted))).isLessThan(1e-13);
        assertThat(model.namedParameters().keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");

        assertThat(other.forward(x).data()).isEqualTo(adapted);
        assertThat(other.replace(Lora.class, lora -> lora.base)).isEqualTo(2);
        assertThat(other.forward(x).data()).isEqualTo(before);
        assertThat(other.namedParameters().keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
        assertThat(other.replace(Dense.class, this::lora)).isEqualTo(2);
        assertThat(other.forward(x).data()).isEqualTo(before);
    }

    @Test
    void aLayerCanBeReplacedTwiceSoThatTheSecondIsWithinTheFirst() {
        Sequential model = new Sequential(new Dense(4, 4, rng));
        NdArray before = model.forward(x).data();
        model.replace(Dense.class, dense -> new Doubled(dense));
        model.replace(Dense.class, dense -> new Doubled(dense));

        assertThat(model.namedParameters().keySet()).containsExactly("0.inner.inner.weight", "0.inner.inner.bias");
        assertThat(model.forward(x).data()).isEqualTo(before.mul(4));
        assertThat(model.copy().forward(x).data()).isEqualTo(before.mul(4));
    }

    static final class Doubled extends Layer {
        private final Layer inner;

        Doubled(Layer inner) {
            this.inner = child("inner", inner);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return inner.forward(x).mul(2);
        }
    }

    @Test
    void aSharedLayerIsReplacedOnceWhereverItIs() {
        Dense shared = new Dense(4, 4, rng);
        Sequential a = new Sequential(shared, new Tanh(), shared);
        Sequential b = new Sequential(new Residual(shared));

        assertThat(a.replace(Dense.class, this::lora)).isEqualTo(1);

        assertThat(a.parameters()).hasSize(4);
        assertThat(b.namedParameters().keySet()).contains("0.layer.loraA");
        assertThat(a.get(0)).isSameAs(a.get(2)).isInstanceOf(Lora.class);
        assertThat(a.forward(x).shape()).isEqualTo(x.shape());
    }

    @Test
    void aSubstituteWithoutTheLayerTakesItsPlaceAltogether() {
        TransformerEncoder model = encoder();
        model.replace(LayerNorm.class, norm -> new Identity());

        assertThat(model.namedParameters().keySet()).noneMatch(path -> path.contains("norm"));
        assertThat(model.forward(x).shape()).isEqualTo(x.shape());
        assertThat(model.forward(x, new AttentionMask().causal()).shape()).isEqualTo(x.shape());
    }

    @Test
    void reparametrizationsReplaceLayers() {
        TransformerEncoder model = encoder();
        NdArray before = model.forward(x).data();

        assertThat(model.replace(Dense.class, WeightNorm::of)).isEqualTo(6);
        assertThat(distance(model.forward(x), Tensor.of(before))).isLessThan(1e-12);
        assertThat(model.namedParameters().keySet()).contains("layers.0.linear1.magnitude", "layers.0.linear1.bias");
    }

    @Test
    void functionsAreCalledInTheOrderOfPathsAndKeepALayerByReturningIt() {
        TransformerEncoder model = encoder();
        List<Dense> seen = new ArrayList<>();
        int count = model.replace(Dense.class, dense -> {
            seen.add(dense);
            return dense;
        });

        assertThat(count).isZero();
        assertThat(seen)
                .containsExactlyElementsOf(model.namedBlocks().values().stream()
                        .filter(Dense.class::isInstance)
                        .map(Dense.class::cast)
                        .toList());
    }

    @Test
    void aFailureReplacesNothing() {
        Sequential model = new Sequential(new Dense(4, 4, rng), new Dense(4, 4, rng));
        String before = model.toString();
        List<Layer> made = new ArrayList<>();

        refused(() -> model.replace(Dense.class, dense -> made.isEmpty() ? added(made, lora(dense)) : null))
                .withMessageStartingWith("replace: the function returned null for '1' Dense(4 -> 4)");
        refused(() -> model.replace(Dense.class, dense -> new Residual(model)))
                .withMessageContaining("contains the block that it is to be part of");
        assertThat(model.toString()).isEqualTo(before);
        assertThat(model.forward(x).shape()).isEqualTo(x.shape());
    }

    private static Layer added(List<Layer> to, Layer layer) {
        to.add(layer);
        return layer;
    }

    @Test
    void aCallWithFurtherArgumentsThatTheSubstituteCannotTakeIsRefused() {
        TransformerEncoder model = encoder();
        model.replace(TransformerEncoderLayer.class, layer -> new Identity());

        assertThat(model.forward(x).data()).isEqualTo(x.data());
        thrown(IllegalStateException.class, () -> model.forward(x, new AttentionMask().causal()))
                .withMessageContaining("TransformerEncoderLayer: was replaced by Identity()");
    }

    /** An embedding, and an output layer that computes with the same weight. */
    private static final class Tied extends Layer {
        private final Embedding words;

        Tied(Init init) {
            words = child("words", new Embedding(10, 4, init));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return Functional.linear(words.forward(x), words.weight(), null);
        }
    }

    @Test
    void aWeightThatIsReadPastTheSubstituteIsRefused() {
        Tied model = new Tied(init);
        Tensor tokens = Tensor.of(1, 2).to(DType.INT32);
        assertThat(model.forward(tokens).shape()).isEqualTo(Shape.of(2, 10));
        model.replace(Embedding.class, words -> new Doubled(words));

        thrown(IllegalStateException.class, () -> model.forward(tokens))
                .withMessage("Embedding: was replaced by Doubled(), so its weight is not what is computed with; call"
                        + " forward, or do not replace this layer");
        assertThat(model.words.weight().shape()).isEqualTo(Shape.of(10, 4));
    }

    @Test
    void statesAreLoadedUnderTheNewPaths() {
        TransformerEncoder model = encoder();
        model.replace(Dense.class, this::lora);
        TransformerEncoder other = encoder();
        other.replace(Dense.class, this::lora);
        Map<String, NdArray> state = model.state();
        other.load(state);

        assertThat(other.forward(x).data()).isEqualTo(model.forward(x).data());
        assertThat(Objects.requireNonNull(state.get("layers.0.linear1.loraA")).shape())
                .isEqualTo(Shape.of(2, 4));
    }

    @Test
    void errorsHaveThePathOfTheSubstitute() {
        Sequential model = new Sequential(new Dense(4, 4, rng));
        model.replace(Dense.class, this::lora);

        assertThatThrownBy(() -> model.forward(Tensor.ones(2, 3))).hasMessageStartingWith("0.base: Dense(4 -> 4): ");
    }

    @Test
    void theFunctionMayChooseByThePath() {
        TransformerEncoder model = encoder();

        assertThat(model.replace(Dense.class, (path, dense) -> path.endsWith("outProj") ? dense : lora(dense)))
                .isEqualTo(4);

        assertThat(model.namedParameters().keySet())
                .contains("layers.0.linear1.loraA", "layers.1.selfAttn.outProj.weight")
                .doesNotContain("layers.1.selfAttn.outProj.loraA");
    }
}
