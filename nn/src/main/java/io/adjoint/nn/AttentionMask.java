package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that each query of an attention may see; by default all. Settings combine, also when one is set twice: a query sees the keys
 * that all settings allow.
 *
 * <pre>{@code new AttentionMask().causal().keys(Masks.lengths(longest, 5, 3, 4))}</pre>
 *
 * <p><b>In a mask of this library true means: may be seen.</b> PyTorch's {@code scaled_dot_product_attention} has the same meaning. The
 * BOOL masks of PyTorch's {@code MultiheadAttention} and of its transformers ({@code attn_mask}, {@code key_padding_mask}, {@code src_mask}
 * …) have the opposite one, true for hidden keys: invert them by {@code not()}.
 *
 * <p>The scores, products of queries and keys, have shape {@code [..., L, S]}, in a {@link io.adjoint.nn.layer.MultiHeadAttention} {@code
 * [N, heads, L, S]}. A query that sees no key gets 0, with gradient 0. Immutable: each setting returns a changed copy.
 */
@CheckReturnValue
public final class AttentionMask {
    private static final int ALL = Integer.MAX_VALUE;

    private final int past;
    private final @Nullable Tensor visible;
    private final @Nullable Tensor keys;
    private final @Nullable Tensor bias;

    /** A mask that hides nothing. */
    public AttentionMask() {
        this(ALL, null, null, null);
    }

    private AttentionMask(int past, @Nullable Tensor visible, @Nullable Tensor keys, @Nullable Tensor bias) {
        this.past = past;
        this.visible = visible;
        this.keys = keys;
        this.bias = bias;
    }

    /** Hides from each query the keys after its own index, as in a sequence that must not see its future. */
    public AttentionMask causal() {
        return causal(0);
    }

    /**
     * As {@link #causal()}, for queries that continue a sequence: the i-th query sees {@code past} keys more, {@code key ≤ query + past}.
     *
     * @param past the number of keys before the key of the first query
     * @throws IllegalArgumentException if it is negative
     */
    public AttentionMask causal(int past) {
        Settings.require(
                past >= 0, AttentionMask.class, "number of keys before the first query", "not be negative", past);
        return new AttentionMask(Math.min(this.past, past), visible, keys, bias);
    }

    /**
     * Hides pairs of a query and a key.
     *
     * @param pairs BOOL, true where the query may see the key, of a shape that broadcasts to the shape of the scores, such as {@code [L,
     *     S]}, or {@code [N, 1, L, S]} for several heads
     * @throws io.adjoint.core.DTypeException if it is not BOOL
     */
    public AttentionMask visible(Tensor pairs) {
        pairs.dtype().requireMask("AttentionMask.visible");
        return new AttentionMask(past, visible == null ? pairs : visible.and(pairs), keys, bias);
    }

    /**
     * Hides keys from all queries, such as keys of padding.
     *
     * @param real BOOL {@code [N, S]} for scores {@code [N, ..., L, S]}, or {@code [S]}: true for a key that may be seen, which is
     *     the opposite of PyTorch's {@code key_padding_mask}; {@link Masks#lengths} makes one
     * @throws io.adjoint.core.DTypeException if it is not BOOL
     * @throws ShapeException if it has another rank
     */
    public AttentionMask keys(Tensor real) {
        real.dtype().requireMask("AttentionMask.keys");
        if (real.shape().rank() < 1 || real.shape().rank() > 2) {
            throw new ShapeException("AttentionMask.keys: expected [N, S] or [S], got " + real.shape()
                    + "; what differs from query to query is set by visible(pairs)");
        }
        return new AttentionMask(past, visible, keys == null ? real : keys.and(real), bias);
    }

    /**
     * Adds a tensor to the scaled scores; minus infinity hides a key. The added tensor gets a gradient.
     *
     * @param scores floating, of a shape that broadcasts to the shape of the scores
     * @throws io.adjoint.core.DTypeException if it is not floating
     */
    public AttentionMask bias(Tensor scores) {
        scores.dtype().requireFloating("AttentionMask.bias");
        return new AttentionMask(past, visible, keys, bias == null ? scores : bias.add(scores));
    }

    /**
     * The number {@code past} such that query i attends to no key after key {@code i + past}; {@link Integer#MAX_VALUE} if there is no
     * limit.
     */
    int past() {
        return past;
    }

    @Nullable
    Tensor added() {
        return bias;
    }

    /** The BOOL masks, reshaped so that they broadcast to scores of the given shape. */
    List<Tensor> hiding(String name, ScoreShape scores) {
        List<Tensor> masks = new ArrayList<>();
        if (visible != null) {
            requireBroadcast(name, "mask", visible.shape(), scores);
            masks.add(visible.detach());
        }
        if (keys != null) {
            masks.add(keys.detach().reshape(ofKeys(name, keys.shape(), scores)));
        }
        if (bias != null) {
            requireBroadcast(name, "bias", bias.shape(), scores);
        }
        return masks;
    }

    private static Shape ofKeys(String name, Shape keys, ScoreShape scores) {
        int last = scores.rank() - 1;
        int[] dims = new int[Math.max(2, keys.rank() == 1 ? 1 : last + 1)];
        Arrays.fill(dims, 1);
        dims[dims.length - 1] = keys.dim(-1);
        dims[0] = keys.rank() == 1 ? 1 : keys.dim(0);
        boolean fits = keys.dim(-1) == scores.keys()
                && (keys.rank() == 1
                        || (last >= 2 && (keys.dim(0) == scores.leading().dim(0) || keys.dim(0) == 1)));
        if (!fits) {
            throw new ShapeException(name + ": the mask of keys is " + keys + ", but must be "
                    + (last < 2 ? "" : "[N, S] = [" + scores.leading().dim(0) + ", " + scores.keys() + "] or ")
                    + "[S] = ["
                    + scores.keys() + "] for scores " + scores);
        }
        return Shape.of(dims);
    }

    private static void requireBroadcast(String name, String what, Shape shape, ScoreShape scores) {
        if (!scores.accepts(shape)) {
            throw new ShapeException(
                    name + ": the " + what + " " + shape + " does not broadcast to the scores " + scores);
        }
    }

    /**
     * Returns this mask for scores whose axis of heads, of size H, is split into axes of the sizes {@code groups} and H / {@code groups}.
     */
    AttentionMask grouped(int groups, ScoreShape scores) {
        return new AttentionMask(past, split(visible, groups, scores), keys, split(bias, groups, scores));
    }

    private static @Nullable Tensor split(@Nullable Tensor mask, int groups, ScoreShape scores) {
        if (mask == null || mask.shape().rank() < 3 || !scores.accepts(mask.shape())) {
            return mask;
        }
        int axis = mask.shape().rank() - 3;
        int heads = mask.shape().dim(axis);
        return heads == 1 ? mask.unsqueeze(axis) : mask.reshape(Attention.split(mask.shape(), axis, groups));
    }

    /** The settings, for messages. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        if (past < ALL) {
            names.add(past == 0 ? "causal" : "causal after " + past);
        }
        name(names, "visible", visible);
        name(names, "keys", keys);
        name(names, "bias", bias);
        return "AttentionMask(" + String.join(", ", names) + ")";
    }

    private static void name(List<String> names, String name, @Nullable Tensor mask) {
        if (mask != null) {
            names.add(name + " " + mask.shape());
        }
    }
}
