package io.adjoint.core;

/**
 * The loops of attention over a row of scores of one floating type, in place.
 *
 * @hidden
 */
@Internal
public interface AttentionLoops<A> {
    /** {@code x = x·factor}. */
    void multiply(A x, int from, int to, double factor);

    /** {@code x = x − shift}. */
    void subtract(A x, int from, int to, double shift);

    /** {@code x = x / divisor}. */
    void divide(A x, int from, int to, double divisor);

    /** {@code g = (g − mean)·w}: the gradient of a softmax w from its own and its mean by w. */
    void gradient(A g, A w, int from, int to, double mean);
}
