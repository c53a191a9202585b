package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;

/** The layer whose output is its input: a placeholder where a model may have another layer. */
public final class Identity extends Layer {
    @Override
    protected Tensor compute(Tensor x) {
        return x;
    }
}
