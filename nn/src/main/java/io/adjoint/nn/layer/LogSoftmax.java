package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/** The logarithms of the shares along an axis, {@code xᵢ − log Σ exp xⱼ}: {@link Tensor#logSoftmax(int)}. */
public final class LogSoftmax extends Activation {
    private final int axis;

    /** The layer for an axis; a negative one counts from the end. */
    public LogSoftmax(int axis) {
        super(axis, Tensor::logSoftmax);
        this.axis = axis;
    }

    /** The axis; a negative one counts from the end. */
    public int axis() {
        return axis;
    }
}
