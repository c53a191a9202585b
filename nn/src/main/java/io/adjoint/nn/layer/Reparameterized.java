package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.stream.IntStream;

/**
 * A dense or convolutional layer whose weight is computed from other parameters, which are trained in its place: {@link WeightNorm}, {@link
 * SpectralNorm} and a program's own classes, such as a layer with a weight of low rank, or with a pruned or quantised weight. Such a class
 * registers the parameters that the weight is computed from and implements {@link #weight}:
 *
 * <pre>{@code
 * final class LowRank extends Reparameterized {
 *     private final Tensor weight, a, b;
 *
 *     LowRank(WeightedLayer layer, int rank, Init init) {
 *         super(layer);
 *         weight = parameter("weight", initial(layer));
 *         weight.freeze();
 *         a = parameter("a", init.normal(Shape.of(rank, weight.shape().dim(1)), 0, 0.02));
 *         b = parameter("b", init.zeros(Shape.of(weight.shape().dim(0), rank)));
 *     }
 *
 *     public Tensor weight() {
 *         return weight.add(b.matmul(a));
 *     }
 * }
 * }</pre>
 *
 * <p>It takes over the bias of the layer that it is made of, as its parameter {@code bias}; that layer's own weight is not used in the
 * computation, and is neither in the state nor trained. {@code model.replace(Dense.class, dense -> new LowRank(dense, 4, init))} puts it in
 * the place of all dense layers of a model.
 */
public abstract class Reparameterized extends Layer {
    private final WeightedLayer layer;

    /** A layer that computes as another one does, with another weight. */
    protected Reparameterized(WeightedLayer layer) {
        this.layer = layer;
        Tensor bias = layer.bias();
        if (bias != null) {
            parameter("bias", bias);
        }
    }

    /** The weight that the layer computes with, from the current parameters, of the shape of the {@linkplain #layer() layer}'s. */
    public abstract Tensor weight();

    /** The layer that it is made of, whose own weight is not used in the computation. */
    public final WeightedLayer layer() {
        return layer;
    }

    /** The output with {@link #weight}; a layer that does more in training overrides it and calls this one. */
    @Override
    protected Tensor compute(Tensor x) {
        return layer.compute(x, weight());
    }

    /** A new leaf with the elements of a layer's weight, for a parameter. */
    protected static Tensor initial(WeightedLayer layer) {
        return Tensor.of(layer.weight().data().copy()).requiresGrad(true);
    }

    /** Refuses a layer whose weight is frozen, since the parameters that replace the weight would be trained. */
    static WeightedLayer requireTrained(String name, WeightedLayer layer) {
        if (!layer.weight().requiresGrad()) {
            throw new IllegalArgumentException(name + ": the layer " + layer
                    + " is frozen; call unfreeze() on it first, and freeze() on what is made of it");
        }
        return layer;
    }

    /** All axes of a weight except the given one. */
    static int[] others(Tensor weight, int axis) {
        return IntStream.range(0, weight.shape().rank()).filter(k -> k != axis).toArray();
    }

    @Override
    protected String describe() {
        Tensor weight = layer.weight();
        return layer.getClass().getSimpleName() + " " + weight.shape() + Descriptions.of(weight.dtype());
    }
}
