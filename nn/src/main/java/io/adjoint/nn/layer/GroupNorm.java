package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import java.util.random.RandomGenerator;

/**
 * Group normalization (Wu and He, 2018): {@code (x − μ)/√(σ² + ε)·w + b} with mean and biased variance over the channels of a group in
 * each sample, the same in training and evaluation; ε = 10⁻⁵ unless set. See {@link Functional#groupNorm}.
 *
 * <p>Shapes: input and output {@code [N, C, ...]}; parameters {@code weight [C]} of ones and {@code bias [C]} of zeros.
 */
public final class GroupNorm extends Normalization {
    private final int groups;

    /**
     * Normalization of groups of neighbouring channels.
     *
     * @throws IllegalArgumentException if groups or channels is less than 1, or the groups do not divide the channels
     */
    public GroupNorm(int groups, int channels, RandomGenerator init) {
        this(groups, channels, new NormOptions(), init);
    }

    /**
     * Normalization of groups of neighbouring channels.
     *
     * @param options eps, affine, bias
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if groups or channels is less than 1, the groups do not divide the channels, or the options set
     *     running statistics
     */
    public GroupNorm(int groups, int channels, NormOptions options, RandomGenerator init) {
        super(channels("GroupNorm", channels), options.affineOr(true), 1e-5, options, init);
        options.requireNoStatistics("GroupNorm");
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("GroupNorm: expected at least 1 group, and equal groups of " + channels
                    + " channels, got " + groups);
        }
        this.groups = groups;
    }

    @Override
    protected Tensor compute(Tensor x) {
        if (x.shape().rank() < 2 || x.shape().dim(1) != shape.dim(0)) {
            throw new ShapeException("groupNorm: expected input [N, " + shape.dim(0) + ", ...], got " + x.shape());
        }
        return Functional.groupNorm(x, groups, weight, bias, eps);
    }

    /** The number of groups. */
    public int groups() {
        return groups;
    }

    @Override
    protected String describe() {
        return described(groups + " groups of " + shape.dim(0) + " channels");
    }
}
