package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A layer that applies a function without parameters. */
abstract class Activation extends Layer {
    private final String settings;
    private final UnaryOperator<Tensor> function;
    private final boolean isElementwise;

    Activation(UnaryOperator<Tensor> function) {
        this.settings = "";
        this.function = function;
        this.isElementwise = true;
    }

    /**
     * Makes a layer of a function that checks its settings when it is called. The constructor calls the function with a scalar, so that the
     * constructor, not the first forward pass, refuses wrong settings.
     */
    Activation(String settings, UnaryOperator<Tensor> function) {
        this.settings = settings;
        this.function = function;
        this.isElementwise = true;
        Tensor tried = forward(Tensor.scalar(0));
        assert tried.shape().rank() == 0;
    }

    /**
     * Makes a layer of a function along an axis. A wrong axis is only refused in a forward pass, since the input's rank isn't known before.
     */
    Activation(int axis, BiFunction<Tensor, Integer, Tensor> function) {
        this.settings = "axis " + axis;
        this.function = x -> function.apply(x, axis);
        this.isElementwise = false;
    }

    /** Returns whether each output element depends on the input element at its position alone. */
    final boolean isElementwise() {
        return isElementwise;
    }

    @Override
    protected final Tensor compute(Tensor x) {
        return function.apply(x);
    }

    @Override
    protected final String describe() {
        return settings;
    }
}
