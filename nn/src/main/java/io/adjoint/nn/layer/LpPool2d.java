package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Window;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Settings;

/**
 * The norm of each window on the last two axes, {@link Functional#lpPool2d}.
 *
 * <p>Shapes: input {@code [N, C, H, W]}, output {@code [N, C, H′, W′]}, both also with other leading axes.
 */
public final class LpPool2d extends Pooling {
    private static final int AXES = 2;

    private final double p;

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
     * @throws IllegalArgumentException if p is not positive and finite, or a setting of the window is for another number of axes
     */
    public LpPool2d(double p, Window window) {
        super("LpPool2d", AXES, window);
        this.p = Settings.requirePositive("LpPool2d", "p", p);
    }

    /** The order of the norm. */
    public double p() {
        return p;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.lpPool2d(x, p, window);
    }

    @Override
    protected String describe() {
        return "p " + p + ", " + super.describe();
    }
}
