package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;

/**
 * The mean of each part of the last three axes, which are divided into given numbers of parts: {@link Tensor#adaptiveAvgPool3d}.
 *
 * <p>Shapes: input {@code [N, C, D, H, W]}, output {@code [N, C, D′, H′, W′]} of the given sizes, both also with other leading axes.
 */
public final class AdaptiveAvgPool3d extends AdaptivePooling {
    /**
     * A layer with outputs of given sizes, one for all of these axes or one for each.
     *
     * @throws IllegalArgumentException if there is another number of sizes, or a size is less than 1
     */
    public AdaptiveAvgPool3d(int... sizes) {
        super("AdaptiveAvgPool3d", 3, sizes);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.adaptiveAvgPool3d(sizes());
    }
}
