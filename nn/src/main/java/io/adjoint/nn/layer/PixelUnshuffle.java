package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Functional;

/**
 * The layer that makes r² channels of each channel, from the elements of its blocks of r × r: the inverse of {@link PixelShuffle}.
 *
 * <p>Shapes: input {@code [..., C, H·r, W·r]}, output {@code [..., C·r², H, W]}.
 */
public final class PixelUnshuffle extends PixelLayer {
    /**
     * A layer with the factor r.
     *
     * @throws IllegalArgumentException if it is less than 1, or more than 46340
     */
    public PixelUnshuffle(int factor) {
        super("PixelUnshuffle", factor);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.pixelUnshuffle(x, factor);
    }
}
