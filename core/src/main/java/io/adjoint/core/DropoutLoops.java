package io.adjoint.core;

/**
 * The loop of dropout over dense elements of one floating type.
 *
 * @hidden
 */
@Internal
public interface DropoutLoops<A> {
    /**
     * {@code y[to + e] = x[from + e]·scale}, or {@code x[from + e]·0} where the 32 random bits of the element with index {@code first + e}
     * are below the threshold, for {@code 0 ≤ e < n}; x and y may be the same array.
     */
    void apply(A x, int from, long first, int n, long seed, long threshold, double scale, A y, int to);
}
