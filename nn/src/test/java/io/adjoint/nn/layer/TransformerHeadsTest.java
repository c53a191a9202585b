package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Init;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Grouped heads and rotary positions inside transformers. */
class TransformerHeadsTest {
    private static final RotaryPositions ROTARY = new RotaryPositions(16, 4);
    private static final TransformerOptions PLAIN =
            new TransformerOptions().feedForward(6).dropout(0);

    private final Generator rng = new Generator(5);
    private final Tensor x = Tensor.randn(rng, 2, 5, 8);
    private final Tensor memory = Tensor.randn(rng, 2, 3, 8);

    private static Init init() {
        return new Init(new Generator(7));
    }

    @Test
    void anEncoderLayerAttendsAsAttentionWithTheseHeadsDoes() {
        TransformerEncoderLayer layer = new TransformerEncoderLayer(
                8, 2, PLAIN.normFirst(true).keyValueHeads(1).positions(ROTARY), init());
        MultiHeadAttention attention =
                new MultiHeadAttention(8, 2, new HeadOptions().keyValueHeads(1).positions(ROTARY), init());
        layer.state().forEach((path, value) -> {
            if (path.startsWith("linear2")) {
                Objects.requireNonNull(layer.namedParameters().get(path)).assign(value.mul(0));
            }
        });
        LayerNorm norm = new LayerNorm(Shape.of(8), init());

        assertThat(layer.forward(x).data())
                .isEqualTo(x.add(attention.forward(norm.forward(x), new AttentionMask()))
                        .data());
        assertThat(Objects.requireNonNull(layer.state().get("selfAttn.inProjWeight"))
                        .shape())
                .isEqualTo(Shape.of(16, 8));
    }

    @Test
    void positionsTellTheOrderOfASequenceButNotOfAMemory() {
        NdArray order = NdArray.of(Shape.of(3), new int[] {2, 0, 1});
        Tensor mixed = memory.indexSelect(1, Tensor.of(order));
        TransformerDecoderLayer decoder = new TransformerDecoderLayer(8, 2, PLAIN.positions(ROTARY), init());
        TransformerEncoderLayer encoder = new TransformerEncoderLayer(8, 2, PLAIN.positions(ROTARY), init());
        TransformerEncoderLayer without = new TransformerEncoderLayer(8, 2, PLAIN, init());

        assertThat(distance(decoder.forward(x, mixed), decoder.forward(x, memory)))
                .isLessThan(1e-12);
        assertThat(distance(without.forward(mixed), without.forward(memory).indexSelect(1, Tensor.of(order))))
                .isLessThan(1e-12);
        assertThat(distance(encoder.forward(mixed), encoder.forward(memory).indexSelect(1, Tensor.of(order))))
                .isGreaterThan(1e-3);
    }

    @Test
    void headsOfKeysMustDivideTheHeadsAndPositionsMustBeAsWide() {
        refused(() -> PLAIN.keyValueHeads(0))
                .withMessage("TransformerOptions: the number of heads of keys and values must be at least 1, got 0");
        refused(() -> new TransformerEncoderLayer(8, 4, PLAIN.keyValueHeads(3), init()))
                .withMessageContaining("3 heads of keys and values must divide the 4 heads of queries");
        refused(() -> new Transformer(8, 4, 1, 1, PLAIN.positions(ROTARY), init()))
                .withMessageContaining("the positions rotate heads of width 4, but a head is 2 wide");
    }
}
