package io.adjoint.core;

/** The loops of normalizations over dense elements of one floating type. Deviations are from a centre that is a double. */
interface NormalizationLoops<A> {
    @SuppressWarnings("unchecked") // as in DType: an array's dtype tells which Java array it has
    static NormalizationLoops<Object> of(DType dtype) {
        return (NormalizationLoops<Object>) (NormalizationLoops<?>)
                (dtype == DType.FLOAT64 ? new DoubleNormalizationLoops() : new FloatNormalizationLoops());
    }

    /** {@code y = (x − centre)·scale + shift}. */
    void scale(A x, int i, double centre, double scale, double shift, A y, int j, int n);

    /** {@code y = (x − centre)·scale·w[e] + b[e]}. */
    void scale(A x, int i, double centre, double scale, A w, int k, A b, int l, A y, int j, int n);

    /** Adds {@code Σ g} and {@code Σ g·(x − centre)} to the sums. */
    void sums(A g, int h, A x, int i, double centre, int n, double[] sums);

    /** Adds {@code Σ g·w[e]} and {@code Σ g·w[e]·(x − centre)} to the sums. */
    void sums(A g, int h, A w, int k, A x, int i, double centre, int n, double[] sums);

    /** {@code ofWeight[e] += g·(x − centre)·scale} and {@code ofBias[e] += g}. */
    void columns(A g, int h, A x, int i, double centre, double scale, A ofWeight, A ofBias, int n);

    /** {@code y = g·p + (x − centre)·q + r}. */
    void combine(A g, int h, double p, A x, int i, double centre, double q, double r, A y, int j, int n);

    /** {@code y = g·w[e]·p + (x − centre)·q + r}. */
    void combine(A g, int h, A w, int k, double p, A x, int i, double centre, double q, double r, A y, int j, int n);
}
