package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;

/**
 * Batch normalization (Ioffe and Szegedy, 2015): {@code (x − μ)/√(σ² + ε)·w + b} of each channel. In training μ and σ² are the mean and
 * biased variance of the batch, and the running statistics follow them as {@link ChannelNorm} says; in evaluation μ and σ² are the
 * running statistics. Unless set, ε is 10⁻⁵ and the momentum 0.1.
 *
 * <p>Shapes: input and output {@code [N, C, ...]}; parameters {@code weight [C]} of ones and {@code bias [C]} of zeros; buffers
 * {@code runningMean [C]} of zeros and {@code runningVariance [C]} of ones. To be used through the layers that extend it.
 */
public abstract sealed class BatchNorm extends ChannelNorm permits BatchNorm1d, BatchNorm2d, BatchNorm3d {
    private final int smallestRank;
    private final int largestRank;
    private final String inputs;

    BatchNorm(int smallestRank, int largestRank, String inputs, int channels, NormOptions options, Init init) {
        super("BatchNorm" + (largestRank - 2) + "d", channels, true, options, init);
        this.smallestRank = smallestRank;
        this.largestRank = largestRank;
        this.inputs = inputs;
    }

    /**
     * The normalized input.
     *
     * @throws ShapeException if the input has another rank or number of channels, or it has one value for each channel while its own
     *     statistics are needed
     */
    @Override
    protected final Tensor compute(Tensor x) {
        int rank = x.shape().rank();
        if (rank < smallestRank || rank > largestRank || x.shape().dim(1) != channels()) {
            throw new ShapeException(
                    "batchNorm: expected input " + inputs.replace("C", "" + channels()) + ", got " + x.shape());
        }
        return usesBatch()
                ? Functional.batchNorm(
                        x,
                        weight,
                        bias,
                        eps,
                        (mean, variance) -> track(mean, variance, x.shape().size() / channels()))
                : withRunningStatistics(x);
    }
}
