package io.adjoint.nn;

import io.adjoint.autograd.Tensor;

/** Layers one after the other, registered as {@code 0}, {@code 1}, … Without layers the output is the input. */
public final class Sequential extends Layer {
    private final Layer[] layers;
    private final String[] names;

    /**
     * The layers in the order of their application; one may occur several times.
     *
     * @throws IllegalArgumentException if one is null
     */
    public Sequential(Layer... layers) {
        this.layers = layers.clone();
        this.names = new String[layers.length];
        for (int k = 0; k < layers.length; k++) {
            if (layers[k] == null) {
                throw new IllegalArgumentException("Sequential: layer " + k + " of " + layers.length + " is null");
            }
            names[k] = Integer.toString(k);
            child(names[k], layers[k]);
        }
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor value = x;
        for (int k = 0; k < layers.length; k++) {
            value = layers[k].forward(names[k], value);
        }
        return value;
    }
}
