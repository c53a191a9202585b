package io.adjoint.nn.layer;

import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;

/** The layers that pool each window of their input to one element. To be used through the layers that extend it. */
public abstract class Pooling extends Layer {
    private final int axes;
    final Window window;

    Pooling(String name, int axes, Window window) {
        Sliding.requireAxes(name, axes, window);
        this.axes = axes;
        this.window = window;
    }

    /** Adjacent windows of one size along each axis. */
    static Window adjacent(String name, int kernel) {
        return Window.kernel(Settings.requireCount(name, "kernel", kernel));
    }

    /** The number of axes that the window slides over, the last ones of an input. */
    public final int axes() {
        return axes;
    }

    /** The window that slides over the last axes. */
    public final Window window() {
        return window;
    }

    @Override
    protected String describe() {
        return window.describe();
    }
}
