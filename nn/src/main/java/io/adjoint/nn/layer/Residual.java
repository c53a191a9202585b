package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;

/**
 * A layer with a connection past it (He et al., 2016): {@code shortcut(x) + layer(x)}. The layer is registered as {@code layer}, the
 * shortcut, an {@link Identity} by default, as {@code shortcut}.
 */
public final class Residual extends Layer {
    private final Layer layer;
    private final Layer shortcut;

    /** {@code x + layer(x)}; the layer's output must be of the input's shape. */
    public Residual(Layer layer) {
        this(layer, new Identity());
    }

    /**
     * {@code shortcut(x) + layer(x)}.
     *
     * @param shortcut the layer that gives x the shape of the other layer's output, such as a convolution with kernel 1
     * @throws IllegalArgumentException if an argument is null
     */
    public Residual(Layer layer, Layer shortcut) {
        this.layer = child("layer", layer);
        this.shortcut = child("shortcut", shortcut);
    }

    /**
     * The sum.
     *
     * @throws ShapeException if the outputs of layer and shortcut are of different shapes
     */
    @Override
    protected Tensor compute(Tensor x) {
        Tensor past = shortcut.forward(x);
        Tensor through = layer.forward(x);
        if (!past.shape().equals(through.shape())) {
            throw new ShapeException("residual: the layer makes " + through.shape() + " of " + x.shape()
                    + ", the shortcut " + past.shape() + "; give a shortcut whose output has the layer's shape");
        }
        return past.add(through);
    }
}
