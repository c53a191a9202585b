package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.function.UnaryOperator;

/**
 * A function without parameters as a layer. It puts one of {@link Tensor}'s methods into a model:
 *
 * <pre>{@code new Lambda("channels last", x -> x.permute(0, 2, 3, 1))}</pre>
 */
public final class Lambda extends Layer {
    private final String name;
    private final UnaryOperator<Tensor> function;

    /**
     * The layer of a function.
     *
     * @param name the name in messages and descriptions
     * @throws IllegalArgumentException if an argument is null
     */
    public Lambda(String name, UnaryOperator<Tensor> function) {
        if (name == null || function == null) {
            throw new IllegalArgumentException("Lambda: the " + (name == null ? "name" : "function") + " is null");
        }
        this.name = name;
        this.function = function;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return function.apply(x);
    }

    @Override
    protected String describe() {
        return name;
    }
}
