package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Pending;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the keys and values of the positions so far, in every {@link MultiHeadAttention} of a model, while a sequence is generated: each
 * call computes the next positions only, and adds their keys and values.
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
 * rounding. A cache is of one batch of sequences and of one model: each later call must run the attentions that the first call ran, each of
 * them once and with the same number of positions. A call is the call of the outermost block, also of your own block with its body in
 * {@link io.adjoint.nn.Block#within}; one that fails adds nothing. For one thread at a time.
 */
public final class KeyValueCache {
    /** The keys and values of each attention; attentions are compared by identity. */
    private final Map<MultiHeadAttention, Pair> pairs = new HashMap<>();
    /** The keys and values of the running call, which replace {@code pairs} when the call ends. */
    private final Map<MultiHeadAttention, Pair> found = new HashMap<>();

    private final Pending changes = new Pending() {
        @Override
        public void check() {
            requireAll();
        }

        @Override
        public void commit() {
            pairs.putAll(found);
            found.clear();
        }

        @Override
        public void discard() {
            found.clear();
        }
    };

    /** Keys and values {@code [N, heads, S, D]}. */
    private record Pair(Tensor key, Tensor value) {
        int batch() {
            return key.shape().dim(0);
        }

        int length() {
            return key.shape().dim(2);
        }
    }

    /** A cache of no positions. */
    public KeyValueCache() {}

    /** The number of positions so far, which is the position of the next element. */
    public int length() {
        return length(found.isEmpty() ? pairs : found);
    }

    /** The number of cached positions, which is equal for all attentions. */
    private static int length(Map<MultiHeadAttention, Pair> of) {
        return of.isEmpty() ? 0 : of.values().iterator().next().length();
    }

    /**
     * The number of cached positions of an attention before the next positions, of shape {@code next = [N, L, E]}, are added.
     *
     * @throws ShapeException if the batch size differs, or other attentions have added another number of positions in the same call
     * @throws IllegalArgumentException if the cache was made by other attentions
     */
    int past(MultiHeadAttention attention, Shape next) {
        if (found.containsKey(attention)) {
            // The model has already run within the current outer block, such as a block that generates a whole text by
            // many runs. So the positions of the earlier run are committed before the outer block ends.
            changes.check();
            changes.commit();
        }
        int past = length(pairs);
        if (!pairs.isEmpty() && !pairs.containsKey(attention)) {
            throw new IllegalArgumentException("KeyValueCache: has " + past + " positions of " + pairs.size()
                    + (pairs.size() == 1 ? " attention" : " attentions")
                    + ", of which this is none; a model needs a new"
                    + " KeyValueCache() of its own, and one of several attentions runs them in one block");
        }
        Map<MultiHeadAttention, Pair> known = found.isEmpty() ? pairs : found;
        int batch =
                known.isEmpty() ? next.dim(0) : known.values().iterator().next().batch();
        if (next.dim(0) != batch) {
            throw new ShapeException("KeyValueCache: has " + length() + " positions of " + batch
                    + (batch == 1 ? " sequence" : " sequences") + ", got the next of " + next.dim(0) + ", " + next
                    + "; another batch needs a new KeyValueCache()");
        }
        if (!found.isEmpty() && past + next.dim(1) != length()) {
            throw new ShapeException("KeyValueCache: an attention before this one added " + (length() - past)
                    + " positions, this one got " + next.dim(1) + ", " + next
                    + "; all attentions of a call add as many, else each needs a new KeyValueCache() of its own");
        }
        return past;
    }

    /**
     * Returns the cached keys and values followed by the keys and values of the next positions, which are kept in the cache if the call
     * succeeds.
     */
    Projected extended(MultiHeadAttention attention, Projected next) {
        Pair past = pairs.get(attention);
        Projected all = past == null
                ? next
                : new Projected(
                        next.query(),
                        Tensor.concat(2, past.key(), next.key()),
                        Tensor.concat(2, past.value(), next.value()));
        Pending.await(changes);
        found.put(attention, new Pair(Workspace.keep(all.key()), Workspace.keep(all.value())));
        return all;
    }

    private void requireAll() {
        if (!pairs.isEmpty() && found.size() < pairs.size()) {
            throw new IllegalArgumentException("KeyValueCache: " + found.size() + " of the " + pairs.size()
                    + " attentions that it is of ran in this call; run all of them in one block, or give each part of"
                    + " the model a new KeyValueCache() of its own");
        }
    }

    /** Queries, keys and values by head, {@code [N, heads, length, D]}. */
    record Projected(Tensor query, Tensor key, Tensor value) {}
}
