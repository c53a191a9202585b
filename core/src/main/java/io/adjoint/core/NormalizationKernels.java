package io.adjoint.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (x − μ)/√(σ² + ε)·w + b} over groups of elements, and its gradient, each in one pass over memory if a group fits in the cache.
 * Arguments are not checked; x has elements.
 *
 * @hidden
 */
@Internal
public final class NormalizationKernels {
    /** Rows whose parts of the weights' gradients are added up in the elements' own type. */
    private static final int ROWS = 16;

    /** The most blocks of rows, each of which has sums of its own for the weights' gradients. */
    private static final int BLOCKS = 64;

    private NormalizationKernels() {}

    /**
     * Normalises, and computes the statistics unless they are given.
     *
     * @param weight dense; null for ones
     * @param bias dense; null for zeros
     */
    public static NdArray normalize(
            NdArray x,
            NormalizedGroups groups,
            GroupStatistics statistics,
            @Nullable NdArray weight,
            @Nullable NdArray bias) {
        NdArray dense = x.contiguous();
        Object y = x.dtype.storage().allocate(x.size());
        NormalizationLoops<Object> loops = NormalizationLoops.of(x.dtype);
        ReductionLoops<Object> reduction = x.dtype.reduction("normalize");
        Shape weights = Shape.of(groups.weights());
        NdArray w = weight != null ? weight.contiguous() : NdArray.full(x.dtype, weights, 1);
        NdArray b = bias != null ? bias.contiguous() : NdArray.zeros(x.dtype, weights);
        Parallel.ranges(groups.groups, groups.block(), (from, to) -> {
            for (int group = from; group < to; group++) {
                if (!statistics.given) {
                    statistics.compute(reduction, dense, groups, group);
                }
                double centre = statistics.mean[group];
                double scale = statistics.scale[group];
                for (int s = 0; s < groups.segments; s++) {
                    int at = groups.start(group, s);
                    if (groups.ofElements) {
                        loops.scale(
                                dense.storage,
                                dense.offset + at,
                                centre,
                                scale,
                                w.storage,
                                w.offset,
                                b.storage,
                                b.offset,
                                y,
                                at,
                                groups.length);
                    } else {
                        int own = groups.weight(group, s);
                        double factor = scale * number(w, own);
                        loops.scale(
                                dense.storage, dense.offset + at, centre, factor, number(b, own), y, at, groups.length);
                    }
                }
            }
        });
        return NdArray.adopt(x.dtype, x.shape, y);
    }

    /** The gradients of x, weights and biases, from the upstream gradient and what {@link #normalize} computed. */
    public static List<NdArray> gradients(
            NdArray g, NdArray x, NormalizedGroups groups, GroupStatistics statistics, @Nullable NdArray weight) {
        NdArray w = weight != null ? weight.contiguous() : NdArray.full(x.dtype, Shape.of(groups.weights()), 1);
        return groups.ofElements
                ? ofElements(g.contiguous(), x.contiguous(), groups, statistics, w)
                : ofSegments(g.contiguous(), x.contiguous(), groups, statistics, w);
    }

    private static List<NdArray> ofSegments(
            NdArray g, NdArray x, NormalizedGroups groups, GroupStatistics statistics, NdArray w) {
        Object y = x.dtype.storage().allocate(x.size());
        NormalizationLoops<Object> loops = NormalizationLoops.of(x.dtype);
        int segments = groups.segments;
        double[] ofBias = new double[groups.groups * segments];
        double[] ofWeight = new double[ofBias.length];
        Parallel.ranges(groups.groups, groups.block(), (from, to) -> {
            double[] sums = new double[2];
            for (int group = from; group < to; group++) {
                double centre = statistics.mean[group];
                double scale = statistics.scale[group];
                double total = 0;
                double product = 0;
                for (int s = 0; s < segments; s++) {
                    int at = groups.start(group, s);
                    sums[0] = 0;
                    sums[1] = 0;
                    loops.sums(g.storage, g.offset + at, x.storage, x.offset + at, centre, groups.length, sums);
                    ofBias[group * segments + s] = sums[0];
                    ofWeight[group * segments + s] = sums[1] * scale;
                    double own = number(w, groups.weight(group, s));
                    total += own * sums[0];
                    product += own * sums[1];
                }
                double q = -product / groups.size() * scale * scale * scale;
                double r = statistics.centred ? -total / groups.size() * scale : 0;
                for (int s = 0; s < segments; s++) {
                    int at = groups.start(group, s);
                    double p = scale * number(w, groups.weight(group, s));
                    loops.combine(
                            g.storage, g.offset + at, p, x.storage, x.offset + at, centre, q, r, y, at, groups.length);
                }
            }
        });
        double[] weights = new double[groups.weights()];
        double[] biases = new double[groups.weights()];
        for (int group = 0; group < groups.groups; group++) {
            for (int s = 0; s < segments; s++) {
                weights[groups.weight(group, s)] += ofWeight[group * segments + s];
                biases[groups.weight(group, s)] += ofBias[group * segments + s];
            }
        }
        return List.of(NdArray.adopt(x.dtype, x.shape, y), vector(x.dtype, weights), vector(x.dtype, biases));
    }

    private static List<NdArray> ofElements(
            NdArray g, NdArray x, NormalizedGroups groups, GroupStatistics statistics, NdArray w) {
        Storage<Object> storage = x.dtype.storage();
        Object y = storage.allocate(x.size());
        NormalizationLoops<Object> loops = NormalizationLoops.of(x.dtype);
        ArithmeticLoops<Object> arithmetic = x.dtype.arithmetic("normalize");
        int n = groups.length;
        int rows = Math.max(groups.block(), (groups.groups + BLOCKS - 1) / BLOCKS);
        double[][] ofWeight = new double[(groups.groups + rows - 1) / rows][];
        double[][] ofBias = new double[ofWeight.length][];
        Parallel.ranges(groups.groups, rows, (from, to) -> {
            double[] sums = new double[2];
            double[] weights = new double[n];
            double[] biases = new double[n];
            for (int first = from; first < to; first += ROWS) {
                Object someWeights = storage.allocate(n);
                Object someBiases = storage.allocate(n);
                for (int row = first; row < Math.min(to, first + ROWS); row++) {
                    int at = row * n;
                    double centre = statistics.mean[row];
                    double scale = statistics.scale[row];
                    sums[0] = 0;
                    sums[1] = 0;
                    loops.sums(
                            g.storage, g.offset + at, w.storage, w.offset, x.storage, x.offset + at, centre, n, sums);
                    loops.columns(
                            g.storage,
                            g.offset + at,
                            x.storage,
                            x.offset + at,
                            centre,
                            scale,
                            someWeights,
                            someBiases,
                            n);
                    double q = -sums[1] / n * scale * scale * scale;
                    double r = statistics.centred ? -sums[0] / n * scale : 0;
                    loops.combine(
                            g.storage,
                            g.offset + at,
                            w.storage,
                            w.offset,
                            scale,
                            x.storage,
                            x.offset + at,
                            centre,
                            q,
                            r,
                            y,
                            at,
                            n);
                }
                arithmetic.total(someWeights, 0, weights, 0, n);
                arithmetic.total(someBiases, 0, biases, 0, n);
            }
            ofWeight[from / rows] = weights;
            ofBias[from / rows] = biases;
        });
        return List.of(NdArray.adopt(x.dtype, x.shape, y), sum(x.dtype, ofWeight), sum(x.dtype, ofBias));
    }

    private static NdArray sum(DType dtype, double[]... parts) {
        double[] sum = parts[0];
        for (int k = 1; k < parts.length; k++) {
            for (int e = 0; e < sum.length; e++) {
                sum[e] += parts[k][e];
            }
        }
        return vector(dtype, sum);
    }

    private static NdArray vector(DType dtype, double... elements) {
        return NdArray.of(Shape.of(elements.length), elements).to(dtype);
    }

    private static double number(NdArray vector, int k) {
        return vector.dtype.storage().get(vector.storage, vector.offset + k);
    }
}
