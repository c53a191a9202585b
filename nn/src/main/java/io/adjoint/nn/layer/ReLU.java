package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** The layer that applies {@code max(x, 0)} to each element: {@link Tensor#relu()}. */
public final class ReLU extends Layer {
    @Override
    protected Tensor compute(Tensor x) {
        return x.relu();
    }
}
