package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;

/**
 * The layer that deals out the channels of groups in turn (Zhang et al., 2018), {@link Functional#channelShuffle}: the first channel of
 * each group, then the second of each, and so on.
 *
 * <p>Shapes: input and output {@code [N, C, ...]}.
 */
public final class ChannelShuffle extends Layer {
    private final int groups;

    /**
     * A layer of a number of groups.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ChannelShuffle(int groups) {
        this.groups = Settings.requireCount("ChannelShuffle", "number of groups", groups);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.channelShuffle(x, groups);
    }

    /** The number of groups. */
    public int groups() {
        return groups;
    }

    @Override
    protected String describe() {
        return groups + " groups";
    }
}
