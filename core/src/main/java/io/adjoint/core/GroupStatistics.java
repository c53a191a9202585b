package io.adjoint.core;

import java.util.Arrays;

/**
 * Mean, biased variance and {@code 1/√(variance + ε)} of each group of a normalization, in double.
 *
 * @hidden
 */
@Internal
public final class GroupStatistics {
    final boolean centred;
    final boolean given;
    final double[] mean;
    final double[] variance;
    final double[] scale;
    private final double epsilon;

    /**
     * Statistics that {@link NormalizationKernels#normalize} computes.
     *
     * @param centred false for a mean of 0, whatever the elements are
     */
    public GroupStatistics(NormalizedGroups groups, boolean centred, double epsilon) {
        this.centred = centred;
        this.given = false;
        this.mean = new double[groups.groups];
        this.variance = new double[groups.groups];
        this.scale = new double[groups.groups];
        this.epsilon = epsilon;
    }

    /** Statistics that are known. */
    public GroupStatistics(NdArray mean, NdArray variance, double epsilon) {
        this.centred = true;
        this.given = true;
        this.mean = mean.toDoubleArray();
        this.variance = variance.toDoubleArray();
        this.scale = Arrays.stream(this.variance)
                .map(v -> 1 / Math.sqrt(v + epsilon))
                .toArray();
        this.epsilon = epsilon;
    }

    /** The mean of each group, as an array. */
    public NdArray mean(DType dtype, Shape shape) {
        return NdArray.of(shape, mean).to(dtype);
    }

    /** The biased variance of each group, as an array. */
    public NdArray variance(DType dtype, Shape shape) {
        return NdArray.of(shape, variance).to(dtype);
    }

    /**
     * Computes those of one group, which has elements, in one pass. The deviations are those from its first element: the square of its
     * own one is at most n times the variance, so that little is lost in the difference.
     */
    void compute(NormalizationLoops<Object> loops, NdArray x, NormalizedGroups groups, int group) {
        double centre = centred ? x.dtype.storage().get(x.storage, x.offset + groups.start(group, 0)) : 0;
        double[] sums = new double[2];
        for (int s = 0; s < groups.segments; s++) {
            loops.moments(x.storage, x.offset + groups.start(group, s), centre, groups.length, sums);
        }
        double shift = centred ? sums[0] / groups.size() : 0;
        mean[group] = centre + shift;
        variance[group] = Math.max(0, sums[1] / groups.size() - shift * shift);
        scale[group] = 1 / Math.sqrt(variance[group] + epsilon);
    }
}
