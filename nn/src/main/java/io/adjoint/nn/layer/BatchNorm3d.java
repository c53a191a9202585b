package io.adjoint.nn.layer;

import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/** Batch normalization of volumes {@code [N, C, D, H, W]}; see {@link BatchNorm}. */
public final class BatchNorm3d extends BatchNorm {
    /**
     * A layer with ε = 10⁻⁵ and momentum 0.1.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm3d(int channels, Init init) {
        this(channels, new NormOptions(), init);
    }

    /** As {@link #BatchNorm3d(int, Init)}, of FLOAT64. */
    public BatchNorm3d(int channels, RandomGenerator generator) {
        this(channels, new Init(generator));
    }

    /**
     * A layer with options.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm3d(int channels, NormOptions options, Init init) {
        super(5, 5, "[N, C, D, H, W]", channels, options, init);
    }

    /** As {@link #BatchNorm3d(int, NormOptions, Init)}, of FLOAT64. */
    public BatchNorm3d(int channels, NormOptions options, RandomGenerator generator) {
        this(channels, options, new Init(generator));
    }
}
