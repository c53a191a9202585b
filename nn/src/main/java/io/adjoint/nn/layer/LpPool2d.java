package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;
import io.adjoint.nn.Functional;

/**
 * The norm of each window on the last two axes, {@link Functional#lpPool2d}.
 *
 * <p>Shapes: input {@code [N, C, H, W]}, output {@code [N, C, H′, W′]}, both also with other leading axes.
 */
public final class LpPool2d extends LpPooling {
    /**
     * A layer of adjacent windows of one size along each axis.
     *
     * @param p the order of the norm
     * @throws IllegalArgumentException if p is not positive and finite, or the size is less than 1
     */
    public LpPool2d(double p, int kernel) {
        this(p, adjacent("LpPool2d", kernel));
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @param p the order of the norm
     * @throws IllegalArgumentException if p is not positive and finite, or the window isn't of 1 or 2 axes
     */
    public LpPool2d(double p, Window window) {
        super("LpPool2d", 2, p, window);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.lpPool2d(x, p, window);
    }
}
