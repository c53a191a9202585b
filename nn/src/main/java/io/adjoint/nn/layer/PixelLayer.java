package io.adjoint.nn.layer;

import io.adjoint.nn.Layer;

/** The layers that move elements between channels and blocks of r × r pixels: {@link PixelShuffle} and {@link PixelUnshuffle}. */
abstract sealed class PixelLayer extends Layer permits PixelShuffle, PixelUnshuffle {
    /** The largest factor whose square fits in an int. */
    private static final int LARGEST = 46340;

    /** The factor r of the size: a block has r × r pixels. */
    final int factor;

    PixelLayer(String name, int factor) {
        if (factor < 1 || factor > LARGEST) {
            throw new IllegalArgumentException(name + ": expected a factor from 1 to " + LARGEST + ", got " + factor);
        }
        this.factor = factor;
    }

    /** The size r of a block. */
    public int factor() {
        return factor;
    }

    @Override
    protected final String describe() {
        return "factor " + factor;
    }
}
