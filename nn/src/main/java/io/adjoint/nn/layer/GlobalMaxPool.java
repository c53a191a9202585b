package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The largest element of each channel, over any number of axes.
 *
 * <p>Shapes: input {@code [N, C, sizes...]}, output {@code [N, C]}.
 */
public final class GlobalMaxPool extends GlobalPooling {
    @Override
    protected Tensor compute(Tensor x) {
        return x.amax(spatial("globalMaxPool", x));
    }
}
