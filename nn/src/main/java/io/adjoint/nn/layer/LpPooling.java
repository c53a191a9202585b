package io.adjoint.nn.layer;

import io.adjoint.core.Window;
import io.adjoint.nn.Settings;

/** The layers that take the norm of each window. To be used through the layers that extend it. */
abstract sealed class LpPooling extends Pooling permits LpPool1d, LpPool2d, LpPool3d {
    final double p;

    LpPooling(String name, int axes, double p, Window window) {
        super(name, axes, window);
        this.p = Settings.requirePositive(name, "p", p);
    }

    /** The order of the norm. */
    public double p() {
        return p;
    }

    @Override
    protected final String describe() {
        return "p " + p + ", " + super.describe();
    }
}
