package io.adjoint.nn.layer;

import io.adjoint.core.Padding;
import io.adjoint.core.Window;

/** The layers that take the mean of each window. To be used through the layers that extend it. */
abstract sealed class AveragePooling extends Pooling permits AvgPool1d, AvgPool2d, AvgPool3d {
    final Padding padding;

    AveragePooling(String name, int axes, Window window, Padding padding) {
        super(name, axes, window);
        this.padding = padding;
    }

    @Override
    protected final String describe() {
        return super.describe() + (padding == Padding.COUNTED ? "" : ", padding excluded");
    }
}
