package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import java.util.random.RandomGenerator;

/**
 * Instance normalization (Ulyanov, Vedaldi and Lempitsky, 2016): {@code (x − μ)/√(σ² + ε)·w + b} with the mean and biased variance of each
 * channel in each sample. Unless set, there are neither parameters nor running statistics, and ε is 10⁻⁵. Running statistics follow the
 * means of the statistics of all samples of a batch, and replace these statistics in evaluation, as {@link ChannelNorm} says.
 *
 * <p>Shapes: input and output {@code [N, C, ...]} or {@code [C, ...]}; with {@code affine(true)} the parameters {@code weight [C]} of
 * ones and {@code bias [C]} of zeros; with {@code trackRunningStats(true)} the buffers {@code runningMean [C]} of zeros and
 * {@code runningVariance [C]} of ones. To be used through the layers that extend it.
 */
public abstract sealed class InstanceNorm extends ChannelNorm permits InstanceNorm1d, InstanceNorm2d, InstanceNorm3d {
    private final int axes;
    private final String inputs;

    InstanceNorm(int axes, String inputs, int channels, NormOptions options, RandomGenerator init) {
        super("InstanceNorm" + axes + "d", channels, false, options, init);
        this.axes = axes;
        this.inputs = inputs;
    }

    /**
     * The normalized input.
     *
     * @throws ShapeException if the input has another rank or number of channels, or a channel of a sample has one value while its own
     *     statistics are needed
     */
    @Override
    protected final Tensor compute(Tensor x) {
        int batch = x.shape().rank() - (axes + 1);
        if (batch < 0 || batch > 1 || x.shape().dim(batch) != channels()) {
            String all = inputs.replace("C", "" + channels());
            throw new ShapeException(
                    "instanceNorm: expected input " + all + " or " + all.replace("N, ", "") + ", got " + x.shape());
        }
        return batch == 1 ? normalized(x) : normalized(x.unsqueeze(0)).squeeze(0);
    }

    private Tensor normalized(Tensor x) {
        if (!usesBatch()) {
            return withRunningStatistics(x);
        }
        int samples = x.shape().dim(0);
        int values = x.shape().size() / Math.max(1, samples * channels());
        if (x.shape().size() > 0 && values == 1) {
            throw new ShapeException(
                    "instanceNorm: the input " + x.shape() + " has one value for each channel of a sample, which"
                            + " has no variance; normalise over more values");
        }
        return Functional.groupNorm(
                x, channels(), weight, bias, eps, (mean, variance) -> track(mean.mean(0), variance.mean(0), values));
    }
}
