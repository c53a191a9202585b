package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;

/** BOOL masks of sequences, true for positions that may be seen, for {@link AttentionMask} and {@link Tensor#where}. */
public final class Masks {
    private Masks() {}

    /**
     * The mask {@code [n, n]} of a sequence that must not see its future: true on and below the diagonal.
     *
     * @throws IllegalArgumentException if n is negative
     */
    public static Tensor causal(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("Masks.causal: expected a length from 0 on, got " + n);
        }
        return causal(n, n, 0);
    }

    /** A BOOL mask {@code [queries, keys]}, true where the key's index is at most the query's index plus {@code past}. */
    static Tensor causal(int queries, int keys, int past) {
        return Tensor.of(NdArray.generate(
                DType.BOOL, Shape.of("Masks.causal", queries, keys), k -> k % keys <= k / keys + past ? 1 : 0));
    }

    /**
     * The mask {@code [N, size]} of N sequences that were padded at their end: true for the first elements of each, as many as its
     * length.
     *
     * @param size the length with padding
     * @throws IllegalArgumentException if a length is negative or above the size
     */
    public static Tensor lengths(int size, int... lengths) {
        return lengths(size, Tensor.of(lengths));
    }

    /**
     * As {@link #lengths(int, int...)}, of lengths INT32 {@code [N]}; a file of ONNX computes the mask.
     *
     * @throws io.adjoint.core.DTypeException if they aren't INT32
     * @throws ShapeException if they are not of one axis
     */
    public static Tensor lengths(int size, Tensor lengths) {
        lengths.dtype().requireIndex("Masks.lengths");
        if (lengths.shape().rank() != 1) {
            throw new ShapeException("Masks.lengths: expected lengths [N], got " + lengths.shape());
        }
        int[] own = lengths.data().toIntArray();
        if (size < 0 || Arrays.stream(own).anyMatch(length -> length < 0 || length > size)) {
            throw new IllegalArgumentException(
                    "Masks.lengths: expected lengths from 0 to " + size + ", got " + Arrays.toString(own));
        }
        return Tensor.of(NdArray.arange(DType.INT32, size)).lt(lengths.unsqueeze(1));
    }
}
