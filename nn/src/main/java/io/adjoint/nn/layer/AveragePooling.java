package io.adjoint.nn.layer;

import io.adjoint.core.Window;

/** The layers that take the mean of what is in a window. */
abstract class AveragePooling extends Pooling {
    final boolean countPadding;

    AveragePooling(String name, int axes, Window window, boolean countPadding) {
        super(name, axes, window);
        this.countPadding = countPadding;
    }

    @Override
    protected final String describe() {
        return super.describe() + (countPadding ? "" : ", padding not counted");
    }
}
