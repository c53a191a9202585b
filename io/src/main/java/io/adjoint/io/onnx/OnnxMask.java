package io.adjoint.io.onnx;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.AttentionMask;
import org.jspecify.annotations.Nullable;

/**
 * The mask of the attentions within a block, which says to which keys the queries may attend.
 *
 * @param isCausal true if a position doesn't attend to later positions of its own sequence
 * @param keys BOOL {@code [N, S]} for N sequences of S keys, true for visible keys; null if all are visible
 * @param memoryKeys BOOL {@code [N, S]}, true for visible keys of the memory to which a decoder attends; null if all are visible
 */
record OnnxMask(
        boolean isCausal,
        @Nullable OnnxValue keys,
        @Nullable OnnxValue memoryKeys) {
    static final OnnxMask NONE = new OnnxMask(false, null, null);

    OnnxMask causal() {
        return new OnnxMask(true, keys, memoryKeys);
    }

    OnnxMask keys(OnnxValue real) {
        return new OnnxMask(isCausal, real, memoryKeys);
    }

    OnnxMask memoryKeys(OnnxValue real) {
        return new OnnxMask(isCausal, keys, real);
    }

    /** The mask of a decoder's attention to the memory. */
    OnnxMask ofMemory() {
        return new OnnxMask(false, memoryKeys, null);
    }

    /**
     * The mask of the decoder in an encoder-decoder transformer. The decoder's own sequence has no key mask, since {@code keys} masks the
     * encoder's sequence.
     */
    OnnxMask ofDecoder() {
        return new OnnxMask(true, null, memoryKeys);
    }

    /** Converts this mask to the {@link AttentionMask} with which the block is run on a batch of the example. */
    AttentionMask run(int batch) {
        AttentionMask all = isCausal ? new AttentionMask().causal() : new AttentionMask();
        return keys == null ? all : all.keys(keys.run(batch));
    }

    /**
     * A BOOL value, true where a query sees a key; null if all keys are visible. It broadcasts to the attention scores {@code [N, key
     * heads, query heads per key head, L, S]} of N sequences with L queries and S keys.
     */
    @Nullable
    OnnxValue visible(OnnxGraph g, int queries, int sources) {
        OnnxValue past = isCausal ? past(g, queries, sources) : null;
        if (keys == null) {
            return past;
        }
        if (keys.dim(1) != sources) {
            throw g.refusal("attends to " + sources + " keys, but their mask is " + keys);
        }
        int[] dims = {keys.dim(0), 1, 1, 1, sources};
        OnnxValue real = g.op("Unsqueeze").to(dims, keys, g.integers(1, 2, 3));
        dims[3] = queries;
        return past == null ? real : g.op("And").to(dims, real, past);
    }

    private static OnnxValue past(OnnxGraph g, int queries, int sources) {
        return g.constant(
                "past",
                NdArray.generate(
                        DType.BOOL, Shape.of(queries, sources), k -> k % sources <= Math.floorDiv(k, sources) ? 1 : 0));
    }
}
