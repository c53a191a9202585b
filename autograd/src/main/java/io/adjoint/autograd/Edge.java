package io.adjoint.autograd;

import java.util.function.UnaryOperator;

/**
 * One input of an operation together with the rule that carries the gradient from the operation's value back to it.
 *
 * @param input the tensor that the operation read
 * @param rule the vector-Jacobian product: takes the gradient g of the value (its shape, its dtype) and returns the gradient of the
 *     input. It may return a shape that the input broadcasts to; what broadcasting repeated is summed for it.
 */
public record Edge(Tensor input, UnaryOperator<Tensor> rule) {
    /** The edge of an input with its rule. */
    public static Edge edge(Tensor input, UnaryOperator<Tensor> rule) {
        return new Edge(input, rule);
    }
}
