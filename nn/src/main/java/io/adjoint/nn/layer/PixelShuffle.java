package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;

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
        Shape shape = x.shape();
        int square = factor * factor;
        if (shape.rank() < 3 || shape.dim(-3) % square != 0) {
            throw new ShapeException("pixelShuffle: expected input [..., channels, H, W] with channels that are a"
                    + " multiple of " + square + ", got " + shape);
        }
        int channels = shape.dim(-3) / square;
        int h = shape.dim(-2);
        int w = shape.dim(-1);
        Shape shuffled = with("pixelShuffle", shape, channels, (long) h * factor, (long) w * factor);
        return x.reshape(images(shape), channels, factor, factor, h, w)
                .permute(0, 1, 4, 2, 5, 3)
                .reshape(shuffled);
    }
}
