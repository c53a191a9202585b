package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;
import io.adjoint.nn.Layer;

/**
 * The layer that makes a column of the elements under each position of a window, {@link Tensor#unfold(Window)}. {@link Fold} is its
 * adjoint.
 *
 * <p>Shapes: input {@code [N, C, sizes...]}, output {@code [N, C·window, positions]}; the batch axis may be missing.
 */
public final class Unfold extends Layer {
    private final Window window;

    /**
     * A layer of windows of one size along each axis, with stride 1.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    public Unfold(int kernel) {
        this(Pooling.adjacent("Unfold", kernel));
    }

    /** A layer of windows, whose stride is 1 if none is set. */
    public Unfold(Window window) {
        this.window = window;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.unfold(window);
    }

    /** The window that slides over the axes after the channels. */
    public Window window() {
        return window;
    }

    @Override
    protected String describe() {
        return window.describe();
    }
}
