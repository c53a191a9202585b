package io.adjoint.nn.layer;

import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;

/** The layers that pool what is in a window. */
abstract class Pooling extends Layer {
    final Window window;

    Pooling(String name, int axes, Window window) {
        Sliding.requireAxes(name, axes, window);
        this.window = window;
    }

    /** Adjacent windows of one size along each axis. */
    static Window adjacent(String name, int kernel) {
        return Window.kernel(Settings.requireCount(name, "kernel", kernel));
    }

    @Override
    protected String describe() {
        return window.describe();
    }
}
