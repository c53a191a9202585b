package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import org.jspecify.annotations.Nullable;

/**
 * A two-dimensional convolution (cross-correlation), {@link Tensor#conv2d}, with a weight and a bias.
 *
 * <p>Shapes: input {@code [N, in, H, W]}, output {@code [N, out, H′, W′]}, parameter {@code weight [out, in/groups, kH, kW]} and, unless
 * it is left out, {@code bias [out]}. Both are drawn from U(−1/√f, 1/√f) with the fan-in f = in/groups·kH·kW, the weight first.
 */
public final class Conv2d extends Layer {
    private final ConvOptions options;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** A convolution of a square kernel with stride 1, without padding. */
    public Conv2d(int in, int out, int kernel, Init init) {
        this(in, out, Shape.of("Conv2d", kernel, kernel), new ConvOptions(), init);
    }

    /**
     * A convolution with bias.
     *
     * @param kernel the height and width of the kernel
     * @param options stride, padding, dilation and groups
     * @throws IllegalArgumentException if in, out or a size of the kernel is less than 1, the kernel isn't two-dimensional, or the
     *     groups do not divide in and out
     */
    public Conv2d(int in, int out, Shape kernel, ConvOptions options, Init init) {
        this(in, out, kernel, options, true, init);
    }

    private Conv2d(int in, int out, Shape kernel, ConvOptions options, boolean hasBias, Init init) {
        int groups = options.groupCount();
        if (in < 1 || out < 1 || kernel.rank() != 2 || kernel.size() < 1) {
            throw new IllegalArgumentException(
                    "Conv2d: expected at least 1 channel in and out and a kernel [kH, kW], got " + in + " and " + out
                            + " channels and kernel " + kernel);
        }
        if (in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException("Conv2d: " + groups
                    + " groups must divide the channels in and out, which are " + in + " and " + out);
        }
        this.options = options;
        double bound = 1 / Math.sqrt((double) in / groups * kernel.size());
        this.weight = parameter(
                "weight", init.uniform(Shape.of("Conv2d", out, in / groups, kernel.dim(0), kernel.dim(1)), bound));
        this.bias = hasBias ? parameter("bias", init.uniform(Shape.of(out), bound)) : null;
    }

    /** A convolution without bias; see {@link #Conv2d(int, int, Shape, ConvOptions, Init)}. */
    public static Conv2d withoutBias(int in, int out, Shape kernel, ConvOptions options, Init init) {
        return new Conv2d(in, out, kernel, options, false, init);
    }

    /** The weight, shape {@code [out, in/groups, kH, kW]}. */
    public Tensor weight() {
        return weight;
    }

    /** The biases, shape {@code [out]}; null if this layer has none. */
    public @Nullable Tensor bias() {
        return bias;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.conv2d(weight, bias, options);
    }

    @Override
    protected String describe() {
        Shape shape = weight.shape();
        int groups = options.groupCount();
        return shape.dim(1) * groups + " -> " + shape.dim(0) + ", kernel " + shape.dim(2) + "×" + shape.dim(3)
                + (groups == 1 ? "" : ", " + groups + " groups") + (bias == null ? ", no bias" : "")
                + (weight.dtype() == DType.FLOAT64 ? "" : ", " + weight.dtype());
    }
}
