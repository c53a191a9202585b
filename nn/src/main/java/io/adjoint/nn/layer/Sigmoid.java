package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** The layer that applies {@code 1 / (1 + e⁻ˣ)} to each element: {@link Tensor#sigmoid()}. */
public final class Sigmoid extends Layer {
    @Override
    protected Tensor compute(Tensor x) {
        return x.sigmoid();
    }
}
