package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import org.jspecify.annotations.Nullable;

/** A layer of a weight and, unless it is left out, a bias: its parameters {@code weight} and {@code bias}. */
public abstract class WeightedLayer extends Layer {
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** The weight and a bias {@code [out]}, both drawn from U(−1/√f, 1/√f) with the fan-in f of the weight, the weight first. */
    WeightedLayer(Shape weight, int out, boolean hasBias, Init init) {
        double bound = 1 / Math.sqrt((double) weight.size() / weight.dim(0));
        this.weight = parameter("weight", init.uniform(weight, bound));
        this.bias = hasBias ? parameter("bias", init.uniform(Shape.of(out), bound)) : null;
    }

    /** The weight; the class says of what shape it is. */
    public final Tensor weight() {
        return weight;
    }

    /** The biases, one for each output; null if this layer has none. */
    public final @Nullable Tensor bias() {
        return bias;
    }

    @Override
    protected final Tensor compute(Tensor x) {
        return compute(x, weight);
    }

    /** Computes the output with the given weight, which may have been computed from other parameters. */
    abstract Tensor compute(Tensor x, Tensor weight);

    /** Returns whether the outputs are the weight's second axis, as of transposed convolutions, and not its first. */
    boolean transposed() {
        return false;
    }

    /** The beginning of the description. */
    abstract String sizes();

    @Override
    protected final String describe() {
        return sizes() + (bias == null ? ", no bias" : "") + Descriptions.of(weight.dtype());
    }
}
