package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;
import io.adjoint.nn.Functional;

/**
 * The norm of each window on the last three axes, {@link Functional#lpPool3d}.
 *
 * <p>Shapes: input {@code [N, C, D, H, W]}, output {@code [N, C, D′, H′, W′]}, both also with other leading axes.
 */
public final class LpPool3d extends LpPooling {
    /**
     * A layer of adjacent windows of one size along each axis.
     *
     * @param p the order of the norm
     * @throws IllegalArgumentException if p is not positive and finite, or the size is less than 1
     */
    public LpPool3d(double p, int kernel) {
        this(p, adjacent("LpPool3d", kernel));
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @param p the order of the norm
     * @throws IllegalArgumentException if p is not positive and finite, or the window isn't of 1 or 3 axes
     */
    public LpPool3d(double p, Window window) {
        super("LpPool3d", 3, p, window);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.lpPool3d(x, p, window);
    }
}
