package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Padding;
import io.adjoint.core.Window;

/**
 * The mean of each window on the last three axes, {@link Tensor#avgPool3d(Window, Padding)}.
 *
 * <p>Shapes: input {@code [N, C, D, H, W]}, output {@code [N, C, D′, H′, W′]}, both also with other leading axes.
 */
public final class AvgPool3d extends AveragePooling {
    /**
     * A layer of adjacent windows of one size along each axis.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public AvgPool3d(int kernel) {
        this(adjacent("AvgPool3d", kernel));
    }

    /** A layer of windows in which the padding counts; see {@link #AvgPool3d(Window, Padding)}. */
    public AvgPool3d(Window window) {
        this(window, Padding.COUNTED);
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if the window isn't of 1 or 3 axes
     */
    public AvgPool3d(Window window, Padding padding) {
        super("AvgPool3d", 3, window, padding);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.avgPool3d(window, padding);
    }
}
