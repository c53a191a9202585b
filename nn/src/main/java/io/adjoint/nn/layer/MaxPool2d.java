package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;

/**
 * The largest element of each window on the last two axes, {@link Tensor#maxPool2d(Window)}.
 *
 * <p>Shapes: input {@code [N, C, H, W]}, output {@code [N, C, H′, W′]}, both also with other leading axes.
 */
public final class MaxPool2d extends Pooling {
    private static final int AXES = 2;

    /**
     * A layer of adjacent windows of one size along each axis.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public MaxPool2d(int kernel) {
        this(adjacent("MaxPool2d", kernel));
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if a setting of the window is for another number of axes
     */
    public MaxPool2d(Window window) {
        super("MaxPool2d", AXES, window);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.maxPool2d(window);
    }
}
