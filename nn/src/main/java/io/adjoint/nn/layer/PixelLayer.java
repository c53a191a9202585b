package io.adjoint.nn.layer;

import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import java.util.Arrays;

/** The two layers that move elements between channels and blocks of r × r of an image. To be used through the layers that extend
 * it. */
public abstract sealed class PixelLayer extends Layer permits PixelShuffle, PixelUnshuffle {
    /** The largest number whose square is an int. */
    private static final int LARGEST = 46340;

    /** r. */
    final int factor;

    PixelLayer(String name, int factor) {
        if (factor < 1 || factor > LARGEST) {
            throw new IllegalArgumentException(name + ": expected a factor from 1 to " + LARGEST + ", got " + factor);
        }
        this.factor = factor;
    }

    /** The product of the axes in front of the last three. */
    static int images(Shape shape) {
        return Arrays.stream(shape.toArray()).limit(shape.rank() - 3L).reduce(1, (a, b) -> a * b);
    }

    /** A shape with other channels, height and width. */
    static Shape with(String op, Shape shape, long channels, long height, long width) {
        long[] dims = Arrays.stream(shape.toArray()).asLongStream().toArray();
        dims[dims.length - 3] = channels;
        dims[dims.length - 2] = height;
        dims[dims.length - 1] = width;
        return Shape.of(op, shape, dims);
    }

    /** The size r of a block. */
    public final int factor() {
        return factor;
    }

    @Override
    protected final String describe() {
        return "factor " + factor;
    }
}
