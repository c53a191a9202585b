package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** The layer that applies {@code x·Φ(x)} to each element, with the standard normal distribution's Φ: {@link Tensor#gelu()}. */
public final class GELU extends Layer {
    @Override
    protected Tensor compute(Tensor x) {
        return x.gelu();
    }
}
