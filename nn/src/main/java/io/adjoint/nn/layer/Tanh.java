package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** The layer that applies {@code tanh x} to each element: {@link Tensor#tanh()}. */
public final class Tanh extends Layer {
    @Override
    protected Tensor compute(Tensor x) {
        return x.tanh();
    }
}
