package io.adjoint.nn;

import static io.adjoint.autograd.Autograd.isWanted;

import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.AttentionKernels.Attended;
import io.adjoint.nn.AttentionKernels.Gradients;
import io.adjoint.nn.AttentionKernels.Weighting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The computation of {@link Functional#scaledDotProductAttention}, recorded as one operation.
 *
 * @param past the limit of a causal mask: query i attends to the first i + 1 + past keys only, see {@link AttentionMask#past}
 * @param hiding the BOOL masks, false at hidden keys
 * @param bias the tensor that is added to the scores; null for none
 * @param scores the shape of the scores
 * @param dropout the probability that a weight is dropped; 0 for no dropout
 * @param seed the seed from which the dropped weights are drawn, so that no mask has to be kept for the backward pass
 */
record Attention(
        double scale,
        int past,
        List<Tensor> hiding,
        @Nullable Tensor bias,
        ScoreShape scores,
        double dropout,
        long seed) {
    private static final String NAME = "scaledDotProductAttention";

    static Tensor attend(Tensor query, Tensor key, Tensor value, AttentionMask mask, AttentionOptions options) {
        Shape q = query.shape();
        Shape k = key.shape();
        Shape v = value.shape();
        if (q.rank() < 2 || k.rank() < 2 || v.rank() < 2 || q.dim(-1) != k.dim(-1) || k.dim(-2) != v.dim(-2)) {
            throw new ShapeException(NAME + ": expected query [..., L, E], key [..., S, E] and value [..., S, V], got "
                    + q + ", " + k + " and " + v);
        }
        DTypeException.requireSameFloating(NAME, query.dtype(), key.dtype());
        DTypeException.requireSameFloating(NAME, query.dtype(), value.dtype());
        query.dtype().requireFloating(NAME);
        if (options.grouped) {
            return grouped(query, key, value, mask, options);
        }
        ScoreShape scores = scores(q, k);
        Tensor bias = mask.added();
        if (bias != null) {
            DTypeException.requireSameFloating(NAME, query.dtype(), bias.dtype());
        }
        return new Attention(
                        scale(q, options),
                        mask.past(),
                        mask.hiding(NAME, scores),
                        bias,
                        scores,
                        options.generator == null ? 0 : options.dropout,
                        options.generator == null || options.dropout == 0 ? 0 : options.generator.nextLong())
                .run(query, key, value);
    }

    private static ScoreShape scores(Shape q, Shape k) {
        Shape batch = Shape.broadcast(NAME, AttentionOperand.leading(q, 2), AttentionOperand.leading(k, 2));
        return new ScoreShape(batch, q.dim(-2), k.dim(-2));
    }

    // ---- groups ----

    private static Tensor grouped(
            Tensor query, Tensor key, Tensor value, AttentionMask mask, AttentionOptions options) {
        Shape q = query.shape();
        Shape k = key.shape();
        Shape v = value.shape();
        boolean ranked = q.rank() >= 3 && k.rank() >= 3 && v.rank() >= 3;
        if (!ranked || k.dim(-3) != v.dim(-3) || k.dim(-3) == 0 || q.dim(-3) % k.dim(-3) != 0) {
            throw new ShapeException(NAME + ": grouped attention expects query [..., H, L, E], key [..., G, S, E] and"
                    + " value [..., G, S, V], where G divides H, got " + q + ", " + k + " and " + v);
        }
        int groups = k.dim(-3);
        ScoreShape scores = scores(q, Shape.of(k.dim(-2), k.dim(-1)));
        AttentionOptions plain = new AttentionOptions().scale(scale(q, options));
        Tensor attended = attend(
                query.reshape(split(q, q.rank() - 3, groups)),
                key.unsqueeze(-3),
                value.unsqueeze(-3),
                mask.grouped(groups, scores),
                options.generator == null ? plain : plain.dropout(options.dropout, options.generator));
        int[] dims = attended.shape().toArray();
        int axis = dims.length - 4;
        int[] joined = Arrays.copyOf(dims, dims.length - 1);
        joined[axis] = dims[axis] * dims[axis + 1];
        System.arraycopy(dims, axis + 2, joined, axis + 1, 2);
        return attended.reshape(Shape.of(joined));
    }

    /** The given shape, with {@code axis} split into two axes of the sizes {@code groups} and size / {@code groups}. */
    static Shape split(Shape shape, int axis, int groups) {
        int[] dims = shape.toArray();
        int[] more = new int[dims.length + 1];
        System.arraycopy(dims, 0, more, 0, axis);
        more[axis] = groups;
        more[axis + 1] = dims[axis] / groups;
        System.arraycopy(dims, axis + 1, more, axis + 2, dims.length - axis - 1);
        return Shape.of(more);
    }

    private static double scale(Shape query, AttentionOptions options) {
        return Double.isNaN(options.scale) ? 1 / Math.sqrt(Math.max(1, query.dim(-1))) : options.scale;
    }

    // ---- the operation ----

    private Tensor run(Tensor query, Tensor key, Tensor value) {
        Attended attended = kernels(query, key, value).attend();
        List<Tensor> inputs = new ArrayList<>(List.of(query, key, value));
        if (bias != null) {
            inputs.add(bias);
        }
        NdArray largest = attended.largest();
        NdArray sums = attended.sums();
        return LibraryOps.fusedOp(
                "attention",
                attended.output(),
                inputs,
                (g, y) -> gradients(g, new Attended(y.data(), largest, sums), query, key, value),
                this::composed);
    }

    private AttentionKernels kernels(Tensor query, Tensor key, Tensor value) {
        List<NdArray> masks = new ArrayList<>();
        for (Tensor mask : hiding) {
            masks.add(mask.data());
        }
        if (bias != null) {
            masks.add(bias.data());
        }
        return new AttentionKernels(
                query.data(), key.data(), value.data(), new Weighting(scale, past, masks, dropout, seed));
    }

    /** The gradients of the inputs; null for inputs that need no gradient. */
    private List<@Nullable Tensor> gradients(Tensor g, Attended attended, Tensor query, Tensor key, Tensor value) {
        Gradients found = kernels(query, key, value)
                .gradients(
                        g.data(),
                        attended,
                        isWanted(query),
                        isWanted(key),
                        isWanted(value),
                        bias != null && isWanted(bias));
        List<@Nullable Tensor> gradients = new ArrayList<>();
        gradients.add(tensor(found.query()));
        gradients.add(tensor(found.key()));
        gradients.add(tensor(found.value()));
        if (bias != null) {
            gradients.add(tensor(found.scores()));
        }
        return gradients;
    }

    private static @Nullable Tensor tensor(@Nullable NdArray array) {
        return array == null ? null : Tensor.of(array);
    }

    /** Computes attention by tensor operations, from which gradients of gradients come. */
    private Tensor composed(List<Tensor> inputs) {
        Tensor scores = inputs.get(0).matmul(inputs.get(1).transpose()).mul(scale);
        if (bias != null) {
            scores = scores.add(inputs.get(3));
        }
        return dropped(weights(scores)).matmul(inputs.get(2));
    }

    private Tensor weights(Tensor scores) {
        Tensor masked = scores;
        for (Tensor mask : hiding) {
            masked = Tensor.where(mask, masked, Double.NEGATIVE_INFINITY);
        }
        int keys = masked.shape().dim(-1);
        if (past < keys - 1) {
            Tensor seen = Masks.causal(masked.shape().dim(-2), keys, past);
            masked = Tensor.where(seen, masked, Double.NEGATIVE_INFINITY);
        }
        if (masked.shape().size() == 0) {
            return masked;
        }
        // Rows in which all keys are hidden are excluded from the softmax, which would be NaN.
        Tensor sees = masked.detach().amax(Dims.KEEP, -1).ne(Double.NEGATIVE_INFINITY);
        return Tensor.where(sees, Tensor.where(sees, masked, 0).softmax(-1), 0);
    }

    /**
     * Applies dropout to the attention's weights. If the weights have more leading axes than the scores, one mask of the scores' shape is
     * broadcast along these axes.
     */
    private Tensor dropped(Tensor weights) {
        if (dropout == 0) {
            return weights;
        }
        Shape all = scores.ofArray(NAME);
        return weights.shape().equals(all)
                ? Functional.dropped(weights, dropout, seed)
                : weights.mul(Functional.dropped(Tensor.full(weights.dtype(), all, 1), dropout, seed));
    }
}
