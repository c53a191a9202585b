package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The largest element of each part of the last axis, which is divided into given numbers of parts: {@link Tensor#adaptiveMaxPool1d}.
 *
 * <p>Shapes: input {@code [N, C, L]}, output {@code [N, C, L′]} of the given sizes, both also with other leading axes.
 */
public final class AdaptiveMaxPool1d extends AdaptivePooling {
    /**
     * A layer with outputs of a size.
     *
     * @throws IllegalArgumentException if there is another number of sizes, or a size is less than 1
     */
    public AdaptiveMaxPool1d(int... sizes) {
        super("AdaptiveMaxPool1d", 1, sizes);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.adaptiveMaxPool1d(sizes());
    }
}
