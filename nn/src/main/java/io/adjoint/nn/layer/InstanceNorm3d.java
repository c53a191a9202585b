package io.adjoint.nn.layer;

import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/** Instance normalization of volumes {@code [N, C, D, H, W]}, or one of them without the batch axis; see {@link InstanceNorm}. */
public final class InstanceNorm3d extends InstanceNorm {
    /**
     * A layer without parameters and running statistics.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm3d(int channels, Init init) {
        this(channels, new NormOptions(), init);
    }

    /** As {@link #InstanceNorm3d(int, Init)}, of FLOAT64. */
    public InstanceNorm3d(int channels, RandomGenerator generator) {
        this(channels, new Init(generator));
    }

    /**
     * A layer with options.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm3d(int channels, NormOptions options, Init init) {
        super(5, "[N, C, D, H, W]", channels, options, init);
    }

    /** As {@link #InstanceNorm3d(int, NormOptions, Init)}, of FLOAT64. */
    public InstanceNorm3d(int channels, NormOptions options, RandomGenerator generator) {
        this(channels, options, new Init(generator));
    }
}
