package io.adjoint.core;

/**
 * The loop of dropout over dense elements of one floating type.
 *
 * @hidden
 */
@Internal
public interface DropoutLoops<A> {
    /**
     * {@code y[k] = x[from + k]·scale}, or ·0 where the 32 random bits of position k are below the threshold, for
     * {@code start ≤ k < end}; start is even.
     */
    void apply(A x, int from, int start, int end, long seed, long threshold, double scale, A y);
}
