package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;

/**
 * A convolution (cross-correlation) over one axis, {@link Tensor#conv1d(Tensor, Tensor, ConvOptions)}, with a weight and a bias.
 *
 * <p>Shapes: input {@code [N, in, L]}, output {@code [N, out, L′]}, both also without the batch N; parameter
 * {@code weight [out, in/groups, k]} and, unless it is left out, {@code bias [out]}. Both are drawn from U(−1/√f, 1/√f) with the
 * fan-in f = in/groups·k, the weight first.
 */
public final class Conv1d extends Convolution {
    /** A layer with a kernel of one size along each axis, stride 1 and no padding. */
    public Conv1d(int in, int out, int kernel, Init init) {
        this(in, out, cube("Conv1d", 1, kernel), new ConvOptions(), init);
    }

    /**
     * A layer with bias.
     *
     * @param kernel the kernel's sizes, {@code [k]}
     * @param options stride, padding and its mode, dilation and groups
     * @throws IllegalArgumentException if in, out or a size of the kernel is less than 1, the kernel is of another number of axes, or
     *     the groups do not divide in and out
     */
    public Conv1d(int in, int out, Shape kernel, ConvOptions options, Init init) {
        this(in, out, kernel, options, true, init);
    }

    private Conv1d(int in, int out, Shape kernel, ConvOptions options, boolean hasBias, Init init) {
        super("Conv1d", 1, false, in, out, kernel, options, hasBias, init);
    }

    /** A layer without bias; see {@link #Conv1d(int, int, Shape, ConvOptions, Init)}. */
    public static Conv1d withoutBias(int in, int out, Shape kernel, ConvOptions options, Init init) {
        return new Conv1d(in, out, kernel, options, false, init);
    }

    @Override
    Tensor compute(Tensor x, Tensor weight) {
        return x.conv1d(weight, bias(), options);
    }
}
