package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Dropout of whole channels (Tompson et al., 2015): while training each channel of each sample is 0 with probability p, and the others are
 * scaled by 1/(1 − p). Neighbouring elements of a channel are correlated, so dropping single elements would remove little information.
 *
 * <p>Shapes: output as input, with a batch axis. Without parameters. To be used through the layers that extend it.
 */
public abstract sealed class ChannelDropout extends AnyDropout permits Dropout1d, Dropout2d, Dropout3d {
    private final String input;
    private final int rank;

    ChannelDropout(String input, int rank, double p, RandomGenerator generator) {
        super(p, generator);
        this.input = input;
        this.rank = rank;
    }

    @Override
    final void requireInput(Tensor x) {
        super.requireInput(x);
        if (x.shape().rank() != rank) {
            throw new ShapeException("dropout: expected input " + input + ", got " + x.shape()
                    + (x.shape().rank() == rank - 1
                            ? "; for a single sample add the batch axis with unsqueeze(0)"
                            : ""));
        }
    }

    @Override
    final Tensor dropped(Tensor x) {
        return x.mul(channels(Functional.dropout(ones(x), p, generator), rank));
    }

    /** A tensor of ones with one element for each channel of each sample, which broadcasts to x. */
    private static Tensor ones(Tensor x) {
        return Tensor.full(x.dtype(), Shape.of(x.shape().dim(0), x.shape().dim(1)), 1);
    }

    private static Tensor channels(Tensor mask, int rank) {
        int[] dims = Arrays.copyOf(mask.shape().toArray(), rank);
        Arrays.fill(dims, 2, rank, 1);
        return mask.reshape(Shape.of(dims));
    }
}
