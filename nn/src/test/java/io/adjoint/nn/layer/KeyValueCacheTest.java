package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
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

        assertThat(distance(Tensor.concat(1, parts.toArray(Tensor[]::new)), whole))
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
        assertThat(distance(gradient, expected)).isLessThan(1e-12);
    }

    // ---- one model, one batch ----

    /** A block of two attentions in sequence, with a function between them. */
    private final class Two extends Block {
        final MultiHeadAttention first = child("first", new MultiHeadAttention(8, 2, new Init(rng)));
        final MultiHeadAttention second = child("second", new MultiHeadAttention(8, 2, new Init(rng)));

        Tensor forward(Tensor x, KeyValueCache cache, UnaryOperator<Tensor> between) {
            return within(() -> second.forward(between.apply(first.forward(x, cache)), cache));
        }

        /** Computes the positions one after the other within one call of the block. */
        Tensor writeAll(Tensor x, KeyValueCache cache) {
            return within(() -> {
                Tensor y = x;
                for (int k = 0; k < x.shape().dim(1); k++) {
                    assertThat(cache.length()).isEqualTo(k);
                    y = forward(x.slice(1, k, k + 1), cache, UnaryOperator.identity());
                }
                return y;
            });
        }
    }

    private final KeyValueCache cache = new KeyValueCache();

    @Test
    void anotherBatchIsRefused() {
        MultiHeadAttention attention = new MultiHeadAttention(8, 2, new Init(rng));

        assertThat(cache.length()).isZero();
        assertThat(attention.forward(x, cache).shape()).isEqualTo(x.shape());
        thrown(ShapeException.class, () -> attention.forward(Tensor.zeros(3, 1, 8), cache))
                .withMessage(
                        "MultiHeadAttention(8, 2 heads): KeyValueCache: has 7 positions of 2 sequences, got the next of"
                                + " 3, [3, 1, 8]; another batch needs a new KeyValueCache()");
        assertThat(cache.length()).isEqualTo(7);
    }

    @Test
    void anotherModelIsRefused() {
        TransformerEncoder one = new TransformerEncoder(2, 8, 2, PLAIN, new Init(rng));
        TransformerEncoder other = new TransformerEncoder(2, 8, 2, PLAIN, new Init(rng));

        assertThat(one.forward(x, cache).shape()).isEqualTo(x.shape());
        refused(() -> other.forward(x, cache))
                .withMessage("layers.0.selfAttn: MultiHeadAttention(8, 2 heads): KeyValueCache: has 7 positions of 2"
                        + " attentions, of which this is none; a model needs a new KeyValueCache() of its own, and one of"
                        + " several attentions runs them in one block");
        assertThat(one.forward(x.slice(1, 0, 1), cache).shape().dim(1)).isEqualTo(1);
        assertThat(cache.length()).isEqualTo(8);
    }

    @Test
    void aPartOfTheModelIsRefused() {
        Two two = new Two();

        assertThat(two.forward(x, cache, UnaryOperator.identity()).shape()).isEqualTo(x.shape());
        refused(() -> two.first.forward(x, cache))
                .withMessageContaining("1 of the 2 attentions that it is of ran in this call; run all");
        assertThat(cache.length()).isEqualTo(7);
    }

    @Test
    void allAttentionsOfACallAddAsManyPositions() {
        Two two = new Two();

        thrown(ShapeException.class, () -> two.forward(x, cache, y -> y.slice(1, 0, 3)))
                .withMessageContaining(
                        "an attention before this one added 7 positions, this one got 3, [2, 3, 8]; all");
        assertThat(cache.length()).isZero();
    }

    @Test
    void aCallThatFailsAddsNothing() {
        Two two = new Two();
        Tensor whole = two.forward(x, new KeyValueCache(), UnaryOperator.identity());
        Tensor begin = two.forward(x.slice(1, 0, 4), cache, UnaryOperator.identity());

        thrown(
                IllegalStateException.class,
                () -> two.forward(x, cache, y -> {
                    throw new IllegalStateException();
                }));
        assertThat(cache.length()).isEqualTo(4);
        Tensor end = two.forward(x.slice(1, 4, 7), cache, UnaryOperator.identity());
        assertThat(distance(Tensor.concat(1, begin, end), whole)).isLessThan(1e-12);
    }

    @Test
    void aBlockMayRunAModelSeveralTimes() {
        Two two = new Two();
        Tensor whole = two.forward(x, cache, UnaryOperator.identity());
        KeyValueCache other = new KeyValueCache();
        Tensor last = two.writeAll(x, other);

        assertThat(distance(last, whole.slice(1, 6, 7))).isLessThan(1e-12);
        assertThat(other.length()).isEqualTo(7);
    }
}
