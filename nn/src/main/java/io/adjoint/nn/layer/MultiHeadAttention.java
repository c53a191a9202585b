package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.AttentionOptions;
import io.adjoint.nn.Block;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Gain;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.KeyValueCache.Projected;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Attention by several heads (Vaswani et al., 2017): queries, keys and values are projected, each head attends with its part of them,
 * {@link Functional#scaledDotProductAttention}, and the heads' results side by side are projected again.
 *
 * <p>Shapes: query {@code [N, L, E]}, key {@code [N, S, keyDim]}, value {@code [N, S, valueDim]}, output {@code [N, L, E]}; the batch
 * comes first. Each of the H heads has width D = E/H.
 *
 * <p>Parameters, under PyTorch's names in camel case, in this order: {@code inProjWeight [3E, E]}, the rows of queries, keys and values one
 * below the other, drawn by {@link Init#xavierUniform}; {@code inProjBias [3E]} of zeros; {@code outProj}, a {@link Dense} E → E whose bias
 * is 0. With a {@code keyDim} or {@code valueDim} other than E the weights are {@code qProjWeight [E, E]}, {@code kProjWeight [E, keyDim]}
 * and {@code vProjWeight [E, valueDim]}. With G heads of keys and values ({@link HeadOptions#keyValueHeads}) keys and values have G·D rows
 * each instead of E: {@code inProjWeight [E + 2·G·D, E]}.
 *
 * <p>A query that sees no key gets 0 from every head; from PyTorch's block it gets NaN, unless that returns no weights.
 */
public final class MultiHeadAttention extends Block {
    private final int embedding;
    private final int heads;
    private final int keyHeads;
    private final int keyWidth;
    private final int valueWidth;
    private final HeadOptions options;
    private final @Nullable Tensor packed;
    private final Tensor[] weights;
    private final @Nullable Tensor bias;
    private final Dense outProj;

    /**
     * An output together with the weights that it is made by.
     *
     * @param output {@code [N, L, E]}
     * @param weights of each head, {@code [N, H, L, S]}, after dropout; PyTorch returns their mean over the heads,
     *     {@code weights.mean(1)}
     */
    public record Output(Tensor output, Tensor weights) {}

    /** Attention of keys and values of the same width, with biases, without dropout. */
    public MultiHeadAttention(int embedding, int heads, RandomGenerator init) {
        this(embedding, heads, new HeadOptions(), init);
    }

    /**
     * Attention by a number of heads.
     *
     * @param embedding E, the width of queries and outputs
     * @param heads H, which divides E
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if embedding or heads is less than 1, the heads do not divide the embedding, the heads of keys
     *     and values do not divide the heads, or positions are of another width than a head
     */
    public MultiHeadAttention(int embedding, int heads, HeadOptions options, RandomGenerator init) {
        if (embedding < 1 || embedding > Integer.MAX_VALUE / 3 || heads < 1 || embedding % heads != 0) {
            throw new IllegalArgumentException("MultiHeadAttention: expected an embedding from 1 to "
                    + Integer.MAX_VALUE / 3 + " and a number of heads that divides it, got " + embedding + " and "
                    + heads);
        }
        this.embedding = embedding;
        this.heads = heads;
        this.options = options;
        keyHeads = options.keyHeads == 0 ? heads : options.keyHeads;
        if (heads % keyHeads != 0) {
            throw new IllegalArgumentException("MultiHeadAttention: " + keyHeads
                    + " heads of keys and values must divide the " + heads + " heads of queries");
        }
        if (options.rotary != null && options.rotary.embedding() != embedding / heads) {
            throw new IllegalArgumentException("MultiHeadAttention: the positions rotate heads of width "
                    + options.rotary.embedding() + ", but a head is " + embedding / heads + " wide, the embedding "
                    + embedding + " by " + heads + " heads");
        }
        keyWidth = options.keyWidth == 0 ? embedding : options.keyWidth;
        valueWidth = options.valueWidth == 0 ? embedding : options.valueWidth;
        int ofKeys = embedding / heads * keyHeads;
        if (keyWidth == embedding && valueWidth == embedding) {
            Shape shape = Shape.of("MultiHeadAttention", embedding + 2 * ofKeys, embedding);
            packed = parameter("inProjWeight", Init.of(init).xavierUniform(shape, Gain.LINEAR));
            weights = new Tensor[0];
        } else {
            packed = null;
            weights = new Tensor[] {
                weight("qProjWeight", embedding, embedding, init),
                weight("kProjWeight", ofKeys, keyWidth, init),
                weight("vProjWeight", ofKeys, valueWidth, init)
            };
        }
        bias = options.hasBias ? parameter("inProjBias", Init.of(init).zeros(Shape.of(embedding + 2 * ofKeys))) : null;
        outProj = child(
                "outProj",
                options.hasBias
                        ? new Dense(embedding, embedding, init)
                        : Dense.withoutBias(embedding, embedding, init));
        Tensor ofOutput = outProj.bias();
        if (ofOutput != null) {
            ofOutput.assign(NdArray.zerosLike(ofOutput.data()));
        }
    }

    private Tensor weight(String name, int rows, int columns, RandomGenerator init) {
        return parameter(name, Init.of(init).xavierUniform(Shape.of("MultiHeadAttention", rows, columns), Gain.LINEAR));
    }

    // ---- forward ----

    /** The output of a sequence {@code [N, L, E]} that attends to itself. */
    public Tensor forward(Tensor x, AttentionMask mask) {
        return forward(x, x, x, mask);
    }

    /** The output of queries that may see everything; see {@link #forward(Tensor, Tensor, Tensor, AttentionMask)}. */
    public Tensor forward(Tensor query, Tensor key, Tensor value) {
        return forward(query, key, value, new AttentionMask());
    }

    /**
     * The output {@code [N, L, E]} for queries {@code [N, L, E]}, keys {@code [N, S, keyDim]} and values {@code [N, S, valueDim]}. The
     * same tensor in several positions is projected at once.
     *
     * @param mask the keys that each query may see, true for a visible key: the opposite of PyTorch's {@code attn_mask} and {@code
     *     key_padding_mask}. The scores are {@code [N, H, L, S]}
     * @throws ShapeException if the shapes do not fit, including the shapes of the mask
     * @throws io.adjoint.core.DTypeException if an input is not of this block's dtype
     */
    public Tensor forward(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
        return within(() -> {
            Projected projected = positioned(project(query, key, value), 0);
            return joined(attend(projected, projected.value(), mask));
        });
    }

    /**
     * The output of the next positions {@code [N, L, E]} of a sequence that attends to itself and must not see its future.
     *
     * @param cache the keys and values of the positions before, to which theirs are added
     * @throws ShapeException if the shapes do not fit, or the cache is of another number of sequences; then nothing was added
     * @throws IllegalArgumentException if the cache is of another model; then nothing was added
     * @throws io.adjoint.core.DTypeException if the input is not of this block's dtype
     */
    public Tensor forward(Tensor x, KeyValueCache cache) {
        return within(() -> {
            Projected own = project(x, x, x);
            int past = cache.past(this, x.shape());
            Projected projected = cache.extended(this, positioned(own, past));
            return joined(attend(projected, projected.value(), new AttentionMask().causal(past)));
        });
    }

    /** As {@link #forward(Tensor, Tensor, Tensor, AttentionMask)}, with the weights of each head; it takes more time and memory. */
    public Output forwardWithWeights(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
        return within(() -> {
            Projected projected = positioned(project(query, key, value), 0);
            Shape ofKey = projected.key().shape();
            int n = ofKey.dim(0);
            int keys = ofKey.dim(2);
            // With the identity matrix as values the attention's output is its weights.
            Tensor identity = Tensor.eye(query.dtype(), keys, keys).broadcastTo(Shape.of(n, keyHeads, keys, keys));
            Tensor all = attend(projected, identity, mask);
            int queries = all.shape().dim(2);
            Tensor attended = all.reshape(n, keyHeads, heads / keyHeads, queries, keys)
                    .matmul(projected.value().unsqueeze(2))
                    .reshape(n, heads, queries, embedding / heads);
            return new Output(joined(attended), all);
        });
    }

    private Projected project(Tensor query, Tensor key, Tensor value) {
        requireInputs(query.shape(), key.shape(), value.shape());
        int ofKeys = embedding / heads * keyHeads;
        int endOfQueries = embedding;
        int endOfKeys = endOfQueries + ofKeys;
        int endOfValues = endOfKeys + ofKeys;
        if (packed != null && query == key && key == value) {
            Tensor all = Functional.linear(query, packed, bias);
            return new Projected(
                    split(all.slice(2, 0, endOfQueries)),
                    split(all.slice(2, endOfQueries, endOfKeys)),
                    split(all.slice(2, endOfKeys, endOfValues)));
        }
        Tensor queries = split(linear(query, 0, 0, endOfQueries));
        if (packed != null && key == value) {
            Tensor both = linear(key, 1, endOfQueries, endOfValues);
            return new Projected(queries, split(both.slice(2, 0, ofKeys)), split(both.slice(2, ofKeys, 2 * ofKeys)));
        }
        return new Projected(
                queries,
                split(linear(key, 1, endOfQueries, endOfKeys)),
                split(linear(value, 2, endOfKeys, endOfValues)));
    }

    private Projected positioned(Projected projected, int start) {
        RotaryPositions rotary = options.rotary;
        return rotary == null
                ? projected
                : new Projected(
                        rotary.forward(projected.query(), start),
                        rotary.forward(projected.key(), start),
                        projected.value());
    }

    /**
     * Applies a linear map, whose weight is the rows {@code [from, to)} of the packed weight, or the separate weight with the index
     * {@code which}.
     */
    private Tensor linear(Tensor x, int which, int from, int to) {
        Tensor weight = packed == null ? weights[which] : packed.slice(0, from, to);
        return Functional.linear(x, weight, bias == null ? null : bias.slice(0, from, to));
    }

    /**
     * Splits rows {@code [N, L, H·D]} into heads {@code [N, H, L, D]}, as a view. If the gradient of the heads has the layout of this view,
     * as without rotary positions, the gradient of the rows is contiguous.
     */
    private Tensor split(Tensor x) {
        Shape shape = x.shape();
        int width = embedding / heads;
        return x.reshape(shape.dim(0), shape.dim(1), shape.dim(2) / width, width)
                .permute(0, 2, 1, 3);
    }

    private Tensor attend(Projected projected, Tensor value, AttentionMask mask) {
        AttentionOptions shared = keyHeads == heads ? new AttentionOptions() : new AttentionOptions().grouped();
        return Functional.scaledDotProductAttention(
                projected.query(),
                projected.key(),
                value,
                mask,
                isTraining() && options.generator != null
                        ? shared.dropout(options.dropout, options.generator)
                        : shared);
    }

    /** Concatenates the heads' results {@code [N, H, L, D]} and projects them. */
    private Tensor joined(Tensor attended) {
        Shape shape = attended.shape();
        return outProj.forward(attended.permute(0, 2, 1, 3).reshape(shape.dim(0), shape.dim(2), embedding));
    }

    private void requireInputs(Shape query, Shape key, Shape value) {
        boolean fit = query.rank() == 3
                && key.rank() == 3
                && value.rank() == 3
                && query.dim(2) == embedding
                && key.dim(2) == keyWidth
                && value.dim(2) == valueWidth
                && query.dim(0) == key.dim(0)
                && key.dim(0) == value.dim(0)
                && key.dim(1) == value.dim(1);
        if (!fit) {
            throw new ShapeException("multiHeadAttention: expected query [N, L, " + embedding + "], key [N, S, "
                    + keyWidth + "] and value [N, S, " + valueWidth + "], got " + query + ", " + key + " and " + value
                    + "; a single sequence gets a batch axis by unsqueeze(0)");
        }
    }

    /** The number of heads of queries. */
    public int heads() {
        return heads;
    }

    /** The number of heads of keys and values. */
    public int keyHeads() {
        return keyHeads;
    }

    /** The rotations of queries and keys; null if there are none. */
    public @Nullable RotaryPositions positions() {
        return options.rotary;
    }

    @Override
    protected String describe() {
        return embedding + ", " + heads + " heads" + (keyHeads == heads ? "" : ", " + keyHeads + " of keys")
                + (keyWidth == embedding ? "" : ", keys of " + keyWidth)
                + (valueWidth == embedding ? "" : ", values of " + valueWidth) + (bias == null ? ", no bias" : "")
                + (options.dropout == 0 ? "" : ", dropout " + options.dropout)
                + (options.rotary == null ? "" : ", rotary positions")
                + Descriptions.of((packed == null ? weights[0] : packed).dtype());
    }
}
