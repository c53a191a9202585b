package io.adjoint.autograd;

/** The axes of a grid that its vectors of coordinates run along: see {@link Tensor#meshgrid(GridOrder, Tensor...)}. */
public enum GridOrder {
    /** The k-th vector along axis k, as the indices of a matrix. */
    IJ,
    /**
     * The first vector along axis 1 and the second along axis 0, as x and y in a picture, whose rows are y; all others as they are.
     */
    XY;

    int axis(int vector, int count) {
        return this == XY && count > 1 && vector < 2 ? 1 - vector : vector;
    }
}
