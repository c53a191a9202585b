package io.adjoint.nn.layer;

import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/** Batch normalization of images {@code [N, C, H, W]}; see {@link BatchNorm}. */
public final class BatchNorm2d extends BatchNorm {
    private static final int AXES = 2;

    /**
     * A layer with ε = 10⁻⁵ and momentum 0.1.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm2d(int channels, Init init) {
        this(channels, new NormOptions(), init);
    }

    /** As {@link #BatchNorm2d(int, Init)}, of FLOAT64. */
    public BatchNorm2d(int channels, RandomGenerator generator) {
        this(channels, new Init(generator));
    }

    /**
     * A layer with options.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm2d(int channels, NormOptions options, Init init) {
        super(AXES, "[N, C, H, W]", channels, options, init);
    }

    /** As {@link #BatchNorm2d(int, NormOptions, Init)}, of FLOAT64. */
    public BatchNorm2d(int channels, NormOptions options, RandomGenerator generator) {
        this(channels, options, new Init(generator));
    }
}
