package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** {@code 1 / (1 + e⁻ˣ)} of each element: {@link io.adjoint.autograd.Pointwise#SIGMOID}. */
public final class Sigmoid extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return traced(x::sigmoid);
    }
}
