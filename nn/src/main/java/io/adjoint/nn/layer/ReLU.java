package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** {@code max(x, 0)} of each element: {@link io.adjoint.autograd.Pointwise#RELU}. */
public final class ReLU extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return traced(x::relu);
    }
}
