package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The loop of dropout over dense elements of one floating type.
 *
 * @hidden
 */
@Internal
public interface DropoutLoops<A> {
    /**
     * Drops each of n elements with probability p: for {@code 0 ≤ e < n}, {@code y[to + e]} is {@code x[from + e]·0} if the element is
     * dropped, else {@code x[from + e]·scale}; x and y may be the same array. Whether an element is dropped depends on the seed, on p and
     * on its index {@code first + e} only: it is dropped if its 32 random bits are below {@code p·2³²}, rounded.
     */
    void apply(A x, int from, long first, int n, long seed, double p, double scale, A y, int to);
}
