package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Dropout of whole channels of images {@code [N, C, H, W]} (Tompson et al., 2015): while training each channel of each sample is 0 with
 * probability p, and the others are scaled by 1/(1 − p). Neighbouring elements of a channel are correlated, so dropping single elements
 * would remove little information.
 *
 * <p>Shapes: output as input, with a batch axis. Without parameters.
 */
public final class Dropout2d extends AnyDropout {
    private static final int AXES = 2;

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
        super(p, generator);
    }

    @Override
    void requireInput(Tensor x) {
        super.requireInput(x);
        int rank = x.shape().rank();
        if (rank != AXES + 2) {
            throw new ShapeException("dropout: expected input [N, C, H, W], got " + x.shape()
                    + (rank == AXES + 1 ? "; for a single sample add the batch axis with unsqueeze(0)" : ""));
        }
    }

    @Override
    Tensor dropped(Tensor x) {
        int[] dims = x.shape().toArray();
        Arrays.fill(dims, 2, dims.length, 1);
        return x.mul(Functional.dropout(Tensor.full(x.dtype(), Shape.of(dims), 1), p, generator));
    }
}
