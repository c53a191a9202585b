package io.adjoint.nn;

import io.adjoint.autograd.Tensor;

/** Layers one after the other, registered as {@code 0}, {@code 1}, … Without layers the output is the input. */
public final class Sequential extends Layer {
    private final Layer[] layers;

    /** The layers in the order of their application; one may occur several times. */
    public Sequential(Layer... layers) {
        this.layers = layers.clone();
        for (int k = 0; k < layers.length; k++) {
            child(Integer.toString(k), layers[k]);
        }
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor value = x;
        for (int k = 0; k < layers.length; k++) {
            value = layers[k].forward(Integer.toString(k), value);
        }
        return value;
    }
}
