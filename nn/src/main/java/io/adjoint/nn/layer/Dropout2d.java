package io.adjoint.nn.layer;

import java.util.random.RandomGenerator;

/** Dropout of whole channels of images {@code [N, C, H, W]}; see {@link ChannelDropout}. */
public final class Dropout2d extends ChannelDropout {
    /** Dropout of half of the channels. */
    public Dropout2d(RandomGenerator generator) {
        this(0.5, generator);
    }

    /**
     * Dropout of channels.
     *
     * @param p the probability of being dropped
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public Dropout2d(double p, RandomGenerator generator) {
        super("[N, C, H, W]", 4, p, generator);
    }
}
