package io.adjoint.nn.layer;

import io.adjoint.core.Window;

/** The layers that take the mean of each window. To be used through the layers that extend it. */
public abstract sealed class AveragePooling extends Pooling permits AvgPool1d, AvgPool2d, AvgPool3d {
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
