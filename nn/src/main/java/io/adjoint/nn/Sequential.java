package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Layers one after the other, registered as {@code 0}, {@code 1}, … Without layers the output is the input.
 *
 * <p>{@link #append}, {@link #insert}, {@link #set} and {@link #remove} change the object itself; layers behind an inserted or removed one
 * get other numbers, and their parameters other paths. An optimizer keeps the parameters that you gave it.
 */
public final class Sequential extends Layer {
    private Layer[] layers;
    private String[] names = {};

    /**
     * The layers in the order of their application; one may occur several times.
     *
     * @throws IllegalArgumentException if one is null
     */
    public Sequential(Layer... layers) {
        this.layers = layers.clone();
        number(Arrays.asList(this.layers));
        names = children().keySet().toArray(String[]::new);
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor value = x;
        for (int k = 0; k < layers.length; k++) {
            value = layers[k].forward(names[k], value);
        }
        return value;
    }

    /** The number of layers. */
    public int size() {
        return layers.length;
    }

    /**
     * A layer.
     *
     * @param k its number, from 0 on
     * @throws IndexOutOfBoundsException if there is none of this number
     */
    @CheckReturnValue
    public Layer get(int k) {
        return list().get(index(k, layers.length));
    }

    /**
     * Adds a layer behind the last one.
     *
     * @throws IllegalArgumentException if it is null or contains this block
     */
    @CanIgnoreReturnValue
    public Sequential append(Layer layer) {
        return insert(layers.length, layer);
    }

    /**
     * Adds a layer before the k-th one.
     *
     * @throws IndexOutOfBoundsException if k is negative or above the number of layers
     * @throws IllegalArgumentException if the layer is null or contains this block
     */
    @CanIgnoreReturnValue
    public Sequential insert(int k, Layer layer) {
        List<Layer> all = list();
        all.add(index(k, layers.length + 1), layer);
        return changed(all);
    }

    /**
     * Puts another layer in the position of the k-th one.
     *
     * @throws IndexOutOfBoundsException if there is none of this number
     * @throws IllegalArgumentException if the layer is null or contains this block
     */
    @CanIgnoreReturnValue
    public Sequential set(int k, Layer layer) {
        List<Layer> all = list();
        all.set(index(k, layers.length), layer);
        return changed(all);
    }

    /**
     * Takes the k-th layer out.
     *
     * @throws IndexOutOfBoundsException if there is none of this number
     */
    @CanIgnoreReturnValue
    public Sequential remove(int k) {
        List<Layer> all = list();
        all.remove(index(k, layers.length));
        return changed(all);
    }

    private static int index(int k, int size) {
        return Settings.requireIndex(Sequential.class, "layer", k, size);
    }

    private List<Layer> list() {
        List<Layer> all = new ArrayList<>();
        children().values().forEach(child -> all.add((Layer) child));
        return all;
    }

    private Sequential changed(List<Layer> all) {
        number(all);
        layers = all.toArray(Layer[]::new);
        names = children().keySet().toArray(String[]::new);
        return this;
    }
}
