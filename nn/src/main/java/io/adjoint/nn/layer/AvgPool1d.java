package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Padding;
import io.adjoint.core.Window;

/**
 * The mean of each window on the last axis, {@link Tensor#avgPool1d(Window, Padding)}.
 *
 * <p>Shapes: input {@code [N, C, L]}, output {@code [N, C, L′]}, both also with other leading axes.
 */
public final class AvgPool1d extends AveragePooling {
    /**
     * A layer of adjacent windows.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public AvgPool1d(int kernel) {
        this(adjacent("AvgPool1d", kernel));
    }

    /** A layer of windows in which the padding counts; see {@link #AvgPool1d(Window, Padding)}. */
    public AvgPool1d(Window window) {
        this(window, Padding.COUNTED);
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if the window isn't of 1 axis
     */
    public AvgPool1d(Window window, Padding padding) {
        super("AvgPool1d", 1, window, padding);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.avgPool1d(window, padding);
    }
}
