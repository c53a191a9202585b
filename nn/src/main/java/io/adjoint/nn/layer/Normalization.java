package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The layers that bring numbers to mean 0 and variance 1, then scale and shift them. To be used through the layers that extend it.
 */
public abstract sealed class Normalization extends Layer permits ChannelNorm, GroupNorm, LayerNorm, RMSNorm {
    final Shape shape;
    final double eps;
    final @Nullable Tensor weight;
    final @Nullable Tensor bias;
    private final String settings;

    /** Registers weights of the shape, unless the options leave them out. */
    Normalization(Shape shape, boolean affine, double eps, NormOptions options, RandomGenerator init) {
        this.shape = shape;
        this.eps = options.epsOr(eps);
        this.settings = options.describe();
        this.weight = affine ? parameter("weight", Init.of(init).ones(shape)) : null;
        this.bias = affine && options.hasBias && canHaveBias()
                ? parameter("bias", Init.of(init).zeros(shape))
                : null;
    }

    /** Checks a number of channels, and returns the shape {@code [channels]}. */
    static Shape channels(String name, int channels) {
        return Shape.of(Settings.requireCount(name, "number of channels", channels));
    }

    /** Checks the shape of the axes to be normalized, and returns it. */
    static Shape normalized(String name, Shape shape) {
        Settings.require(
                shape.rank() > 0 && shape.size() > 0, name, "shape", "have at least one axis and no size of 0", shape);
        return shape;
    }

    /** The shape of weight and bias, also if there are none: the normalized axes, or the channels {@code [C]}. */
    public final Shape shape() {
        return shape;
    }

    /** The number ε that is added to the variance. */
    public double eps() {
        return eps;
    }

    /** The factor of each normalized number; null if this layer has no weight. */
    public final @Nullable Tensor weight() {
        requireInForce("weight");
        return weight;
    }

    /** The number that is added to each normalized number after the multiplication by the weight; null if this layer has no bias. */
    public final @Nullable Tensor bias() {
        requireInForce("bias");
        return bias;
    }

    /** False if layers of this class never have a bias, so that descriptions don't mention it. */
    boolean canHaveBias() {
        return true;
    }

    /** The dtype of this layer's arrays; null if it has none. */
    @Nullable
    DType dtype() {
        return weight == null ? null : weight.dtype();
    }

    /** The description: the sizes, followed by the omitted weights and biases. */
    final String described(String sizes) {
        DType dtype = dtype();
        return sizes
                + (weight == null ? ", no weight" : "")
                + (weight != null && bias == null && canHaveBias() ? ", no bias" : "")
                + settings
                + (dtype == null ? "" : Descriptions.of(dtype));
    }
}
