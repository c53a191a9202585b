package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;

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
        Shape shape = x.shape();
        if (shape.rank() < 3 || shape.dim(-2) % factor != 0 || shape.dim(-1) % factor != 0) {
            throw new ShapeException(
                    "pixelUnshuffle: expected input [..., C, height, width] with a height and width that"
                            + " are multiples of " + factor + ", got " + shape);
        }
        int channels = shape.dim(-3);
        int h = shape.dim(-2) / factor;
        int w = shape.dim(-1) / factor;
        Shape unshuffled = with("pixelUnshuffle", shape, (long) channels * factor * factor, h, w);
        return x.reshape(images(shape), channels, h, factor, w, factor)
                .permute(0, 1, 3, 5, 2, 4)
                .reshape(unshuffled);
    }
}
