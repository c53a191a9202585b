package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.Arrays;

/** The layer that splits an axis into several, {@link Tensor#unflatten(int, int...)}: the opposite of {@link Flatten}. */
public final class Unflatten extends Layer {
    private final int axis;
    private final int[] sizes;

    /**
     * A layer that splits an axis; a negative axis counts from the end.
     *
     * @param sizes the sizes of the new axes; one may be −1, and is inferred
     * @throws IllegalArgumentException if there is none, or one is less than −1, or several are −1
     */
    public Unflatten(int axis, int... sizes) {
        if (sizes.length == 0
                || Arrays.stream(sizes).anyMatch(size -> size < -1)
                || Arrays.stream(sizes).filter(size -> size == -1).count() > 1) {
            throw new IllegalArgumentException(
                    "Unflatten: expected the sizes of the new axes, at most one of them -1, got "
                            + Arrays.toString(sizes));
        }
        this.axis = axis;
        this.sizes = sizes.clone();
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.unflatten(axis, sizes.clone());
    }

    /** The axis that is split; a negative one counts from the end. */
    public int axis() {
        return axis;
    }

    /** The sizes of the new axes; −1 for one that is inferred. */
    public int[] sizes() {
        return sizes.clone();
    }

    @Override
    protected String describe() {
        return "axis " + axis + " to " + Arrays.toString(sizes);
    }
}
