package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;

/**
 * The largest element of each window on the last three axes, {@link Tensor#maxPool3d(Window)}.
 *
 * <p>Shapes: input {@code [N, C, D, H, W]}, output {@code [N, C, D′, H′, W′]}, both also with other leading axes.
 */
public final class MaxPool3d extends Pooling {
    /**
     * A layer of adjacent windows of one size along each axis.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public MaxPool3d(int kernel) {
        this(adjacent("MaxPool3d", kernel));
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if the window isn't of 1 or 3 axes
     */
    public MaxPool3d(Window window) {
        super("MaxPool3d", 3, window);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.maxPool3d(window);
    }
}
