package io.adjoint.nn.layer;

import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/** Batch normalization of features {@code [N, C]} or sequences {@code [N, C, L]}; see {@link BatchNorm}. */
public final class BatchNorm1d extends BatchNorm {
    /**
     * A layer with ε = 10⁻⁵ and momentum 0.1.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm1d(int channels, Init init) {
        this(channels, new NormOptions(), init);
    }

    /** As {@link #BatchNorm1d(int, Init)}, of FLOAT64. */
    public BatchNorm1d(int channels, RandomGenerator generator) {
        this(channels, new Init(generator));
    }

    /**
     * A layer with options.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public BatchNorm1d(int channels, NormOptions options, Init init) {
        super(2, 3, "[N, C] or [N, C, L]", channels, options, init);
    }

    /** As {@link #BatchNorm1d(int, NormOptions, Init)}, of FLOAT64. */
    public BatchNorm1d(int channels, NormOptions options, RandomGenerator generator) {
        this(channels, options, new Init(generator));
    }
}
