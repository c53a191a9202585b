package io.adjoint.core;

/**
 * The loops of normalizations over dense elements of one floating type. A parameter called a row is an array that is used from its first
 * element on, without an offset: the JIT vectorises loops over three or more arrays only if these share one index.
 *
 * @hidden
 */
@Internal
public interface NormalizationLoops<A> {
    /** Computes {@code y = (x − centre)·scale + shift}. */
    void scale(A x, int i, double centre, double scale, double shift, A y, int j, int n);

    /** Computes {@code y = z·w + b} with {@code z = (x − centre)·scale}; w, b and z are rows, and z is workspace. */
    void affine(A x, int i, double centre, double scale, A w, A b, A z, A y, int j, int n);

    /** Sets the rows {@code z = (x − centre)·scale} and {@code gw = g·w}; adds {@code g·z} to the row ofWeight and g to the row ofBias. */
    void weigh(A g, int i, A x, int k, double centre, double scale, A w, A gw, A z, A ofWeight, A ofBias, int n);

    /**
     * Computes {@code y = ((g·w − mean) + z·q)·scale} for the rows g and z. This is the gradient of a normalization with respect to its
     * input, where {@code g·w} is the upstream gradient times the weight, z the normalised input, {@code mean} the mean of {@code g·w} (0
     * if the input is not centred), and q minus the mean of {@code g·w·z}. The mean is subtracted before the multiplication by the scale,
     * so y is exactly 0 where {@code g·w} equals the mean and z is 0. May overwrite g.
     */
    void combine(A g, double w, double mean, A z, double q, double scale, A y, int j, int n);
}
