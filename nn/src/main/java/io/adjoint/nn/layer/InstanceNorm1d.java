package io.adjoint.nn.layer;

import io.adjoint.nn.Init;

/** Instance normalization of sequences {@code [N, C, L]}, or one of them without the batch axis; see {@link InstanceNorm}. */
public final class InstanceNorm1d extends InstanceNorm {
    /**
     * A layer without parameters and running statistics.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm1d(int channels, Init init) {
        this(channels, new NormOptions(), init);
    }

    /**
     * A layer with options.
     *
     * @throws IllegalArgumentException if there is no channel
     */
    public InstanceNorm1d(int channels, NormOptions options, Init init) {
        super(3, "[N, C, L]", channels, options, init);
    }
}
