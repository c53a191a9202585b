package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Functional;

/**
 * The layer that makes images r times as high and as wide, with r² times fewer channels (Shi et al., 2016): channel
 * {@code c·r² + i·r + j} has element (i, j) of each block of r × r of channel c. {@link PixelUnshuffle} is its inverse.
 *
 * <p>Shapes: input {@code [..., C·r², H, W]}, output {@code [..., C, H·r, W·r]}.
 */
public final class PixelShuffle extends PixelLayer {
    /**
     * A layer with the factor r.
     *
     * @throws IllegalArgumentException if it is less than 1, or more than 46340
     */
    public PixelShuffle(int factor) {
        super("PixelShuffle", factor);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.pixelShuffle(x, factor);
    }
}
