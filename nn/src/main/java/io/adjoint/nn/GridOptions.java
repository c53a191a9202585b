package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * The settings of {@link Functional#gridSample(io.adjoint.autograd.Tensor, io.adjoint.autograd.Tensor, GridOptions)}, and of
 * {@link Functional#affineGrid(io.adjoint.autograd.Tensor, GridOptions, int...)}, which makes its grids: by default linear interpolation,
 * zeros outside, and coordinates from edge to edge. Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class GridOptions {
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

    final Mode mode;
    final Outside outside;
    final boolean alignCorners;

    /** Linear interpolation, zeros outside, −1 and 1 at the image's edges. */
    public GridOptions() {
        this(Mode.LINEAR, Outside.ZEROS, false);
    }

    private GridOptions(Mode mode, Outside outside, boolean alignCorners) {
        this.mode = mode;
        this.outside = outside;
        this.alignCorners = alignCorners;
    }

    /** Takes the nearest pixel; halfway between two pixels, the one with the even index. The grid then has no gradient. */
    public GridOptions nearest() {
        return new GridOptions(Mode.NEAREST, outside, alignCorners);
    }

    /**
     * Interpolates between 4 × 4 pixels by Keys' cubic with a = −3/4, as PyTorch does; of images with two axes. Each pixel outside of the
     * image is clamped or reflected by itself, instead of the position, so positions outside can have gradients.
     */
    public GridOptions bicubic() {
        return new GridOptions(Mode.BICUBIC, outside, alignCorners);
    }

    /** Takes the nearest pixel of the border for a pixel outside of the image. */
    public GridOptions border() {
        return new GridOptions(mode, Outside.BORDER, alignCorners);
    }

    /** Reflects positions outside at the edges, or with {@link #alignCorners()} at the outermost pixels' centres. */
    public GridOptions reflection() {
        return new GridOptions(mode, Outside.REFLECTION, alignCorners);
    }

    /** Puts the coordinates −1 and 1 at the centres of the outermost pixels. */
    public GridOptions alignCorners() {
        return new GridOptions(mode, outside, true);
    }

    /** The settings, for messages. */
    @Override
    public String toString() {
        return "GridOptions(" + mode + ", " + outside + (alignCorners ? ", corners aligned" : "") + ")";
    }
}
