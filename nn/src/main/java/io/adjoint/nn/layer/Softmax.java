package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The shares along an axis, {@code exp xᵢ / Σ exp xⱼ}: {@link Tensor#softmax(int)}. */
public final class Softmax extends Activation {
    private final int axis;

    /** The layer for an axis; a negative one counts from the end. */
    public Softmax(int axis) {
        super(axis, Tensor::softmax);
        this.axis = axis;
    }

    /** The axis; a negative one counts from the end. */
    public int axis() {
        return axis;
    }
}
