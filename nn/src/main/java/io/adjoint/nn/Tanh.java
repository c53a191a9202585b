package io.adjoint.nn;

import io.adjoint.autograd.Tensor;

/** {@code tanh x} of each element: {@link io.adjoint.autograd.Pointwise#TANH}. */
public final class Tanh extends Layer {
    @Override
    public Tensor forward(Tensor x) {
        return traced(x::tanh);
    }
}
