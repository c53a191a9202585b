package io.adjoint.autograd;

import io.adjoint.core.Window;

/**
 * Pooling of signals (1d), images (2d) and volumes (3d), over the last axes, with any number of axes before them, and its inverse.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface PoolingMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    // ---- the largest element, the mean of each window ----

    /** {@link #maxPool1d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    default Tensor maxPool1d(int kernel) {
        return maxPool1d(PoolingRules.adjacent("maxPool1d", kernel));
    }

    /**
     * The largest element of each window on the last axis; NaN if one is. The stride is the kernel's size by default; padding counts
     * as −∞. The gradient goes to the first of the largest, in row-major order.
     *
     * @throws io.adjoint.core.ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    default Tensor maxPool1d(Window window) {
        return PoolingRules.maximum("maxPool1d", 1, self(), window).values();
    }

    /**
     * As {@link #maxPool1d(Window)}, with the indices of the elements, INT32 and of the same shape as these: PyTorch's
     * {@code return_indices}. An index is the element's position along the last axis, without padding. If there are several NaN, the index
     * is that of the first.
     */
    default IndexedValues maxPool1dWithIndices(Window window) {
        return PoolingRules.maximum("maxPool1dWithIndices", 1, self(), window);
    }

    /** {@link #maxPool2d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    default Tensor maxPool2d(int kernel) {
        return maxPool2d(PoolingRules.adjacent("maxPool2d", kernel));
    }

    /**
     * The largest element of each window on the last two axes; NaN if one is. The stride is the kernel's size by default; padding
     * counts as −∞. The gradient goes to the first of the largest, in row-major order.
     *
     * @throws io.adjoint.core.ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    default Tensor maxPool2d(Window window) {
        return PoolingRules.maximum("maxPool2d", 2, self(), window).values();
    }

    /**
     * As {@link #maxPool2d(Window)}, with the indices of the elements, INT32 and of the same shape as these: PyTorch's
     * {@code return_indices}. An index is the element's row-major position in its plane, which is spanned by the last two axes, without
     * padding. If there are several NaN, the index is that of the first.
     */
    default IndexedValues maxPool2dWithIndices(Window window) {
        return PoolingRules.maximum("maxPool2dWithIndices", 2, self(), window);
    }

    /** {@link #maxPool3d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    default Tensor maxPool3d(int kernel) {
        return maxPool3d(PoolingRules.adjacent("maxPool3d", kernel));
    }

    /**
     * The largest element of each window on the last three axes; NaN if one is. The stride is the kernel's size by default; padding
     * counts as −∞. The gradient goes to the first of the largest, in row-major order.
     *
     * @throws io.adjoint.core.ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    default Tensor maxPool3d(Window window) {
        return PoolingRules.maximum("maxPool3d", 3, self(), window).values();
    }

    /**
     * As {@link #maxPool3d(Window)}, with the indices of the elements, INT32 and of the same shape as these: PyTorch's
     * {@code return_indices}. An index is the element's row-major position in its volume, which is spanned by the last three axes, without
     * padding. If there are several NaN, the index is that of the first.
     */
    default IndexedValues maxPool3dWithIndices(Window window) {
        return PoolingRules.maximum("maxPool3dWithIndices", 3, self(), window);
    }

    /** {@link #avgPool1d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    default Tensor avgPool1d(int kernel) {
        return avgPool1d(PoolingRules.adjacent("avgPool1d", kernel));
    }

    /** {@link #avgPool1d(Window, boolean)} in which the padding counts. */
    default Tensor avgPool1d(Window window) {
        return avgPool1d(window, true);
    }

    /**
     * The mean of each window on the last axis. The stride is the kernel's size by default.
     *
     * @param countPadding whether the padding counts as elements that are 0; else the mean is taken over the rest of the window
     * @throws io.adjoint.core.ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    default Tensor avgPool1d(Window window, boolean countPadding) {
        return PoolingRules.average(1, self(), window, countPadding);
    }

    /** {@link #avgPool2d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    default Tensor avgPool2d(int kernel) {
        return avgPool2d(PoolingRules.adjacent("avgPool2d", kernel));
    }

    /** {@link #avgPool2d(Window, boolean)} in which the padding counts. */
    default Tensor avgPool2d(Window window) {
        return avgPool2d(window, true);
    }

    /**
     * The mean of each window on the last two axes. The stride is the kernel's size by default.
     *
     * @param countPadding whether the padding counts as elements that are 0; else the mean is taken over the rest of the window
     * @throws io.adjoint.core.ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    default Tensor avgPool2d(Window window, boolean countPadding) {
        return PoolingRules.average(2, self(), window, countPadding);
    }

    /** {@link #avgPool3d(Window)} of adjacent windows, whose kernel is of one size along each axis. */
    default Tensor avgPool3d(int kernel) {
        return avgPool3d(PoolingRules.adjacent("avgPool3d", kernel));
    }

    /** {@link #avgPool3d(Window, boolean)} in which the padding counts. */
    default Tensor avgPool3d(Window window) {
        return avgPool3d(window, true);
    }

    /**
     * The mean of each window on the last three axes. The stride is the kernel's size by default.
     *
     * @param countPadding whether the padding counts as elements that are 0; else the mean is taken over the rest of the window
     * @throws io.adjoint.core.ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    default Tensor avgPool3d(Window window, boolean countPadding) {
        return PoolingRules.average(3, self(), window, countPadding);
    }

    // ---- of parts ----

    /**
     * The largest elements of the given number of parts of the last axis. Part i is from ⌊i·size/parts⌋ to ⌈(i+1)·size/parts⌉.
     * Gradients as with {@link #maxPool1d(Window)}.
     */
    default Tensor adaptiveMaxPool1d(int... parts) {
        return PoolingRules.adaptiveMaximum(1, self(), parts);
    }

    /** The means of the same parts as those of {@link #adaptiveMaxPool1d}. */
    default Tensor adaptiveAvgPool1d(int... parts) {
        return PoolingRules.adaptiveAverage(1, self(), parts);
    }

    /**
     * The largest elements of the given numbers of parts of the last two axes, one for both or one for each. Part i is from
     * ⌊i·size/parts⌋ to ⌈(i+1)·size/parts⌉. Gradients as with {@link #maxPool2d(Window)}.
     */
    default Tensor adaptiveMaxPool2d(int... parts) {
        return PoolingRules.adaptiveMaximum(2, self(), parts);
    }

    /** The means of the same parts as those of {@link #adaptiveMaxPool2d}. */
    default Tensor adaptiveAvgPool2d(int... parts) {
        return PoolingRules.adaptiveAverage(2, self(), parts);
    }

    /**
     * The largest elements of the given numbers of parts of the last three axes, one for all or one for each. Part i is from
     * ⌊i·size/parts⌋ to ⌈(i+1)·size/parts⌉. Gradients as with {@link #maxPool3d(Window)}.
     */
    default Tensor adaptiveMaxPool3d(int... parts) {
        return PoolingRules.adaptiveMaximum(3, self(), parts);
    }

    /** The means of the same parts as those of {@link #adaptiveMaxPool3d}. */
    default Tensor adaptiveAvgPool3d(int... parts) {
        return PoolingRules.adaptiveAverage(3, self(), parts);
    }

    // ---- the inverse of taking the largest ----

    /**
     * The partial inverse of {@link #maxPool1dWithIndices}: zeros with the elements at their indices along the last axis. If several
     * elements have one index, the last in row-major order stays, and only this one gets a gradient.
     *
     * @param indices INT32, of this tensor's shape
     * @param sizes the sizes of the last axis of the output, which is one
     * @throws io.adjoint.core.ShapeException if the indices are of another shape, or one is not in a plane of these sizes
     * @throws io.adjoint.core.DTypeException if the elements are not floating, or the indices not INT32
     */
    default Tensor maxUnpool1d(Tensor indices, int... sizes) {
        return UnpoolingRules.unpooled(1, self(), indices, sizes);
    }

    /**
     * The partial inverse of {@link #maxPool2dWithIndices}: zeros with the elements at their row-major indices in the plane, which is
     * spanned by the last two axes. If several elements have one index, the last in row-major order stays, and only this one gets a
     * gradient.
     *
     * @param indices INT32, of this tensor's shape
     * @param sizes the sizes of the last two axes of the output, one for all or one for each
     * @throws io.adjoint.core.ShapeException if the indices are of another shape, or one is not in a plane of these sizes
     * @throws io.adjoint.core.DTypeException if the elements are not floating, or the indices not INT32
     */
    default Tensor maxUnpool2d(Tensor indices, int... sizes) {
        return UnpoolingRules.unpooled(2, self(), indices, sizes);
    }

    /**
     * The partial inverse of {@link #maxPool3dWithIndices}: zeros with the elements at their row-major indices in the volume, which is
     * spanned by the last three axes. If several elements have one index, the last in row-major order stays, and only this one gets a
     * gradient.
     *
     * @param indices INT32, of this tensor's shape
     * @param sizes the sizes of the last three axes of the output, one for all or one for each
     * @throws io.adjoint.core.ShapeException if the indices are of another shape, or one is not in a plane of these sizes
     * @throws io.adjoint.core.DTypeException if the elements are not floating, or the indices not INT32
     */
    default Tensor maxUnpool3d(Tensor indices, int... sizes) {
        return UnpoolingRules.unpooled(3, self(), indices, sizes);
    }
}
