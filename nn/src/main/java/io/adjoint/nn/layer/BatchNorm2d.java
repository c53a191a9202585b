package io.adjoint.nn.layer;

import java.util.random.RandomGenerator;

/** Batch normalization of images {@code [N, C, H, W]}; see {@link BatchNorm}. */
public final class BatchNorm2d extends BatchNorm {
    private static final int AXES = 2;

    /**
     * A layer with ε = 10⁻⁵ and momentum 0.1.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm2d(int channels, RandomGenerator init) {
        this(channels, new NormOptions(), init);
    }

    /**
     * A layer with options.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm2d(int channels, NormOptions options, RandomGenerator init) {
        super(AXES, "[N, C, H, W]", channels, options, init);
    }
}
