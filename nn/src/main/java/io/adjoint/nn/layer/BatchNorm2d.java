package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;

/**
 * Batch normalisation of images (Ioffe and Szegedy, 2015): {@code (x − μ)/√(σ² + ε)·w + b} of each channel. In training μ and σ² are the
 * mean and biased variance of the batch, and the running statistics move towards the batch's: {@code r = (1 − m)·r + m·batch}, of the
 * variance the unbiased one. In evaluation μ and σ² are the running statistics.
 *
 * <p>Shapes: input and output {@code [N, C, H, W]}; parameters {@code weight [C]} of ones and {@code bias [C]} of zeros; buffers
 * {@code runningMean [C]} of zeros and {@code runningVariance [C]} of ones.
 */
public final class BatchNorm2d extends Layer {
    private final int channels;
    private final double epsilon;
    private final double momentum;
    private final Tensor weight;
    private final Tensor bias;
    private final Buffer mean;
    private final Buffer variance;

    /** A layer with ε = 10⁻⁵ and momentum 0.1. */
    public BatchNorm2d(int channels, Init init) {
        this(channels, 1e-5, 0.1, init);
    }

    /**
     * A layer.
     *
     * @param epsilon ε, which keeps a constant channel from a division by 0
     * @param momentum m, the weight of a new batch in the running statistics
     * @throws IllegalArgumentException if there is no channel, ε is negative, or the momentum is not from 0 to 1
     */
    public BatchNorm2d(int channels, double epsilon, double momentum, Init init) {
        if (channels < 1 || !(epsilon >= 0) || !(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException(
                    "BatchNorm2d: expected at least 1 channel, an epsilon that isn't negative and a"
                            + " momentum from 0 to 1, got " + channels + ", " + epsilon + " and " + momentum);
        }
        this.channels = channels;
        this.epsilon = epsilon;
        this.momentum = momentum;
        Shape perChannel = Shape.of(channels);
        this.weight = parameter("weight", init.ones(perChannel));
        this.bias = parameter("bias", init.zeros(perChannel));
        this.mean = buffer("runningMean", NdArray.zeros(init.dtype(), perChannel));
        this.variance = buffer("runningVariance", NdArray.full(init.dtype(), perChannel, 1));
    }

    @Override
    protected Tensor compute(Tensor x) {
        if (x.shape().rank() != 4 || x.shape().dim(1) != channels) {
            throw new ShapeException("batchNorm: expected input [N, " + channels + ", H, W], got " + x.shape());
        }
        if (!isTraining()) {
            return Functional.batchNorm(x, Tensor.of(mean.value()), Tensor.of(variance.value()), weight, bias, epsilon);
        }
        Tensor y = Functional.batchNorm(x, weight, bias, epsilon);
        mean.assign(moved(mean.value(), x.data().mean(false, 0, 2, 3)));
        variance.assign(moved(variance.value(), x.data().var(1, false, 0, 2, 3)));
        return y;
    }

    private NdArray moved(NdArray running, NdArray batch) {
        return running.zip(batch, (r, b) -> (1 - momentum) * r + momentum * b);
    }

    @Override
    protected String describe() {
        return channels + (weight.dtype() == DType.FLOAT64 ? "" : ", " + weight.dtype());
    }
}
