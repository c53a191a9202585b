package io.adjoint.autograd;

import io.adjoint.core.ConvOptions;
import io.adjoint.core.Window;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions, pooling and interpolation of signals (1d), images (2d) and volumes (3d).
 *
 * <p>Convolutions take {@code [batch, channels, sizes...]}, or {@code [channels, sizes...]} without a batch. Pooling and interpolation
 * are about the last axes, whatever is in front of them.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ConvolutionMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    // ---- convolutions: with a bias or without; the options are always there, new ConvOptions() for stride 1 without
    // padding ----

    /** {@link #conv1d(Tensor, Tensor, ConvOptions)} without bias. */
    default Tensor conv1d(Tensor weight, ConvOptions options) {
        return conv1d(weight, null, options);
    }

    /**
     * The convolution over the last axis: at each output position, and for each output channel, the sum of input times weight over
     * the kernel and the channels of its group, plus the bias of that channel. The weight is not flipped (a cross-correlation).
     *
     * @param weight {@code [out, channels / groups, k]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis ⌊(size + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1,
     *     or the size with {@link ConvOptions#samePadding}
     * @throws io.adjoint.core.ShapeException if channels, groups, weight and bias do not fit, or the kernel is longer than the input
     *     with its padding
     * @throws io.adjoint.core.DTypeException if the types differ or are not floating
     */
    default Tensor conv1d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.convolution(1, self(), weight, bias, options);
    }

    /** {@link #conv2d(Tensor, Tensor, ConvOptions)} without bias. */
    default Tensor conv2d(Tensor weight, ConvOptions options) {
        return conv2d(weight, null, options);
    }

    /**
     * The convolution over the last two axes: at each output position, and for each output channel, the sum of input times weight over
     * the kernel and the channels of its group, plus the bias of that channel. The weight is not flipped (a cross-correlation).
     *
     * @param weight {@code [out, channels / groups, k, l]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis ⌊(size + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1,
     *     or the size with {@link ConvOptions#samePadding}
     * @throws io.adjoint.core.ShapeException if channels, groups, weight and bias do not fit, or the kernel is longer than the input
     *     with its padding
     * @throws io.adjoint.core.DTypeException if the types differ or are not floating
     */
    default Tensor conv2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.convolution(2, self(), weight, bias, options);
    }

    /** {@link #conv3d(Tensor, Tensor, ConvOptions)} without bias. */
    default Tensor conv3d(Tensor weight, ConvOptions options) {
        return conv3d(weight, null, options);
    }

    /**
     * The convolution over the last three axes: at each output position, and for each output channel, the sum of input times weight
     * over the kernel and the channels of its group, plus the bias of that channel. The weight is not flipped (a
     * cross-correlation).
     *
     * @param weight {@code [out, channels / groups, k, l, m]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis ⌊(size + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1,
     *     or the size with {@link ConvOptions#samePadding}
     * @throws io.adjoint.core.ShapeException if channels, groups, weight and bias do not fit, or the kernel is longer than the input
     *     with its padding
     * @throws io.adjoint.core.DTypeException if the types differ or are not floating
     */
    default Tensor conv3d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.convolution(3, self(), weight, bias, options);
    }

    /** {@link #convTranspose1d(Tensor, Tensor, ConvOptions)} without bias. */
    default Tensor convTranspose1d(Tensor weight, ConvOptions options) {
        return convTranspose1d(weight, null, options);
    }

    /**
     * The adjoint of {@link #conv1d(Tensor, Tensor, ConvOptions)} by its input: each element times the weight, added up where the
     * kernel had read it; plus the bias.
     *
     * @param weight {@code [channels, out / groups, k]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis (size − 1)·stride − 2·padding + dilation·(k − 1) + 1 + output padding
     * @throws io.adjoint.core.ShapeException if channels, groups, weight and bias do not fit, or an axis would be empty
     * @throws io.adjoint.core.DTypeException if the types differ or are not floating
     */
    default Tensor convTranspose1d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.transposed(1, self(), weight, bias, options);
    }

    /** {@link #convTranspose2d(Tensor, Tensor, ConvOptions)} without bias. */
    default Tensor convTranspose2d(Tensor weight, ConvOptions options) {
        return convTranspose2d(weight, null, options);
    }

    /**
     * The adjoint of {@link #conv2d(Tensor, Tensor, ConvOptions)} by its input: each element times the weight, added up where the
     * kernel had read it; plus the bias.
     *
     * @param weight {@code [channels, out / groups, k, l]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis (size − 1)·stride − 2·padding + dilation·(k − 1) + 1 + output padding
     * @throws io.adjoint.core.ShapeException if channels, groups, weight and bias do not fit, or an axis would be empty
     * @throws io.adjoint.core.DTypeException if the types differ or are not floating
     */
    default Tensor convTranspose2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.transposed(2, self(), weight, bias, options);
    }

    /** {@link #convTranspose3d(Tensor, Tensor, ConvOptions)} without bias. */
    default Tensor convTranspose3d(Tensor weight, ConvOptions options) {
        return convTranspose3d(weight, null, options);
    }

    /**
     * The adjoint of {@link #conv3d(Tensor, Tensor, ConvOptions)} by its input: each element times the weight, added up where the
     * kernel had read it; plus the bias.
     *
     * @param weight {@code [channels, out / groups, k, l, m]}
     * @param bias {@code [out]}, or null for none
     * @return {@code [batch, out, sizes...]}, along each axis (size − 1)·stride − 2·padding + dilation·(k − 1) + 1 + output padding
     * @throws io.adjoint.core.ShapeException if channels, groups, weight and bias do not fit, or an axis would be empty
     * @throws io.adjoint.core.DTypeException if the types differ or are not floating
     */
    default Tensor convTranspose3d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return ConvolutionRules.transposed(3, self(), weight, bias, options);
    }

    /**
     * The elements under the window at each output position, as columns: {@code [batch, channels · window, positions]}, zeros for
     * padding. The window slides over as many axes as it has numbers; if they are the same for all, over all but the first two. The
     * stride is 1 by default.
     *
     * @throws io.adjoint.core.ShapeException if the window does not fit
     */
    default Tensor unfold(Window window) {
        return ConvolutionRules.unfold(self(), window);
    }

    /**
     * The adjoint of {@link #unfold}: {@code [batch, channels · window, positions]} to {@code [batch, channels, sizes...]}; where
     * windows overlap, elements add up, and what lies on padding is left out.
     *
     * @throws io.adjoint.core.ShapeException if unfolding such sizes doesn't give this shape
     */
    default Tensor fold(Window window, int... dims) {
        return ConvolutionRules.fold(self(), window, dims);
    }

    // ---- pooling ----

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
        return PoolingRules.maximum(1, self(), window);
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
        return PoolingRules.maximum(2, self(), window);
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
        return PoolingRules.maximum(3, self(), window);
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
     * @param countPadding whether the padding counts as elements that are 0; else the mean is that of what is left of the window
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
     * @param countPadding whether the padding counts as elements that are 0; else the mean is that of what is left of the window
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
     * @param countPadding whether the padding counts as elements that are 0; else the mean is that of what is left of the window
     * @throws io.adjoint.core.ShapeException if the window does not fit, or holds nothing but padding somewhere
     */
    default Tensor avgPool3d(Window window, boolean countPadding) {
        return PoolingRules.average(3, self(), window, countPadding);
    }

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

    // ---- interpolation ----

    /**
     * All axes but those of batch and channels, the first two, with other sizes: {@code images.interpolate(Interpolation.LINEAR, 8)}
     * makes images of 8 × 8, bilinearly.
     *
     * @param sizes one for all of these axes, or one for each
     * @throws io.adjoint.core.ShapeException if there are other than that, or fewer than 3 axes, or an axis has no elements
     */
    default Tensor interpolate(Interpolation mode, int... sizes) {
        return PoolingRules.interpolate(self(), mode, sizes);
    }

    /**
     * As {@link #interpolate}, with the sizes multiplied by factors and rounded down. Distances are those of the factor, not of the
     * rounded size: PyTorch's {@code scale_factor}.
     *
     * @param factors one for all axes but the first two, or one for each
     */
    default Tensor interpolateBy(Interpolation mode, double... factors) {
        return PoolingRules.interpolateBy(self(), mode, factors);
    }
}
