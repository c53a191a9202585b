package io.adjoint.core;

/**
 * The loops of attention over scores of one floating type, in place.
 *
 * @hidden
 */
@Internal
public interface AttentionLoops<A> {
    /** {@code x = x·factor}, for n elements. */
    void multiply(A x, int from, int n, double factor);

    /** {@code x = x − shift} for the elements of rows, which follow one another, and a shift of each. */
    void subtract(A x, int from, int rows, int columns, double[] shifts);

    /** {@code x = x / divisor} for the elements of rows, and a divisor of each. */
    void divide(A x, int from, int rows, int columns, double[] divisors);

    /** {@code g = (g − mean)·w} for the elements of rows: the gradient of a softmax w from its own and, of each row, its mean by w. */
    void gradient(A g, A w, int from, int rows, int columns, double[] means);
}
