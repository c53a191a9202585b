package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A convolution (cross-correlation) over two axes, {@link Tensor#conv2d(Tensor, Tensor, ConvOptions)}, with a weight and a bias.
 *
 * <p>Shapes: input {@code [N, in, H, W]}, output {@code [N, out, H′, W′]}, both also without the batch N; parameter
 * {@code weight [out, in/groups, kH, kW]} and, unless it is left out, {@code bias [out]}. Both are drawn from U(−1/√f, 1/√f) with the
 * fan-in f = in/groups·kH·kW, the weight first.
 */
public final class Conv2d extends Convolution {
    private static final int AXES = 2;

    /** A layer with a kernel of one size along each axis, stride 1 and no padding. */
    public Conv2d(int in, int out, int kernel, RandomGenerator init) {
        this(in, out, cube("Conv2d", AXES, kernel), new ConvOptions(), init);
    }

    /** A layer with a kernel of one size along each axis; see {@link #Conv2d(int, int, Shape, ConvOptions, RandomGenerator)}. */
    public Conv2d(int in, int out, int kernel, ConvOptions options, RandomGenerator init) {
        this(in, out, cube("Conv2d", AXES, kernel), options, init);
    }

    /**
     * A layer with bias.
     *
     * @param kernel the kernel's sizes, {@code [kH, kW]}
     * @param options stride, padding and its mode, dilation and groups
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in, out or a size of the kernel is less than 1, the kernel is of another number of axes, or
     *     the groups do not divide in and out
     */
    public Conv2d(int in, int out, Shape kernel, ConvOptions options, RandomGenerator init) {
        super("Conv2d", AXES, false, in, out, kernel, options, true, init);
    }

    private Conv2d(int in, int out, boolean hasBias, Shape kernel, ConvOptions options, RandomGenerator init) {
        super("Conv2d", AXES, false, in, out, kernel, options, hasBias, init);
    }

    /**
     * A layer without bias, with a kernel of one size along each axis; see {@link #Conv2d(int, int, Shape, ConvOptions, RandomGenerator)}.
     */
    public static Conv2d withoutBias(int in, int out, int kernel, ConvOptions options, RandomGenerator init) {
        return withoutBias(in, out, cube("Conv2d", AXES, kernel), options, init);
    }

    /** A layer without bias; see {@link #Conv2d(int, int, Shape, ConvOptions, RandomGenerator)}. */
    public static Conv2d withoutBias(int in, int out, Shape kernel, ConvOptions options, RandomGenerator init) {
        return new Conv2d(in, out, false, kernel, options, init);
    }

    private Conv2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        super("Conv2d", AXES, false, weight, bias, options);
    }

    /**
     * A layer of given parameters, which are registered, not copied: a parameter that another block has, too, is tied, and the state
     * has it under both paths.
     *
     * @param weight a leaf that requires a gradient, {@code [out, in/groups, kH, kW]}
     * @param bias such a leaf {@code [out]}; null for none
     * @param options stride, padding and its mode, dilation and groups
     * @throws io.adjoint.core.ShapeException if a parameter has another shape
     * @throws IllegalArgumentException if a parameter is not such a leaf, or the options do not fit the weight
     */
    public static Conv2d of(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return new Conv2d(weight, bias, options);
    }

    @Override
    Tensor compute(Tensor x, Tensor weight) {
        return x.conv2d(weight, bias(), options);
    }
}
