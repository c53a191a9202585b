package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * The settings of {@link Functional#gridSample(io.adjoint.autograd.Tensor, io.adjoint.autograd.Tensor, GridOptions)}: by default
 * linear interpolation, zeros outside, and coordinates from edge to edge. Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class GridOptions {
    enum Outside {
        ZEROS,
        BORDER,
        REFLECTION
    }

    final boolean nearest;
    final Outside outside;
    final boolean alignCorners;

    /** Linear interpolation, zeros outside, −1 and 1 at the image's edges. */
    public GridOptions() {
        this(false, Outside.ZEROS, false);
    }

    private GridOptions(boolean nearest, Outside outside, boolean alignCorners) {
        this.nearest = nearest;
        this.outside = outside;
        this.alignCorners = alignCorners;
    }

    /** Takes the nearest pixel, halfway the even one; the grid then has no gradient. */
    public GridOptions nearest() {
        return new GridOptions(true, outside, alignCorners);
    }

    /** Takes the border's pixels for those outside. */
    public GridOptions border() {
        return new GridOptions(nearest, Outside.BORDER, alignCorners);
    }

    /** Reflects positions outside at the edges, or with {@link #alignCorners()} at the outermost pixels' centres. */
    public GridOptions reflection() {
        return new GridOptions(nearest, Outside.REFLECTION, alignCorners);
    }

    /** Has −1 and 1 at the centres of the outermost pixels. */
    public GridOptions alignCorners() {
        return new GridOptions(nearest, outside, true);
    }

    /** The settings, for messages. */
    @Override
    public String toString() {
        return "GridOptions(" + (nearest ? "nearest" : "linear") + ", " + outside
                + (alignCorners ? ", corners aligned" : "") + ")";
    }
}
