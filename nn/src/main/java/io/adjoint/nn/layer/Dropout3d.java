package io.adjoint.nn.layer;

import java.util.random.RandomGenerator;

/** Dropout of whole channels of volumes {@code [N, C, D, H, W]}; see {@link ChannelDropout}. */
public final class Dropout3d extends ChannelDropout {
    /** Dropout of half of the channels. */
    public Dropout3d(RandomGenerator generator) {
        this(0.5, generator);
    }

    /**
     * Dropout of channels.
     *
     * @param p the probability of being dropped
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public Dropout3d(double p, RandomGenerator generator) {
        super("[N, C, D, H, W]", 5, p, generator);
    }
}
