package io.adjoint.nn;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;

/** Mean, biased variance and {@code 1/√(variance + ε)} of each group of a normalization (see {@link NormalizedGroups}), in double. */
final class GroupStatistics {
    final boolean centred;
    final boolean given;
    final double[] mean;
    final double[] variance;
    final double[] scale;
    private final double eps;

    /**
     * Statistics that are still to be computed, by {@link NormalizationKernels#normalize}.
     *
     * @param centred false to use a mean of 0 for all elements
     */
    GroupStatistics(NormalizedGroups groups, boolean centred, double eps) {
        this.centred = centred;
        this.given = false;
        this.mean = new double[groups.groups()];
        this.variance = new double[groups.groups()];
        this.scale = new double[groups.groups()];
        this.eps = eps;
    }

    /** Statistics that are given, such as running statistics. */
    GroupStatistics(NdArray mean, NdArray variance, double eps) {
        this.centred = true;
        this.given = true;
        this.mean = mean.toDoubleArray();
        this.variance = variance.toDoubleArray();
        this.scale =
                Arrays.stream(this.variance).map(v -> 1 / Math.sqrt(v + eps)).toArray();
        this.eps = eps;
    }

    /** The mean of each group, as an array. */
    NdArray mean(DType dtype, Shape shape) {
        return ArrayElements.ofDoubles(dtype, shape, mean.clone());
    }

    /** The biased variance of each group, as an array. */
    NdArray variance(DType dtype, Shape shape) {
        return ArrayElements.ofDoubles(dtype, shape, variance.clone());
    }

    /** Sets the statistics of a group. */
    void set(int group, double groupMean, double groupVariance) {
        mean[group] = groupMean;
        variance[group] = groupVariance;
        scale[group] = 1 / Math.sqrt(groupVariance + eps);
    }
}
