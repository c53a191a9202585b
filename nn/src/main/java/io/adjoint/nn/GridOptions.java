package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;

/**
 * The settings of {@link Functional#gridSample(io.adjoint.autograd.Tensor, io.adjoint.autograd.Tensor, GridOptions)}, and of
 * {@link Functional#affineGrid(io.adjoint.autograd.Tensor, GridOptions, int...)}, which makes its grids: by default linear interpolation,
 * zeros outside, and coordinates from edge to edge. Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class GridOptions extends Options<GridOptions> {
    enum Mode {
        LINEAR,
        NEAREST,
        BICUBIC
    }

    enum Outside {
        ZEROS,
        BORDER,
        REFLECTION
    }

    Mode mode = Mode.LINEAR;
    Outside outside = Outside.ZEROS;
    boolean alignCorners;

    /** Linear interpolation, zeros outside, −1 and 1 at the image's edges. */
    public GridOptions() {}

    /** Takes the nearest pixel; halfway between two pixels, the one with the even index. The grid then has no gradient. */
    public GridOptions nearest() {
        return with(copy -> copy.mode = Mode.NEAREST);
    }

    /**
     * Interpolates between 4 × 4 pixels by Keys' cubic with a = −3/4, as PyTorch does; of images with two axes. Each pixel outside of the
     * image is clamped or reflected by itself, instead of the position, so positions outside can have gradients.
     */
    public GridOptions bicubic() {
        return with(copy -> copy.mode = Mode.BICUBIC);
    }

    /** Takes the nearest pixel of the border for a pixel outside of the image. */
    public GridOptions border() {
        return with(copy -> copy.outside = Outside.BORDER);
    }

    /** Reflects positions outside at the edges, or with {@link #alignCorners()} at the outermost pixels' centres. */
    public GridOptions reflection() {
        return with(copy -> copy.outside = Outside.REFLECTION);
    }

    /** Puts the coordinates −1 and 1 at the centres of the outermost pixels. */
    public GridOptions alignCorners() {
        return with(copy -> copy.alignCorners = true);
    }

    /** The settings, for messages. */
    @Override
    public String toString() {
        return "GridOptions(" + mode + ", " + outside + (alignCorners ? ", corners aligned" : "") + ")";
    }
}
