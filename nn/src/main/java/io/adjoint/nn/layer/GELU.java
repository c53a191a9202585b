package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The Gaussian error linear unit of each element (Hendrycks and Gimpel, 2016), {@code x·Φ(x)} with the standard normal distribution's Φ:
 * {@link Tensor#gelu()}.
 */
public final class GELU extends Activation {
    private final boolean isTanh;

    /** The layer of the function itself. */
    public GELU() {
        super(Tensor::gelu);
        this.isTanh = false;
    }

    private GELU(String form) {
        super(form, Tensor::geluTanh);
        this.isTanh = true;
    }

    /** The layer of the function's approximation by a hyperbolic tangent: {@link Tensor#geluTanh()}. */
    public static GELU tanh() {
        return new GELU("tanh");
    }

    /** Returns whether this is the approximation. */
    public boolean isTanh() {
        return isTanh;
    }
}
