package io.adjoint.autograd;

import io.adjoint.core.ConvOptions;
import io.adjoint.core.Window;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and interpolation of signals (1d), images (2d) and volumes (3d).
 *
 * <p>Convolutions take {@code [batch, channels, sizes...]}, or {@code [channels, sizes...]} without a batch.
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
     * The adjoint of {@link #unfold}: {@code [batch, channels · window, positions]} to {@code [batch, channels, sizes...]}; where windows
     * overlap, elements are summed, and elements on the padding are left out.
     *
     * @throws io.adjoint.core.ShapeException if unfolding such sizes doesn't give this shape
     */
    default Tensor fold(Window window, int... dims) {
        return ConvolutionRules.fold(self(), window, dims);
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
