package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;

/**
 * The largest element of each window on the last axis, {@link Tensor#maxPool1d(Window)}.
 *
 * <p>Shapes: input {@code [N, C, L]}, output {@code [N, C, L′]}, both also with other leading axes.
 */
public final class MaxPool1d extends Pooling {
    /**
     * A layer of adjacent windows.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public MaxPool1d(int kernel) {
        this(adjacent("MaxPool1d", kernel));
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @throws IllegalArgumentException if the window isn't of 1 axis
     */
    public MaxPool1d(Window window) {
        super("MaxPool1d", 1, window);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.maxPool1d(window);
    }
}
