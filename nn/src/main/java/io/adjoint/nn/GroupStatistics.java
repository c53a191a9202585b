package io.adjoint.nn;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.ReductionLoops;
import io.adjoint.core.Shape;
import io.adjoint.core.Storage;
import java.util.Arrays;

/** Mean, biased variance and {@code 1/√(variance + ε)} of each group of a normalization (see {@link NormalizedGroups}), in double. */
final class GroupStatistics {
    /**
     * One pass over deviations from a centre is accurate enough if the centre's squared distance from the mean is at most this multiple of
     * the variance.
     */
    private static final double FAR_OFF = 100;

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
        this.mean = new double[groups.groups];
        this.variance = new double[groups.groups];
        this.scale = new double[groups.groups];
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

    /**
     * Computes the statistics of one group, which is not empty, in one pass over the deviations from its first element. If the first
     * element is so far from the mean that the variance would lose two digits, a second pass uses the deviations from the mean.
     *
     * @param moments scratch for two numbers
     */
    void compute(
            Storage<Object> storage,
            ReductionLoops<Object> loops,
            ArrayElements x,
            NormalizedGroups groups,
            int group,
            double[] moments) {
        double centre = centred ? storage.get(x.array(), x.offset() + groups.start(group, 0)) : 0;
        moments(loops, x, groups, group, centre, moments);
        if (centred && moments[0] * moments[0] > FAR_OFF * (moments[1] - moments[0] * moments[0])) {
            centre += moments[0];
            moments(loops, x, groups, group, centre, moments);
        }
        double shift = centred ? moments[0] : 0;
        mean[group] = centre + shift;
        variance[group] = Math.max(0, moments[1] - shift * shift);
        scale[group] = 1 / Math.sqrt(variance[group] + eps);
    }

    /** Sets the moments to the mean of the deviations of a group's elements from a centre, and to the mean of the deviations' squares. */
    private static void moments(
            ReductionLoops<Object> loops,
            ArrayElements x,
            NormalizedGroups groups,
            int group,
            double centre,
            double[] moments) {
        Arrays.fill(moments, 0);
        for (int s = 0; s < groups.segments; s++) {
            loops.moments(x.array(), x.offset() + groups.start(group, s), centre, groups.length, moments);
        }
        moments[0] /= groups.size();
        moments[1] /= groups.size();
    }
}
