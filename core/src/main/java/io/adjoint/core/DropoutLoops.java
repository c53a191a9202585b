package io.adjoint.core;

/**
 * The loop of dropout over dense elements of one floating type.
 *
 * @hidden
 */
@Internal
public interface DropoutLoops<A> {
    /**
     * Computes {@code y[to + e] = x[from + e]·0} with probability p, else {@code x[from + e]·scale}, for {@code 0 ≤ e < n}; x and y may be
     * the same array. Whether an element is dropped depends on the seed, on p and on its index {@code first + e} only: it is dropped if its
     * 32 random bits are below {@code p·2³²}, rounded.
     */
    void apply(A x, int from, long first, int n, long seed, double p, double scale, A y, int to);
}
