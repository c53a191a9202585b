package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;

/**
 * The layer that divides each element by a power of the mean square of its neighbours in other channels,
 * {@link Functional#localResponseNorm(Tensor, int, double, double, double)}.
 *
 * <p>Shapes: input and output {@code [N, C, ...]}.
 */
public final class LocalResponseNorm extends Layer {
    private final int size;
    private final double alpha;
    private final double beta;
    private final double k;

    /**
     * A layer with α = 1e-4, β = 0.75 and k = 1.
     *
     * @param size the number of neighbouring channels
     * @throws IllegalArgumentException if the size is less than 1
     */
    public LocalResponseNorm(int size) {
        this(size, 1e-4, 0.75, 1);
    }

    /**
     * A layer.
     *
     * @param size the number n of neighbouring channels
     * @throws IllegalArgumentException if the size is less than 1, or another number not finite
     */
    public LocalResponseNorm(int size, double alpha, double beta, double k) {
        this.size = Settings.requireCount("LocalResponseNorm", "size", size);
        this.alpha = Settings.requireFinite("LocalResponseNorm", "alpha", alpha);
        this.beta = Settings.requireFinite("LocalResponseNorm", "beta", beta);
        this.k = Settings.requireFinite("LocalResponseNorm", "k", k);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.localResponseNorm(x, size, alpha, beta, k);
    }

    /** The number of neighbouring channels. */
    public int size() {
        return size;
    }

    /** The factor α of the mean square of the neighbouring channels. */
    public double alpha() {
        return alpha;
    }

    /** The exponent of the divisor. */
    public double beta() {
        return beta;
    }

    /** The summand in the divisor. */
    public double k() {
        return k;
    }

    @Override
    protected String describe() {
        return "size " + size + ", alpha " + alpha + ", beta " + beta + ", k " + k;
    }
}
