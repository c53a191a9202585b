package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution over two axes, {@link Tensor#convTranspose2d(Tensor, Tensor, ConvOptions)}, with a weight and a bias.
 *
 * <p>Shapes: input {@code [N, in, H, W]}, output {@code [N, out, H′, W′]}, both also without the batch N; parameter
 * {@code weight [in, out/groups, kH, kW]} and, unless it is left out, {@code bias [out]}. Both are drawn from U(−1/√f, 1/√f) with the
 * fan-in f = out/groups·kH·kW, the weight first.
 */
public final class ConvTranspose2d extends Convolution {
    private static final int AXES = 2;

    /** A layer with a kernel of one size along each axis, stride 1 and no padding. */
    public ConvTranspose2d(int in, int out, int kernel, RandomGenerator init) {
        this(in, out, cube("ConvTranspose2d", AXES, kernel), new ConvOptions(), init);
    }

    /** A layer with a kernel of one size along each axis; see {@link #ConvTranspose2d(int, int, Shape, ConvOptions, RandomGenerator)}. */
    public ConvTranspose2d(int in, int out, int kernel, ConvOptions options, RandomGenerator init) {
        this(in, out, cube("ConvTranspose2d", AXES, kernel), options, init);
    }

    /**
     * A layer with bias.
     *
     * @param kernel the kernel's sizes, {@code [kH, kW]}
     * @param options stride, padding, output padding, dilation and groups
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in, out or a size of the kernel is less than 1, the kernel is of another number of axes, or
     *     the groups do not divide in and out, or the padding is the one that keeps sizes or of another mode than zeros
     */
    public ConvTranspose2d(int in, int out, Shape kernel, ConvOptions options, RandomGenerator init) {
        super("ConvTranspose2d", AXES, true, in, out, kernel, options, true, init);
    }

    private ConvTranspose2d(int in, int out, boolean hasBias, Shape kernel, ConvOptions options, RandomGenerator init) {
        super("ConvTranspose2d", AXES, true, in, out, kernel, options, hasBias, init);
    }

    /** A layer without bias and with a kernel of one size; see {@link #ConvTranspose2d(int, int, Shape, ConvOptions, RandomGenerator)}. */
    public static ConvTranspose2d withoutBias(int in, int out, int kernel, ConvOptions options, RandomGenerator init) {
        return withoutBias(in, out, cube("ConvTranspose2d", AXES, kernel), options, init);
    }

    /** A layer without bias; see {@link #ConvTranspose2d(int, int, Shape, ConvOptions, RandomGenerator)}. */
    public static ConvTranspose2d withoutBias(
            int in, int out, Shape kernel, ConvOptions options, RandomGenerator init) {
        return new ConvTranspose2d(in, out, false, kernel, options, init);
    }

    private ConvTranspose2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        super("ConvTranspose2d", AXES, true, weight, bias, options);
    }

    /**
     * A layer of given parameters, which are registered, not copied: a parameter that another block has, too, is tied, and the state
     * has it under both paths.
     *
     * @param weight a leaf that requires a gradient, {@code [in, out/groups, kH, kW]}
     * @param bias such a leaf {@code [out]}; null for none
     * @param options stride, padding, output padding, dilation and groups
     * @throws io.adjoint.core.ShapeException if a parameter has another shape
     * @throws IllegalArgumentException if a parameter is not such a leaf, or the options do not fit the weight
     */
    public static ConvTranspose2d of(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return new ConvTranspose2d(weight, bias, options);
    }

    @Override
    Tensor compute(Tensor x, Tensor weight) {
        return x.convTranspose2d(weight, bias(), options);
    }
}
