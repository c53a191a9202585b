package io.adjoint.nn.layer;

import io.adjoint.nn.Functional;

/**
 * The gated linear unit, the first half of an axis times the sigmoid of the second: {@link Functional#glu}. The axis, of even size,
 * becomes half as long.
 */
public final class GLU extends Activation {
    private final int axis;

    /** The layer for an axis; a negative one counts from the end. */
    public GLU(int axis) {
        super(axis, Functional::glu);
        this.axis = axis;
    }

    /** The axis; a negative one counts from the end. */
    public int axis() {
        return axis;
    }
}
