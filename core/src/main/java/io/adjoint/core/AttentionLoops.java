package io.adjoint.core;

/**
 * Elementwise loops over the scores of attention, in one floating type. Each loop writes its results over the elements of its first
 * argument.
 *
 * @hidden
 */
@Internal
public interface AttentionLoops<A> {
    /** Computes {@code x = x·factor}, for n elements. */
    void multiply(A x, int from, int n, double factor);

    /** Computes {@code x = x − shifts[r]} for each row r; the rows of {@code columns} elements follow each other without gaps. */
    void subtract(A x, int from, int rows, int columns, double[] shifts);

    /** Computes {@code x = x / divisors[r]} for each row r; the rows of {@code columns} elements follow each other without gaps. */
    void divide(A x, int from, int rows, int columns, double[] divisors);

    /**
     * Computes the gradient of a softmax with respect to its input, in place: {@code g = (g − means[r])·w} for each row r, where w is the
     * softmax's output, g the upstream gradient before the call and the result after it, and {@code means[r]} the mean of the row of g
     * weighted by w.
     */
    void gradient(A g, A w, int from, int rows, int columns, double[] means);
}
