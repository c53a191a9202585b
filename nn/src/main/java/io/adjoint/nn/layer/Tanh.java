package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** {@code tanh x} of each element: {@link io.adjoint.autograd.Pointwise#TANH}. */
public final class Tanh extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return traced(x::tanh);
    }
}
