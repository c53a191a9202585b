package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/**
 * The layer that joins the last axes to one, {@link Tensor#flatten(int)}.
 *
 * <p>Shapes: by default input {@code [N, sizes...]}, output {@code [N, product of the sizes]}.
 */
public final class Flatten extends Layer {
    private final int firstAxis;

    /** A layer that keeps the axis of the batch. */
    public Flatten() {
        this(1);
    }

    /** A layer that joins the given axis and all after it; a negative axis counts from the end. */
    public Flatten(int firstAxis) {
        this.firstAxis = firstAxis;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.flatten(firstAxis);
    }

    /** The first of the axes that are joined; a negative one counts from the end. */
    public int firstAxis() {
        return firstAxis;
    }

    @Override
    protected String describe() {
        return "from axis " + firstAxis;
    }
}
