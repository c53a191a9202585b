package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import io.adjoint.nn.Layer;
import java.util.Arrays;

/**
 * The layer that adds the columns of windows up to images, {@link Tensor#fold(Window, int...)}: the adjoint of {@link Unfold}.
 *
 * <p>Shapes: input {@code [N, C·window, positions]}, output {@code [N, C, sizes...]}; the batch axis may be missing.
 */
public final class Fold extends Layer {
    private final Window window;
    private final int[] sizes;

    /**
     * A layer with images of given sizes.
     *
     * @param window the windows, whose stride is 1 if none is set
     * @param sizes one for each axis that the window slides over
     * @throws IllegalArgumentException if there is none, one is less than 1, or the window is for another number of axes
     */
    public Fold(Window window, int... sizes) {
        if (sizes.length == 0 || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "Fold: expected sizes of at least 1, one for each axis, got " + Arrays.toString(sizes));
        }
        Sliding.requireAxes("Fold", sizes.length, window);
        this.window = window;
        this.sizes = sizes.clone();
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.fold(window, sizes.clone());
    }

    /** The window that slides over the axes of the images. */
    public Window window() {
        return window;
    }

    /** The sizes of the images. */
    public int[] sizes() {
        return sizes.clone();
    }

    @Override
    protected String describe() {
        return window.describe() + " to " + Arrays.toString(sizes);
    }
}
