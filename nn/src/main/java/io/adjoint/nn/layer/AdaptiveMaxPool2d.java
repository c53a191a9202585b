package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The largest element of each part of the last two axes, divided into given numbers of parts: {@link Tensor#adaptiveMaxPool2d}.
 *
 * <p>Shapes: input {@code [N, C, H, W]}, output {@code [N, C, H′, W′]} of the given sizes, both also with other leading axes.
 */
public final class AdaptiveMaxPool2d extends AdaptivePooling {
    private static final int AXES = 2;

    /**
     * A layer with outputs of the given sizes along these axes, or of one size along each.
     *
     * @throws IllegalArgumentException if there is another number of sizes, or a size is less than 1
     */
    public AdaptiveMaxPool2d(int... sizes) {
        super("AdaptiveMaxPool2d", AXES, sizes);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.adaptiveMaxPool2d(sizes());
    }
}
