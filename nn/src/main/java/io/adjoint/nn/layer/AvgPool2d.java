package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Padding;
import io.adjoint.core.Window;

/**
 * The mean of each window on the last two axes, {@link Tensor#avgPool2d(Window, Padding)}.
 *
 * <p>Shapes: input {@code [N, C, H, W]}, output {@code [N, C, H′, W′]}, both also with other leading axes.
 */
public final class AvgPool2d extends AveragePooling {
    /**
     * A layer of adjacent windows of one size along each axis.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public AvgPool2d(int kernel) {
        this(adjacent("AvgPool2d", kernel));
    }

    /** A layer of windows in which the padding counts; see {@link #AvgPool2d(Window, Padding)}. */
    public AvgPool2d(Window window) {
        this(window, Padding.COUNTED);
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if the window isn't of 1 or 2 axes
     */
    public AvgPool2d(Window window, Padding padding) {
        super("AvgPool2d", 2, window, padding);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.avgPool2d(window, padding);
    }
}
