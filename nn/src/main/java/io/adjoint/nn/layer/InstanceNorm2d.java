package io.adjoint.nn.layer;

import java.util.random.RandomGenerator;

/** Instance normalization of images {@code [N, C, H, W]}, or one of them without the batch axis; see {@link InstanceNorm}. */
public final class InstanceNorm2d extends InstanceNorm {
    private static final int AXES = 2;

    /**
     * A layer without parameters and running statistics.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm2d(int channels, RandomGenerator init) {
        this(channels, new NormOptions(), init);
    }

    /**
     * A layer with options.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm2d(int channels, NormOptions options, RandomGenerator init) {
        super(AXES, "[N, C, H, W]", channels, options, init);
    }
}
