package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The mean of each part of the last two axes, divided into given numbers of parts: {@link Tensor#adaptiveAvgPool2d}.
 *
 * <p>Shapes: input {@code [N, C, H, W]}, output {@code [N, C, H′, W′]} of the given sizes, both also with other leading axes.
 */
public final class AdaptiveAvgPool2d extends AdaptivePooling {
    private static final int AXES = 2;

    /**
     * A layer with outputs of the given sizes along these axes, or of one size along each.
     *
     * @throws IllegalArgumentException if there is another number of sizes, or a size is less than 1
     */
    public AdaptiveAvgPool2d(int... sizes) {
        super("AdaptiveAvgPool2d", AXES, sizes);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.adaptiveAvgPool2d(sizes());
    }
}
