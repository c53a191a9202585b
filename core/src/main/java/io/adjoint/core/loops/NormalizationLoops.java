package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The loops of normalizations over dense elements of one floating type. A parameter called a row is an array that is used from its first
 * element on, without an offset: the JIT vectorises loops over three or more arrays only if these share one index.
 *
 * @hidden
 */
@Internal
public interface NormalizationLoops<A> {
    /**
     * Normalizes n elements: {@code y = (x − centre)·scale + shift}. The centre is the mean of x, or 0 in a normalization without centring;
     * the scale is the reciprocal of the deviation, perhaps times the weight, and the shift is the bias or 0.
     */
    void scale(A x, int i, double centre, double scale, double shift, A y, int j, int n);

    /**
     * Normalizes n elements that each have their own weight and bias: {@code y = (x − centre)·scale·w + b} with the row w of weights and
     * the row b of biases. The row z is for intermediate results.
     */
    void affine(A x, int i, double centre, double scale, A w, A b, A z, A y, int j, int n);

    /**
     * Computes the products that the gradients of {@link #affine} consist of. Sets the row z to the normalized input {@code (x −
     * centre)·scale}, and the row gw to {@code g·w}, the upstream gradient g times the row w of weights. Adds {@code g·z} to the row
     * ofWeight, the gradient of the weights, and g to the row ofBias, the gradient of the biases.
     */
    void weigh(A g, int i, A x, int k, double centre, double scale, A w, A gw, A z, A ofWeight, A ofBias, int n);

    /**
     * Computes the gradient of a normalization with respect to its input, {@code y = ((g·w − mean) + z·q)·scale}. The row g is the upstream
     * gradient, w the weight, and the row z the normalized input; {@code mean} is the mean of {@code g·w}, or 0 if the input is not
     * centred, and q is the negative mean of {@code g·w·z}. The mean is subtracted before the multiplication by the scale, so y is exactly
     * 0 where {@code g·w} equals the mean and z is 0. The row g may be overwritten.
     */
    void combine(A g, double w, double mean, A z, double q, double scale, A y, int j, int n);
}
