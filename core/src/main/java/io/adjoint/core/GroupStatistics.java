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

    /** Computes those of one group, which has elements: deviations from its first one are summed for the mean, as in a variance. */
    void compute(ReductionLoops<Object> loops, NdArray x, NormalizedGroups groups, int group) {
        int n = groups.size();
        double centre = 0;
        if (centred) {
            double first = x.dtype.storage().get(x.storage, x.offset + groups.start(group, 0));
            centre = first + total(ReduceOp.DEVIATIONS, loops, x, groups, group, first) / n;
        }
        mean[group] = centre;
        variance[group] = total(ReduceOp.SQUARES, loops, x, groups, group, centre) / n;
        scale[group] = 1 / Math.sqrt(variance[group] + epsilon);
    }

    private static double total(
            ReduceOp op, ReductionLoops<Object> loops, NdArray x, NormalizedGroups groups, int group, double centre) {
        double total = 0;
        for (int s = 0; s < groups.segments; s++) {
            total += loops.row(op, x.storage, x.offset + groups.start(group, s), groups.length, centre);
        }
        return total;
    }
}
