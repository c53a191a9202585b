package io.adjoint.nn.layer;

import java.util.random.RandomGenerator;

/** Dropout of whole channels of sequences {@code [N, C, L]}; see {@link ChannelDropout}. */
public final class Dropout1d extends ChannelDropout {
    /** Dropout of half of the channels. */
    public Dropout1d(RandomGenerator generator) {
        this(0.5, generator);
    }

    /**
     * Dropout of channels.
     *
     * @param p the probability of being dropped
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public Dropout1d(double p, RandomGenerator generator) {
        super("[N, C, L]", 3, p, generator);
    }
}
