package io.adjoint.core;

/**
 * The loops of normalizations over dense elements of one floating type. A row is an array whose elements from the first on are used:
 * the JIT vectorises loops over three arrays and more only if these share the index.
 *
 * @hidden
 */
@Internal
public interface NormalizationLoops<A> {
    /** {@code y = (x − centre)·scale + shift}. */
    void scale(A x, int i, double centre, double scale, double shift, A y, int j, int n);

    /** The row {@code z·w + b} in place of z. */
    void affine(A z, A w, A b, int n);

    /** The row {@code g·w} in place of g. */
    void weigh(A g, A w, int n);

    /** Adds the row {@code g·z} to ofWeight, and g to ofBias. */
    void columns(A g, A z, A ofWeight, A ofBias, int n);

    /** The row {@code ((g·w − mean) + z·q)·scale} in place of g: exactly 0 where {@code g·w} is its mean and z is 0. */
    void combine(A g, double w, double mean, A z, double q, double scale, int n);
}
