package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Masks;

/**
 * Sequences of different lengths in one tensor.
 *
 * @param values the sequences, padded at their ends to the longest, {@code [N, T, …]}
 * @param lengths their lengths, INT32 {@code [N]}
 */
public record Padded(Tensor values, Tensor lengths) {
    /** BOOL {@code [N, T]}, true where there is an element of a sequence and false where there is padding. */
    public Tensor mask() {
        return Masks.lengths(values.shape().dim(1), lengths);
    }
}
