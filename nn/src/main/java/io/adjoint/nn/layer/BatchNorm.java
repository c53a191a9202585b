package io.adjoint.nn.layer;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Modes;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Batch normalization (Ioffe and Szegedy, 2015): {@code (x − μ)/√(σ² + ε)·w + b} of each channel. In training μ and σ² are the mean and
 * biased variance of the batch, and the running statistics follow them as {@link ChannelNorm} says; in evaluation μ and σ² are the
 * running statistics. Unless set, ε is 10⁻⁵ and the momentum 0.1.
 *
 * <p>Shapes: input and output {@code [N, C, ...]}; parameters {@code weight [C]} of ones and {@code bias [C]} of zeros; buffers
 * {@code runningMean [C]} of zeros and {@code runningVariance [C]} of ones. To be used through the layers that extend it.
 */
public abstract sealed class BatchNorm extends ChannelNorm permits BatchNorm1d, BatchNorm2d, BatchNorm3d {
    private final int axes;
    private final String inputs;

    BatchNorm(int axes, String inputs, int channels, NormOptions options, RandomGenerator init) {
        super("BatchNorm" + axes + "d", channels, true, options, init);
        this.axes = axes;
        this.inputs = axes == 1 ? "[N, C] or " + inputs : inputs;
    }

    /**
     * Estimates the running statistics of all batch normalizations in a model anew, as the means of the given batches' statistics, each
     * batch with the same weight; PyTorch's {@code update_bn}. It is for parameters that no training step has run with, such as the
     * parameters of {@link io.adjoint.nn.optim.WeightAverage}:
     *
     * <pre>{@code BatchNorm.updateStatistics(model, loader, batch -> model.forward(batch.x()));}</pre>
     *
     * <p>The model runs in training mode, dropout included, without being recorded; modes and momenta are then as before. If it fails, the
     * buffers are as before, too. A model without running statistics of batch normalizations does not run.
     *
     * @param forward runs the model with a batch; its result is ignored
     * @throws IllegalArgumentException if there are no batches
     */
    public static <B> void updateStatistics(Block model, Iterable<B> batches, Function<? super B, ?> forward) {
        Set<BatchNorm> norms = new LinkedHashSet<>();
        model.apply(block -> {
            if (block instanceof BatchNorm norm && norm.tracks()) {
                norms.add(norm);
            }
        });
        if (norms.isEmpty()) {
            return;
        }
        Map<Buffer, NdArray> before = new LinkedHashMap<>();
        model.namedBuffers().values().forEach(buffer -> before.put(buffer, buffer.value()));
        Runnable modes = Modes.kept(model);
        boolean done = false;
        try {
            model.train();
            norms.forEach(ChannelNorm::beginEstimate);
            run(batches, forward);
            done = true;
        } finally {
            norms.forEach(ChannelNorm::endEstimate);
            modes.run();
            if (!done) {
                before.forEach(Buffer::assign);
            }
        }
    }

    private static <B> void run(Iterable<B> batches, Function<? super B, ?> forward) {
        boolean ran = Autograd.noGrad(() -> {
            boolean any = false;
            for (B batch : batches) {
                var unused = forward.apply(batch);
                any = true;
            }
            return any;
        });
        if (!ran) {
            throw new IllegalArgumentException(
                    "BatchNorm.updateStatistics: there are no batches to estimate the statistics of");
        }
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
        if ((rank != axes + 2 && !(axes == 1 && rank == 2)) || x.shape().dim(1) != channels()) {
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
