package io.adjoint.io.onnx;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.AttentionMask;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the attentions of a block may see.
 *
 * @param isCausal true if no position of a sequence sees a later one of it
 * @param keys BOOL {@code [N, S]}, true for those that are seen; null for all
 * @param memoryKeys the same of the memory that a decoder attends to
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

    /** That of the attention to the memory. */
    OnnxMask ofMemory() {
        return new OnnxMask(false, memoryKeys, null);
    }

    /** That of a decoder whose sequence is not the one that has these keys. */
    OnnxMask ofDecoder() {
        return new OnnxMask(true, null, memoryKeys);
    }

    /** The same for a batch of the example. */
    AttentionMask run(int batch) {
        AttentionMask all = isCausal ? new AttentionMask().causal() : new AttentionMask();
        return keys == null ? all : all.keys(keys.run(batch));
    }

    /** BOOL that broadcasts to scores {@code [N, heads of keys, heads of queries each, L, S]}; null if all is seen. */
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
