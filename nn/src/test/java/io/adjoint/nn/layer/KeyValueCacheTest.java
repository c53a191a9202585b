package io.adjoint.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Init;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyValueCacheTest {
    private static final TransformerOptions PLAIN =
            new TransformerOptions().feedForward(6).dropout(0);

    private final Generator rng = new Generator(5);
    private final Tensor x = Tensor.randn(rng, 2, 7, 8);

    static Stream<TransformerOptions> options() {
        TransformerOptions rotary = PLAIN.positions(new RotaryPositions(9, 4));
        return Stream.of(PLAIN, rotary, rotary.keyValueHeads(1).normFirst(true).finalNorm(true));
    }

    @ParameterizedTest
    @MethodSource("options")
    void partsOfASequenceGiveWhatTheWholeGives(TransformerOptions options) {
        TransformerEncoder encoder = new TransformerEncoder(2, 8, 2, options, new Init(rng));
        Tensor whole = encoder.forward(x, new AttentionMask().causal());
        KeyValueCache cache = new KeyValueCache();
        List<Tensor> parts = Stream.of(x.slice(1, 0, 3), x.slice(1, 3, 4), x.slice(1, 4, 6), x.slice(1, 6, 7))
                .map(part -> encoder.forward(part, cache))
                .toList();

        assertThat(Tensor.concat(1, parts.toArray(Tensor[]::new))
                        .sub(whole)
                        .abs()
                        .max()
                        .item())
                .isLessThan(1e-12);
        assertThat(cache.length()).isEqualTo(7);
    }

    @Test
    void gradientsReachTheKeysOfEarlierParts() {
        MultiHeadAttention attention = new MultiHeadAttention(8, 2, new Init(rng));
        Tensor leaf = x.detach().requiresGrad(true);
        KeyValueCache cache = new KeyValueCache();
        Tensor first = attention.forward(leaf.slice(1, 0, 6), cache);
        Tensor last = attention.forward(leaf.slice(1, 6, 7), cache);
        last.sum().backward();
        Tensor gradient = Objects.requireNonNull(leaf.grad());
        Tensor other = x.detach().requiresGrad(true);
        attention
                .forward(other, new AttentionMask().causal())
                .slice(1, 6, 7)
                .sum()
                .backward();
        Tensor expected = Objects.requireNonNull(other.grad());

        assertThat(first.shape().dim(1)).isEqualTo(6);
        assertThat(gradient.sub(expected).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void anotherBatchIsRefused() {
        MultiHeadAttention attention = new MultiHeadAttention(8, 2, new Init(rng));
        KeyValueCache cache = new KeyValueCache();

        assertThat(cache.length()).isZero();
        assertThat(attention.forward(x, cache).shape()).isEqualTo(x.shape());
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> attention.forward(Tensor.zeros(3, 1, 8), cache))
                .withMessageContaining("[3, 2, 1, 4]");
        assertThat(cache.length()).isEqualTo(7);
    }
}
