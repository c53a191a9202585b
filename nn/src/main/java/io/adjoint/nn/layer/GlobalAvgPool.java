package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The mean of each channel, over any number of axes.
 *
 * <p>Shapes: input {@code [N, C, sizes...]}, output {@code [N, C]}.
 */
public final class GlobalAvgPool extends GlobalPooling {
    @Override
    protected Tensor compute(Tensor x) {
        return x.mean(spatial("globalAvgPool", x));
    }
}
