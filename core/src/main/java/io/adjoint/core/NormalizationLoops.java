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

    /** {@code y = z·w + b} with {@code z = (x − centre)·scale}, of the rows w and b; z is a row to compute in. */
    void affine(A x, int i, double centre, double scale, A w, A b, A z, A y, int j, int n);

    /**
     * Sets the rows {@code z = (x − centre)·scale} and {@code gw = g·w}, and adds {@code g·z} to the row ofWeight, and g to ofBias.
     */
    void weigh(A g, int i, A x, int k, double centre, double scale, A w, A gw, A z, A ofWeight, A ofBias, int n);

    /**
     * {@code y = ((g·w − mean) + z·q)·scale} of the rows g and z: exactly 0 where {@code g·w} is its mean and z is 0; g may change.
     */
    void combine(A g, double w, double mean, A z, double q, double scale, A y, int j, int n);
}
