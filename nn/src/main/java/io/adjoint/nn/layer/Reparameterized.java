package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.Layer;
import java.util.stream.IntStream;

/**
 * A layer whose weight is computed from other parameters, which are trained in its place. It takes over the bias of the layer that it is
 * made of; that layer's own weight is the initial one, and is neither in the state nor trained. To be used through the classes that
 * extend it.
 */
public abstract sealed class Reparameterized extends Layer permits WeightNorm, SpectralNorm {
    private final WeightedLayer layer;

    Reparameterized(WeightedLayer layer) {
        if (!layer.weight().requiresGrad()) {
            throw new IllegalArgumentException(getClass().getSimpleName() + ": the layer " + layer
                    + " is frozen; call unfreeze() on it first, and freeze() on what is made of it");
        }
        this.layer = layer;
        Tensor bias = layer.bias();
        if (bias != null) {
            parameter("bias", bias);
        }
    }

    /** The weight that the layer computes with, from the current parameters. */
    public abstract Tensor weight();

    /** The layer that it is made of, whose own weight has no part in what is computed. */
    public final WeightedLayer layer() {
        return layer;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return layer.compute(x, weight());
    }

    /** A new leaf of a layer's weight. */
    static Tensor initial(WeightedLayer layer) {
        return Tensor.of(layer.weight().data().copy()).requiresGrad(true);
    }

    /** All axes but the given one. */
    static int[] others(Tensor weight, int axis) {
        return IntStream.range(0, weight.shape().rank()).filter(k -> k != axis).toArray();
    }

    @Override
    protected final String describe() {
        String type = layer.getClass().getSimpleName();
        return type + " " + layer.weight().shape()
                + (layer.weight().dtype() == DType.FLOAT64
                        ? ""
                        : ", " + layer.weight().dtype());
    }
}
