package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;

/**
 * Weight normalization (Salimans and Kingma, 2016): a dense or convolutional layer whose weight is {@code g·v/|v|}, so that length and
 * direction are trained apart. The norm is taken over all axes but the first. It begins as the layer that it is made of.
 *
 * <pre>{@code
 * Layer layer = WeightNorm.of(new Dense(64, 128, init));
 * }</pre>
 *
 * <p>Shapes: as of that layer; parameters {@code bias}, if it has one, {@code magnitude} g, {@code [out, 1, ...]}, of a transposed
 * convolution {@code [in, 1, ...]}, and {@code direction}
 * v, of the weight's shape.
 */
public final class WeightNorm extends Reparameterized {
    private final Tensor magnitude;
    private final Tensor direction;

    private WeightNorm(WeightedLayer layer) {
        super(requireTrained("WeightNorm", layer));
        Tensor weight = initial(layer);
        magnitude = parameter("magnitude", norm(weight).detach().requiresGrad(true));
        direction = parameter("direction", weight);
    }

    /**
     * The layer with its weight normalized.
     *
     * @throws IllegalArgumentException if the layer is frozen
     */
    public static WeightNorm of(WeightedLayer layer) {
        return new WeightNorm(layer);
    }

    private static Tensor norm(Tensor weight) {
        return weight.vectorNorm(2, Dims.KEEP, others(weight, 0));
    }

    @Override
    public Tensor weight() {
        return direction.mul(magnitude.div(norm(direction)));
    }
}
