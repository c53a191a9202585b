package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import java.util.IdentityHashMap;

/**
 * The keys and values of a sequence so far in every {@link MultiHeadAttention} of a model, which grows by those of each call: a sequence
 * that is generated element by element is then not computed anew for each of them.
 *
 * <pre>{@code
 * KeyValueCache cache = new KeyValueCache();
 * Tensor y = noGrad(() -> model.forward(positions.forward(prompt), cache));
 * while (…) {
 *     int start = cache.length();
 *     y = noGrad(() -> model.forward(positions.forward(next, start), cache));
 * }
 * }</pre>
 *
 * <p>Each position sees those before it and itself, as with a causal mask of the whole sequence, and the results are the same up to
 * rounding. A cache is of one model, in which no attention runs twice, and of one batch of sequences; for one thread at a time. A call that
 * fails may have added to it.
 */
public final class KeyValueCache {
    private final IdentityHashMap<MultiHeadAttention, Pair> pairs = new IdentityHashMap<>();

    /** Keys and values {@code [N, heads, S, D]}. */
    private record Pair(Tensor key, Tensor value) {}

    /** A cache of no positions. */
    public KeyValueCache() {}

    /** The number of positions so far, which is the position of what comes next. */
    public int length() {
        return pairs.values().stream()
                .mapToInt(pair -> pair.key().shape().dim(2))
                .max()
                .orElse(0);
    }

    /** The number of positions that an attention has seen. */
    int length(MultiHeadAttention attention) {
        Pair pair = pairs.get(attention);
        return pair == null ? 0 : pair.key().shape().dim(2);
    }

    /** The keys and values with those of the next positions behind them, which are kept. */
    Projected extended(MultiHeadAttention attention, Projected next) {
        Pair past = pairs.get(attention);
        Projected all = past == null
                ? next
                : new Projected(
                        next.query(),
                        Tensor.concat(2, past.key(), next.key()),
                        Tensor.concat(2, past.value(), next.value()));
        pairs.put(attention, new Pair(all.key(), all.value()));
        return all;
    }

    /** Queries, keys and values by head, {@code [N, heads, length, D]}. */
    record Projected(Tensor query, Tensor key, Tensor value) {}
}
