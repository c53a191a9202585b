package io.adjoint.nn.layer;

import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/** Instance normalization of images {@code [N, C, H, W]}, or one of them without the batch axis; see {@link InstanceNorm}. */
public final class InstanceNorm2d extends InstanceNorm {
    private static final int AXES = 2;

    /**
     * A layer without parameters and running statistics.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm2d(int channels, Init init) {
        this(channels, new NormOptions(), init);
    }

    /** As {@link #InstanceNorm2d(int, Init)}, of FLOAT64. */
    public InstanceNorm2d(int channels, RandomGenerator generator) {
        this(channels, new Init(generator));
    }

    /**
     * A layer with options.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm2d(int channels, NormOptions options, Init init) {
        super(AXES, "[N, C, H, W]", channels, options, init);
    }

    /** As {@link #InstanceNorm2d(int, NormOptions, Init)}, of FLOAT64. */
    public InstanceNorm2d(int channels, NormOptions options, RandomGenerator generator) {
        this(channels, options, new Init(generator));
    }
}
