package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import java.util.random.RandomGenerator;

/**
 * The leaky rectifier whose slopes are learned (He et al., 2015), {@code x above 0, w·x below}: {@link Tensor#prelu(Tensor)}.
 *
 * <p>Shapes: input and output {@code [N, C, ...]}, or any with one slope; parameter {@code weight [C]} or {@code [1]}, which is 0.25
 * at first.
 */
public final class PReLU extends Layer {
    private final Tensor weight;

    /** A layer with one slope for all elements. */
    public PReLU(RandomGenerator init) {
        this(1, init);
    }

    /**
     * A layer with a slope for each channel, or with one for all.
     *
     * @param channels the number of slopes
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if it is less than 1
     */
    public PReLU(int channels, RandomGenerator init) {
        if (channels < 1) {
            throw new IllegalArgumentException("PReLU: expected a slope for at least 1 channel, got " + channels);
        }
        this.weight = parameter("weight", Init.of(init).constant(Shape.of(channels), 0.25));
    }

    /** The slopes, shape {@code [channels]}. */
    public Tensor weight() {
        requireInForce("weight");
        return weight;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.prelu(weight);
    }

    @Override
    protected String describe() {
        return weight.shape().size() + Descriptions.of(weight.dtype());
    }
}
