package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;
import io.adjoint.nn.Functional;

/**
 * The norm of each window on the last axis, {@link Functional#lpPool1d}.
 *
 * <p>Shapes: input {@code [N, C, L]}, output {@code [N, C, L′]}, both also with other leading axes.
 */
public final class LpPool1d extends LpPooling {
    /**
     * A layer of adjacent windows.
     *
     * @param p the order of the norm
     * @throws IllegalArgumentException if p is not positive and finite, or the size is less than 1
     */
    public LpPool1d(double p, int kernel) {
        this(p, adjacent("LpPool1d", kernel));
    }

    /**
     * A layer of windows, whose stride is their size if none is set.
     *
     * @param p the order of the norm
     * @throws IllegalArgumentException if p is not positive and finite, or the window isn't of 1 axis
     */
    public LpPool1d(double p, Window window) {
        super("LpPool1d", 1, p, window);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.lpPool1d(x, p, window);
    }
}
