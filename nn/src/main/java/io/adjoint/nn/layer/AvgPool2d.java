package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Padding;
import io.adjoint.core.Window;

/**
 * The mean of each window on the last two axes, {@link Tensor#avgPool2d(Window, Padding)}.
 *
 * <p>Shapes: input {@code [N, C, H, W]}, output {@code [N, C, H′, W′]}, both also with other leading axes.
 */
public final class AvgPool2d extends Pooling {
    private static final int AXES = 2;

    private final Padding padding;

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
     * @throws IllegalArgumentException if a setting of the window is for another number of axes
     */
    public AvgPool2d(Window window, Padding padding) {
        super("AvgPool2d", AXES, window);
        this.padding = padding;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.avgPool2d(window, padding);
    }

    @Override
    protected String describe() {
        return super.describe() + (padding == Padding.COUNTED ? "" : ", padding excluded");
    }
}
