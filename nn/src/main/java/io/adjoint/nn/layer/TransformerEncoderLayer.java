package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Layer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A layer of a transformer's encoder (Vaswani et al., 2017): attention of a sequence to itself, then a feed-forward network, each added
 * to its input. With x the input, by default
 *
 * <pre>{@code
 * h = norm1(x + dropout1(selfAttn(x)))
 * y = norm2(h + dropout2(linear2(dropout(activation(linear1(h))))))
 * }</pre>
 *
 * <p>and with {@link TransformerOptions#normFirst}
 *
 * <pre>{@code
 * h = x + dropout1(selfAttn(norm1(x)))
 * y = h + dropout2(linear2(dropout(activation(linear1(norm2(h))))))
 * }</pre>
 *
 * <p>Shapes: input and output {@code [N, L, E]}. Parts, named as PyTorch's in camel case: {@code selfAttn}, a
 * {@link MultiHeadAttention}, {@code linear1} E → F and {@code linear2} F → E, {@code norm1}, {@code norm2}, {@code dropout},
 * {@code dropout1} and {@code dropout2}.
 */
public final class TransformerEncoderLayer extends Layer {
    private final boolean normFirst;
    private final MultiHeadAttention attention;
    private final FeedForward feedForward;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final Dropout dropout1;
    private final Dropout dropout2;

    /**
     * A layer with the given settings.
     *
     * @param embedding E, the width of the sequence
     * @param heads the heads of the attention, which divide E
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if embedding or heads is less than 1, or the heads do not divide the embedding
     */
    public TransformerEncoderLayer(int embedding, int heads, TransformerOptions options, RandomGenerator init) {
        normFirst = options.normFirst;
        attention = child("selfAttn", options.selfAttention(embedding, heads, init));
        feedForward = new FeedForward(
                child("linear1", options.dense(embedding, options.hidden, init)),
                child("activation", options.activation),
                child("dropout", options.dropped(init)),
                child("linear2", options.dense(options.hidden, embedding, init)));
        norm1 = child("norm1", options.norm(embedding, init));
        norm2 = child("norm2", options.norm(embedding, init));
        dropout1 = child("dropout1", options.dropped(init));
        dropout2 = child("dropout2", options.dropped(init));
    }

    /** The output of a sequence that may see all of itself. */
    @Override
    protected Tensor compute(Tensor x) {
        return run(x, new AttentionMask());
    }

    /**
     * The output {@code [N, L, E]} of sequences {@code [N, L, E]}.
     *
     * @param mask the positions that each position may see: true for a visible position, the opposite of PyTorch's {@code src_mask} and
     *     {@code src_key_padding_mask}
     * @throws io.adjoint.core.ShapeException if the shapes do not fit
     * @throws io.adjoint.core.DTypeException if the input is not of this layer's dtype
     */
    public Tensor forward(Tensor x, AttentionMask mask) {
        return within(x, h -> run(h, mask));
    }

    /**
     * The output of the next positions {@code [N, L, E]} of a sequence that must not see its future.
     *
     * @param cache the keys and values of the positions before, to which theirs are added
     * @throws io.adjoint.core.ShapeException if the shapes do not fit, or the cache is of another number of sequences; then nothing was
     *     added
     * @throws IllegalArgumentException if the cache is of another model; then nothing was added
     * @throws io.adjoint.core.DTypeException if the input is not of this layer's dtype
     */
    public Tensor forward(Tensor x, KeyValueCache cache) {
        return within(x, input -> run(input, h -> attention.forward(h, cache)));
    }

    private Tensor run(Tensor x, AttentionMask mask) {
        return run(x, h -> attention.forward(h, mask));
    }

    private Tensor run(Tensor x, UnaryOperator<Tensor> attended) {
        if (normFirst) {
            Tensor h = x.add(dropout1.forward(attended.apply(norm1.forward(x))));
            return h.add(fed(norm2.forward(h)));
        }
        Tensor h = norm1.forward(x.add(dropout1.forward(attended.apply(x))));
        return norm2.forward(h.add(fed(h)));
    }

    private Tensor fed(Tensor x) {
        return dropout2.forward(feedForward.run(x));
    }

    /** Returns whether each part normalises its input, instead of the sum of its input and output. */
    public boolean isNormFirst() {
        return normFirst;
    }
}
