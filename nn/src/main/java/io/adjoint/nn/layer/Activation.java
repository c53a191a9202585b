package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** The layers that apply a function without parameters. */
abstract class Activation extends Layer {
    private final String settings;
    private final UnaryOperator<Tensor> function;

    Activation(UnaryOperator<Tensor> function) {
        this.settings = "";
        this.function = function;
    }

    /** A function that refuses wrong settings; it is tried with an element, so that it does so at once. */
    Activation(String settings, UnaryOperator<Tensor> function) {
        this.settings = settings;
        this.function = function;
        Tensor tried = forward(Tensor.scalar(0));
        assert tried.shape().rank() == 0;
    }

    /** A function along an axis, of which only an input tells whether it has it. */
    Activation(int axis, BiFunction<Tensor, Integer, Tensor> function) {
        this.settings = "axis " + axis;
        this.function = x -> function.apply(x, axis);
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
