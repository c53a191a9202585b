package io.adjoint.nn.layer;

import io.adjoint.nn.Init;

/** Batch normalization of images {@code [N, C, H, W]}; see {@link BatchNorm}. */
public final class BatchNorm2d extends BatchNorm {
    /**
     * A layer with ε = 10⁻⁵ and momentum 0.1.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm2d(int channels, Init init) {
        this(channels, new NormOptions(), init);
    }

    /**
     * A layer with options.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm2d(int channels, NormOptions options, Init init) {
        super(4, 4, "[N, C, H, W]", channels, options, init);
    }
}
