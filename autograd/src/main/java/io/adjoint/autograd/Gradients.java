package io.adjoint.autograd;

import java.util.Map;
import java.util.Optional;

/** The gradients of an output with respect to its inputs, as a value: computing them leaves each leaf's {@link Tensor#grad()} unchanged. */
public final class Gradients {
    private final Map<Node, Tensor> gradients;

    Gradients(Map<Node, Tensor> gradients) {
        this.gradients = gradients;
    }

    /**
     * The gradient with respect to a tensor.
     *
     * @throws GraphException if the gradient of this tensor was not asked for, or the output does not depend on the tensor
     */
    public Tensor of(Tensor input) {
        return find(input)
                .orElseThrow(() -> new GraphException("gradients: the output does not depend on the input of shape "
                        + input.shape() + ", or its gradient was not asked for; find(input) tells without an error"));
    }

    /** The gradient with respect to a tensor, if the output depends on the tensor and its gradient was asked for. */
    public Optional<Tensor> find(Tensor input) {
        Node node = input.node();
        return node == null ? Optional.empty() : Optional.ofNullable(gradients.get(node));
    }
}
