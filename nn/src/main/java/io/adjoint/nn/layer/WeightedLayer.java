package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a weight and, unless it is left out, a bias: its parameters {@code weight} and {@code bias}. To be used through the layers
 * that extend it.
 */
public abstract class WeightedLayer extends Layer {
    final Tensor weight;
    private final @Nullable Tensor bias;

    /** The weight and a bias {@code [out]}, both drawn from U(−1/√f, 1/√f) with the fan-in f of the weight, the weight first. */
    WeightedLayer(Shape weight, int out, boolean hasBias, RandomGenerator init) {
        double bound = 1 / Math.sqrt((double) weight.size() / weight.dim(0));
        Init source = Init.of(init);
        this.weight = parameter("weight", source.uniform(weight, bound));
        this.bias = hasBias ? parameter("bias", source.uniform(Shape.of(out), bound)) : null;
    }

    /** A layer with a given weight and bias; these leaves may be shared with other layers. */
    WeightedLayer(Tensor weight, @Nullable Tensor bias, int out) {
        if (bias != null) {
            if (!bias.shape().equals(Shape.of(out))) {
                throw new ShapeException(getClass().getSimpleName() + ": the bias of a weight " + weight.shape()
                        + " must be [" + out + "], got " + bias.shape());
            }
            DTypeException.requireSameFloating(getClass().getSimpleName(), weight.dtype(), bias.dtype());
        }
        weight.dtype().requireFloating(getClass().getSimpleName());
        this.weight = parameter("weight", weight);
        this.bias = bias == null ? null : parameter("bias", bias);
    }

    /** The weight, whose shape the documentation of the layer's class gives. */
    public final Tensor weight() {
        requireInForce("weight");
        return weight;
    }

    /** The biases, one for each output; null if this layer has none. */
    public final @Nullable Tensor bias() {
        requireInForce("bias");
        return bias;
    }

    @Override
    protected final Tensor compute(Tensor x) {
        return compute(x, weight);
    }

    /** Computes the output with the given weight, which may have been computed from other parameters. */
    abstract Tensor compute(Tensor x, Tensor weight);

    /** Returns whether the outputs lie along axis 1 of the weight, as in transposed convolutions, instead of axis 0. */
    boolean transposed() {
        return false;
    }

    /** The sizes of the layer, with which its description begins. */
    abstract String sizes();

    @Override
    protected final String describe() {
        return sizes() + (bias == null ? ", no bias" : "") + Descriptions.of(weight.dtype());
    }
}
