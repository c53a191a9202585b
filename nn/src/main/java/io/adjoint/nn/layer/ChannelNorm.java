package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The normalizations of channels, which can keep running statistics for evaluation. To be used through the layers that extend it.
 *
 * <p>In training each running statistic r moves towards the batch's: {@code r = (1 − m)·r + m·batch}, where the batch's variance is the
 * unbiased one. For a cumulative average, m is 1 divided by the number of batches so far, which the buffer {@code batchesTracked} counts.
 */
public abstract sealed class ChannelNorm extends Normalization permits BatchNorm, InstanceNorm {
    private final double momentum;
    private final boolean tracksByDefault;
    private final @Nullable Buffer mean;
    private final @Nullable Buffer variance;
    private final @Nullable Buffer count;
    /** The number of batches so far in the current estimate of the statistics; −1 while no estimate is being made. */
    private int estimated = -1;

    ChannelNorm(String name, int channels, boolean standard, NormOptions options, RandomGenerator init) {
        super(channels(name, channels), options.affineOr(standard), 1e-5, options, init);
        momentum = options.momentumOr(0.1);
        tracksByDefault = standard;
        boolean tracks = options.tracksOr(standard);
        DType dtype = Init.of(init).dtype();
        mean = tracks ? buffer("runningMean", NdArray.zeros(dtype, shape)) : null;
        variance = tracks ? buffer("runningVariance", NdArray.full(dtype, shape, 1)) : null;
        count = tracks && options.cumulative
                ? buffer("batchesTracked", NdArray.zeros(DType.INT32, Shape.scalar()))
                : null;
    }

    /** The number of channels. */
    final int channels() {
        return shape.dim(0);
    }

    /**
     * Returns whether the input is normalized by its own statistics: in training, and also in evaluation if there are no running
     * statistics.
     */
    final boolean usesBatch() {
        return isTraining() || mean == null;
    }

    /** Returns whether there are running statistics. */
    final boolean tracks() {
        return mean != null;
    }

    /** Resets the running statistics; until the estimate ends they are the means over all batches, regardless of the momentum. */
    final void beginEstimate() {
        if (mean != null && variance != null) {
            mean.assign(NdArray.zeros(mean.value().dtype(), shape));
            variance.assign(NdArray.full(mean.value().dtype(), shape, 1));
        }
        if (count != null) {
            count.assign(NdArray.zeros(DType.INT32, Shape.scalar()));
        }
        estimated = 0;
    }

    final void endEstimate() {
        estimated = -1;
    }

    final Tensor withRunningStatistics(Tensor x) {
        return Functional.batchNorm(
                x,
                Tensor.of(Objects.requireNonNull(mean).value()),
                Tensor.of(Objects.requireNonNull(variance).value()),
                weight,
                bias,
                eps);
    }

    /**
     * Updates the running statistics, if there are any and this layer is in training.
     *
     * @param batchVariance the biased variance of the batch
     * @param n the number of values for each channel from which it was computed
     */
    final void track(NdArray batchMean, NdArray batchVariance, int n) {
        if (mean == null || variance == null || !isTraining()) {
            return;
        }
        double m = momentum;
        if (count != null) {
            NdArray next = count.value().mapExact("batchNorm", (x, i, y, j, k) -> y[j] = x[i] + 1);
            count.assign(next);
            m = 1 / next.item();
        } else if (estimated >= 0) {
            estimated++;
            m = 1.0 / estimated;
        }
        double weightOfBatch = m;
        double unbiased = (double) n / (n - 1);
        mean.assign(mean.value().zip(batchMean, (r, b) -> (1 - weightOfBatch) * r + weightOfBatch * b));
        variance.assign(variance.value()
                .zip(batchVariance, (r, b) -> (1 - weightOfBatch) * r + weightOfBatch * (b * unbiased)));
    }

    @Override
    final @Nullable DType dtype() {
        return mean == null ? super.dtype() : mean.value().dtype();
    }

    @Override
    protected final String describe() {
        boolean tracks = mean != null;
        return described(channels() + "")
                + (tracks == tracksByDefault ? "" : tracks ? ", running statistics" : ", no running statistics");
    }
}
