package io.adjoint.nn.layer;

/** The shares along an axis, larger for smaller elements, {@code exp(−xᵢ) / Σ exp(−xⱼ)}. */
public final class Softmin extends Activation {
    private final int axis;

    /** The layer for an axis; a negative one counts from the end. */
    public Softmin(int axis) {
        super(axis, (x, along) -> x.neg().softmax(along));
        this.axis = axis;
    }

    /** The axis; a negative one counts from the end. */
    public int axis() {
        return axis;
    }
}
