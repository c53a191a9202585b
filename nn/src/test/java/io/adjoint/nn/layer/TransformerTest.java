package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Init;
import io.adjoint.nn.Masks;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TransformerTest {
    private static final AttentionMask ALL = new AttentionMask();
    private static final TransformerOptions SMALL = new TransformerOptions().feedForward(6);

    private final Generator rng = new Generator(5);
    private final Init init = new Init(rng);
    private final Tensor x = Tensor.randn(rng, 2, 5, 8);
    private final Tensor memory = Tensor.randn(rng, 2, 3, 8);

    // ---- attention by several heads ----

    @Test
    void oneTensorInThreePositionsIsProjectedAsThreeEqualOnes() {
        MultiHeadAttention attention = new MultiHeadAttention(8, 2, init);

        assertThat(attention.forward(x, x, x).data())
                .isEqualTo(attention
                        .forward(x, Tensor.of(x.data()), Tensor.of(x.data()))
                        .data());
    }

    @Test
    void weightsAreThoseOfEachHeadAndAddUpToOne() {
        MultiHeadAttention attention = new MultiHeadAttention(8, 4, new HeadOptions().keyValueHeads(2), init);
        MultiHeadAttention.Output with = attention.forwardWithWeights(x, memory, memory, ALL);

        assertThat(with.weights().shape()).isEqualTo(Shape.of(2, 4, 5, 3));
        assertThat(with.weights().sum(-1).sub(1).abs().max().item()).isCloseTo(0, within(1e-12));
        assertThat(distance(with.output(), attention.forward(x, memory, memory)))
                .isLessThan(1e-12);
    }

    @Test
    void initialWeightsAreXaviersAndBiasesZero() {
        MultiHeadAttention attention = new MultiHeadAttention(8, 2, init);
        NdArray packed = attention.state().get("inProjWeight");

        assertThat(attention.state().keySet())
                .containsExactly("inProjWeight", "inProjBias", "outProj.weight", "outProj.bias");
        assertThat(Objects.requireNonNull(packed).shape()).isEqualTo(Shape.of(24, 8));
        assertThat(Tensor.of(packed).abs().max().item()).isBetween(0.3, Math.sqrt(6.0 / 32));
        assertThat(attention.state().get("inProjBias")).isEqualTo(NdArray.zeros(DType.FLOAT64, Shape.of(24)));
        assertThat(attention.state().get("outProj.bias")).isEqualTo(NdArray.zeros(DType.FLOAT64, Shape.of(8)));
    }

    @Test
    void dropoutOfWeightsIsOnlyForTraining() {
        MultiHeadAttention attention = new MultiHeadAttention(8, 2, new HeadOptions().dropout(0.5, rng), init);
        assertThat(attention.forward(x, x, x).data())
                .isNotEqualTo(attention.forward(x, x, x).data());
        attention.eval();
        assertThat(attention.forward(x, x, x).data())
                .isEqualTo(attention.forward(x, x, x).data());
    }

    @Test
    void rotatedHeadsSeeDistancesOnly() {
        MultiHeadAttention attention =
                new MultiHeadAttention(8, 2, new HeadOptions().positions(new RotaryPositions(16, 4)), init);
        RotaryPositions rotary = new RotaryPositions(16, 4);
        Tensor q = Tensor.randn(rng, 1, 4);
        Tensor k = Tensor.randn(rng, 1, 4);

        assertThat(rotary.forward(q, 5).mul(rotary.forward(k, 2)).sum().item())
                .isCloseTo(rotary.forward(q, 12).mul(rotary.forward(k, 9)).sum().item(), within(1e-12));
        assertThat(attention.forward(x.flip(1), x.flip(1), x.flip(1)).flip(1).data())
                .isNotEqualTo(attention.forward(x, x, x).data());
    }

    // ---- transformers ----

    @Test
    void aCausalEncoderDoesNotSeeItsFuture() {
        TransformerEncoder encoder = new TransformerEncoder(2, 8, 2, SMALL.finalNorm(true), init);
        encoder.eval();
        Tensor whole = encoder.forward(x, ALL.causal());

        assertThat(distance(encoder.forward(x.slice(1, 0, 3), ALL.causal()), whole.slice(1, 0, 3)))
                .isLessThan(1e-12);
    }

    @Test
    void paddingChangesNothingForWhatIsReal() {
        Transformer transformer = new Transformer(8, 2, 1, 1, SMALL, init);
        transformer.eval();
        Tensor padded = Tensor.concat(1, memory, Tensor.randn(rng, 2, 2, 8));
        AttentionMask real = ALL.keys(Masks.lengths(5, 3, 3));

        assertThat(distance(
                        transformer.forward(padded, x, real, ALL.causal(), real),
                        transformer.forward(memory, x, ALL.causal())))
                .isLessThan(1e-12);
    }

    @Test
    void aTargetSeesOfItselfTheMaskThatTheCallSays() {
        Transformer transformer = new Transformer(8, 2, 1, 1, SMALL, init);
        transformer.eval();
        Tensor all = transformer.forward(memory, x, ALL);
        Tensor causal = transformer.forward(memory, x, ALL.causal());
        int last = x.shape().dim(1) - 1;

        assertThat(all.data())
                .isEqualTo(transformer.forward(memory, x, ALL, ALL, ALL).data());
        assertThat(causal.data())
                .isEqualTo(
                        transformer.forward(memory, x, ALL, ALL.causal(), ALL).data());
        assertThat(causal.select(1, 0).data()).isNotEqualTo(all.select(1, 0).data());
        assertThat(distance(causal.select(1, last), all.select(1, last))).isLessThan(1e-12);
    }

    @Test
    void everyParameterOfATransformerHasAGradient() {
        Transformer transformer = new Transformer(8, 2, 1, 2, SMALL.normFirst(true), init);
        transformer.forward(memory, x, ALL.causal()).square().sum().backward();

        assertThat(transformer.namedParameters().keySet())
                .contains("encoder.layers.0.selfAttn.inProjWeight", "decoder.layers.1.multiheadAttn.outProj.bias")
                .contains("encoder.norm.weight", "decoder.layers.1.norm3.bias", "decoder.layers.0.linear1.weight");
        transformer
                .namedParameters()
                .forEach((name, parameter) ->
                        assertThat(parameter.grad()).as(name).isNotNull());
    }

    @Test
    void dropoutOfTransformersIsDrawnFromTheGeneratorOfTheirParametersUnlessAnotherIsGiven() {
        TransformerEncoderLayer own = new TransformerEncoderLayer(8, 2, SMALL, new Init(new Generator(1)));
        TransformerEncoderLayer other =
                new TransformerEncoderLayer(8, 2, SMALL.dropout(0.1, new Generator(2)), new Init(new Generator(1)));

        assertThat(own.forward(x).data()).isNotEqualTo(other.forward(x).data());
        own.eval();
        other.eval();
        assertThat(own.forward(x).data()).isEqualTo(other.forward(x).data());
    }

    // ---- positions ----

    @Test
    void positionsOfAContinuationGoOn() {
        for (Positions positions : new Positions[] {
            new SinusoidalPositions(9, 8), new LearnedPositions(9, 8, init), new RotaryPositions(9, 8)
        }) {
            assertThat(positions.forward(x.slice(1, 2, 5), 2).data())
                    .isEqualTo(positions.forward(x).slice(1, 2, 5).data().contiguous());
        }
    }

    // ---- wrong use ----

    @Test
    void headsAndWidthsThatDoNotFitAreRefusedAtOnce() {
        refused(() -> new MultiHeadAttention(8, 3, init))
                .withMessageContaining("MultiHeadAttention: ")
                .withMessageContaining("8 and 3");
        assertThatThrownBy(() -> new MultiHeadAttention(8, 4, new HeadOptions().keyValueHeads(3), init))
                .hasMessageContaining("3 heads of keys and values must divide the 4 heads");
        assertThatThrownBy(() ->
                        new MultiHeadAttention(8, 2, new HeadOptions().positions(new RotaryPositions(4, 8)), init))
                .hasMessageContaining("width 8, but a head is 4 wide");
        assertThatThrownBy(() -> new TransformerEncoder(0, 8, 2, SMALL, init))
                .hasMessage("TransformerEncoder: the number of layers must be at least 1, got 0");
        assertThatThrownBy(() -> new RotaryPositions(4, 3)).hasMessageContaining("even embedding");
        assertThatThrownBy(() -> SMALL.dropout(2))
                .hasMessageContaining("TransformerOptions: the probability of dropout");
        assertThatThrownBy(() -> SMALL.eps(-1)).hasMessageContaining("TransformerOptions: the eps");
    }

    @Test
    void errorsNameThePathOfTheLayer() {
        TransformerEncoder encoder = new TransformerEncoder(2, 8, 2, SMALL, init);
        thrown(ShapeException.class, () -> encoder.forward(Tensor.randn(rng, 2, 5, 6)))
                .withMessageContaining("layers.0.selfAttn: MultiHeadAttention(8, 2 heads")
                .withMessageContaining("expected query [N, L, 8]")
                .withMessageContaining("[2, 5, 6]");
        thrown(ShapeException.class, () -> encoder.forward(x, ALL.keys(Masks.lengths(4, 4, 4))))
                .withMessageContaining("layers.0.selfAttn")
                .withMessageContaining("[2, 4], but must be [N, S] = [2, 5]");
        thrown(ShapeException.class, () -> encoder.forward(x.select(0, 0))).withMessageContaining("unsqueeze(0)");
        thrown(DTypeException.class, () -> encoder.forward(x.to(DType.FLOAT32)))
                .withMessageContaining("layers.0.selfAttn");
    }

    @Test
    @SuppressWarnings("NullAway")
    void aDecoderWithoutAMemorySaysSo() {
        TransformerDecoder decoder = new TransformerDecoder(1, 8, 2, SMALL, init);
        refused(() -> decoder.forward(x, null))
                .withMessageContaining("layers.0: TransformerDecoderLayer")
                .withMessageContaining("memory is null")
                .withMessageContaining("TransformerEncoderLayer with a causal mask");
        thrown(ShapeException.class, () -> decoder.forward(x, memory.slice(0, 0, 1)))
                .withMessageContaining("layers.0.multiheadAttn");
    }

    @Test
    void sequencesLongerThanTheirPositionsAreRefused() {
        thrown(ShapeException.class, () -> new LearnedPositions(4, 8, init).forward(x))
                .withMessageContaining("learnedPositions: ")
                .withMessageContaining("longer than the 4 positions");
        assertThatThrownBy(() -> new SinusoidalPositions(9, 8).forward(x, -1)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> new SinusoidalPositions(9, 6).forward(x)).hasMessageContaining("[..., L, 6]");
    }
}
