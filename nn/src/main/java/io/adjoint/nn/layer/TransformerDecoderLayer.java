package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a transformer's decoder (Vaswani et al., 2017): attention of a sequence to itself, attention to a memory, which is usually
 * the encoder's output, then a feed-forward network, each added to its input. With x the input and m the memory, by default
 *
 * <pre>{@code
 * h = norm1(x + dropout1(selfAttn(x)))
 * k = norm2(h + dropout2(multiheadAttn(h, m, m)))
 * y = norm3(k + dropout3(linear2(dropout(activation(linear1(k))))))
 * }</pre>
 *
 * <p>With {@link TransformerOptions#normFirst} each part normalises its input x, h or k, instead of the sum.
 *
 * <p>Shapes: input and output {@code [N, L, E]}, memory {@code [N, S, E]}. Parts, named as PyTorch's in camel case: {@code selfAttn} and
 * {@code multiheadAttn}, each a {@link MultiHeadAttention}, {@code linear1} E → F and {@code linear2} F → E, {@code norm1} to
 * {@code norm3}, {@code dropout} and {@code dropout1} to {@code dropout3}.
 */
public final class TransformerDecoderLayer extends Block {
    private final boolean normFirst;
    private final MultiHeadAttention selfAttention;
    private final MultiHeadAttention crossAttention;
    private final FeedForward feedForward;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final LayerNorm norm3;
    private final Dropout dropout1;
    private final Dropout dropout2;
    private final Dropout dropout3;

    /**
     * A layer with the given settings.
     *
     * @param embedding E, the width of sequence and memory
     * @param heads the heads of both attentions, which divide E
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if embedding or heads is less than 1, or the heads do not divide the embedding
     */
    public TransformerDecoderLayer(int embedding, int heads, TransformerOptions options, RandomGenerator init) {
        normFirst = options.normFirst;
        selfAttention = child("selfAttn", options.selfAttention(embedding, heads, init));
        crossAttention = child("multiheadAttn", options.crossAttention(embedding, heads, init));
        feedForward = new FeedForward(
                child("linear1", options.dense(embedding, options.hidden, init)),
                child("activation", options.activation),
                child("dropout", options.dropped(init)),
                child("linear2", options.dense(options.hidden, embedding, init)));
        norm1 = child("norm1", options.norm(embedding, init));
        norm2 = child("norm2", options.norm(embedding, init));
        norm3 = child("norm3", options.norm(embedding, init));
        dropout1 = child("dropout1", options.dropped(init));
        dropout2 = child("dropout2", options.dropped(init));
        dropout3 = child("dropout3", options.dropped(init));
    }

    /** The output of sequences that may see all of themselves and of the memory. */
    public Tensor forward(Tensor x, Tensor memory) {
        return forward(x, memory, new AttentionMask(), new AttentionMask());
    }

    /**
     * The output {@code [N, L, E]} of sequences {@code [N, L, E]} and a memory {@code [N, S, E]}.
     *
     * @param mask the positions of the sequence that each of its positions may see, usually {@code new AttentionMask().causal()}
     * @param memoryMask the positions of the memory that each position of the sequence may see; in both masks true is for a visible
     *     position, the opposite of PyTorch's {@code tgt_mask}, {@code memory_mask} and masks of padding
     * @throws io.adjoint.core.ShapeException if the shapes do not fit
     * @throws io.adjoint.core.DTypeException if an input is not of this block's dtype
     */
    public Tensor forward(Tensor x, Tensor memory, AttentionMask mask, AttentionMask memoryMask) {
        return within(() -> {
            requireMemory(memory);
            if (normFirst) {
                Tensor h = x.add(attended(norm1.forward(x), mask));
                Tensor k = h.add(crossed(norm2.forward(h), memory, memoryMask));
                return k.add(fed(norm3.forward(k)));
            }
            Tensor h = norm1.forward(x.add(attended(x, mask)));
            Tensor k = norm2.forward(h.add(crossed(h, memory, memoryMask)));
            return norm3.forward(k.add(fed(k)));
        });
    }

    private static void requireMemory(@Nullable Tensor memory) {
        if (memory == null) {
            throw new IllegalArgumentException("transformerDecoderLayer: the memory is null; it is the output of an"
                    + " encoder, [N, S, E]. What has no memory is a TransformerEncoderLayer with a causal mask");
        }
    }

    private Tensor attended(Tensor x, AttentionMask mask) {
        return dropout1.forward(selfAttention.forward(x, mask));
    }

    private Tensor crossed(Tensor x, Tensor memory, AttentionMask mask) {
        return dropout2.forward(crossAttention.forward(x, memory, memory, mask));
    }

    private Tensor fed(Tensor x) {
        return dropout3.forward(feedForward.run(x));
    }

    /** Returns whether each part normalises its input, instead of the sum of its input and output. */
    public boolean isNormFirst() {
        return normFirst;
    }
}
