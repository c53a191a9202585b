package io.adjoint.nn;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.Loops;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.NormalizationLoops;
import io.adjoint.core.loops.ReductionLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (x − μ)/√(σ² + ε)·w + b} over groups of elements, and its gradient, each in one pass over memory if a group fits in the cache.
 * Arguments are not checked; x must not be empty.
 */
final class NormalizationKernels {
    /**
     * The number of rows in a block. The contributions of a block's rows to the weights' gradients are summed in the elements' own type;
     * the sums of the blocks are then added in double.
     */
    private static final int ROWS = 16;

    /**
     * The largest number of ranges of rows whose contributions to the weights' gradients are summed separately. A range consists of blocks
     * of {@link #ROWS} rows.
     */
    private static final int RANGES = 64;

    /**
     * The number of elements in a range of rows, unless a single row or {@link #RANGES} requires more. The bits of the weights' gradients
     * depend on the ranges.
     */
    private static final int RANGE = 1 << 15;

    /**
     * One pass over deviations from a centre is accurate enough if the centre's squared distance from the mean is at most this multiple of
     * the variance.
     */
    private static final double FAR_OFF = 100;

    private final DType dtype;
    private final Shape shape;
    private final ArrayElements x;
    private final NormalizedGroups groups;
    private final GroupStatistics statistics;
    private final Storage<Object> storage;
    private final NormalizationLoops<Object> loops;
    private final ReductionLoops<Object> reductions;
    private final ArithmeticLoops<Object> arithmetic;

    NormalizationKernels(NdArray x, NormalizedGroups groups, GroupStatistics statistics) {
        this.dtype = x.dtype();
        this.shape = x.shape();
        this.x = ArrayElements.of(x);
        this.groups = groups;
        this.statistics = statistics;
        Loops<Object> all = ArrayElements.loops(dtype, "normalize");
        this.storage = ArrayElements.storage(dtype);
        this.loops = all.normalizations();
        this.reductions = all.reductions();
        this.arithmetic = all.arithmetic();
    }

    /**
     * Normalizes x, and computes the statistics unless they are given.
     *
     * @param weight a vector; null for ones
     * @param bias a vector; null for zeros
     */
    NdArray normalize(@Nullable NdArray weight, @Nullable NdArray bias) {
        Object y = ArrayElements.empty(dtype, shape.size());
        Object ws = vector(weight, 1);
        Object bs = vector(bias, 0);
        ScratchPool<Scratch> pool =
                new ScratchPool<>(() -> new Scratch(0, groups.ofElements() ? groups.length() : 0, 0));
        Parallel.ranges(groups.groups(), groups.block(), (from, to) -> {
            Scratch scratch = pool.take();
            for (int group = from; group < to; group++) {
                if (!statistics.given) {
                    compute(group, scratch.sums);
                }
                double centre = statistics.mean[group];
                double scale = statistics.scale[group];
                for (int s = 0; s < groups.segments(); s++) {
                    int at = groups.start(group, s);
                    int i = x.offset() + at;
                    if (groups.ofElements()) {
                        loops.affine(x.array(), i, centre, scale, ws, bs, scratch.z, y, at, groups.length());
                    } else {
                        int own = groups.weight(group, s);
                        double factor = scale * storage.get(ws, own);
                        loops.scale(x.array(), i, centre, factor, storage.get(bs, own), y, at, groups.length());
                    }
                }
            }
            pool.giveBack(scratch);
        });
        return ArrayElements.adopt(dtype, shape, y);
    }

    /**
     * Computes the statistics of one group, which is not empty, in one pass over the deviations from its first element. If the first
     * element is so far from the mean that the variance would lose two digits, a second pass uses the deviations from the mean.
     *
     * @param moments scratch for two numbers
     */
    private void compute(int group, double[] moments) {
        double centre = statistics.centred ? storage.get(x.array(), x.offset() + groups.start(group, 0)) : 0;
        moments(group, centre, moments);
        if (statistics.centred && moments[0] * moments[0] > FAR_OFF * (moments[1] - moments[0] * moments[0])) {
            centre += moments[0];
            moments(group, centre, moments);
        }
        double shift = statistics.centred ? moments[0] : 0;
        statistics.set(group, centre + shift, Math.max(0, moments[1] - shift * shift));
    }

    /** Sets the moments to the mean of the deviations of a group's elements from a centre, and to the mean of the deviations' squares. */
    private void moments(int group, double centre, double[] moments) {
        Arrays.fill(moments, 0);
        for (int s = 0; s < groups.segments(); s++) {
            reductions.moments(x.array(), x.offset() + groups.start(group, s), centre, groups.length(), moments);
        }
        moments[0] /= groups.size();
        moments[1] /= groups.size();
    }

    /**
     * The gradients of x, weight and bias, from the upstream gradient and the statistics that {@link #normalize} computed.
     *
     * @param ofX whether to compute the gradient of x; if not, it is null
     * @param ofWeights whether to compute the gradients of weight and bias; if not, they are null
     */
    List<@Nullable NdArray> gradients(NdArray g, @Nullable NdArray weight, boolean ofX, boolean ofWeights) {
        Object w = vector(weight, 1);
        return groups.ofElements() ? ofElements(g, w, ofX, ofWeights) : ofSegments(g, w, ofX, ofWeights);
    }

    private List<@Nullable NdArray> ofSegments(NdArray g, Object w, boolean ofX, boolean ofWeights) {
        ArrayElements upstream = ArrayElements.of(g);
        Object y = ArrayElements.empty(dtype, ofX ? shape.size() : 0);
        int segments = groups.segments();
        double[] ofBias = new double[groups.groups() * segments];
        double[] ofWeight = new double[ofBias.length];
        int length = groups.length();
        ScratchPool<Scratch> pool = new ScratchPool<>(() -> new Scratch(length, length, 0));
        Parallel.ranges(groups.groups(), groups.block(), (from, to) -> {
            Scratch scratch = pool.take();
            Object gs = scratch.g;
            Object zs = scratch.z;
            double[] sums = scratch.sums;
            for (int group = from; group < to; group++) {
                double centre = statistics.mean[group];
                double scale = statistics.scale[group];
                double total = 0;
                double product = 0;
                for (int s = 0; s < segments; s++) {
                    int at = groups.start(group, s);
                    System.arraycopy(upstream.array(), upstream.offset() + at, gs, 0, length);
                    loops.scale(x.array(), x.offset() + at, centre, scale, 0, zs, 0, length);
                    Arrays.fill(sums, 0);
                    reductions.products(gs, 0, zs, 0, length, sums);
                    ofBias[group * segments + s] = sums[0];
                    ofWeight[group * segments + s] = sums[1];
                    double own = storage.get(w, groups.weight(group, s));
                    total += own * sums[0];
                    product += own * sums[1];
                }
                double q = -product / groups.size();
                double mean = statistics.centred ? total / groups.size() : 0;
                for (int s = 0; ofX && s < segments; s++) {
                    int at = groups.start(group, s);
                    if (segments > 1) {
                        System.arraycopy(upstream.array(), upstream.offset() + at, gs, 0, length);
                        loops.scale(x.array(), x.offset() + at, centre, scale, 0, zs, 0, length);
                    }
                    loops.combine(gs, storage.get(w, groups.weight(group, s)), mean, zs, q, scale, y, at, length);
                }
            }
            pool.giveBack(scratch);
        });
        NdArray gradient = ofX ? ArrayElements.adopt(dtype, shape, y) : null;
        if (!ofWeights) {
            return Arrays.asList(gradient, null, null);
        }
        double[] weights = new double[groups.weights()];
        double[] biases = new double[groups.weights()];
        for (int group = 0; group < groups.groups(); group++) {
            for (int s = 0; s < segments; s++) {
                weights[groups.weight(group, s)] += ofWeight[group * segments + s];
                biases[groups.weight(group, s)] += ofBias[group * segments + s];
            }
        }
        return Arrays.asList(gradient, array(weights), array(biases));
    }

    private List<@Nullable NdArray> ofElements(NdArray g, Object w, boolean ofX, boolean ofWeights) {
        int n = groups.length();
        int rows = groups.groups();
        int most = Math.max(1, Math.max(RANGE / Math.max(1, n), (rows + RANGES - 1) / RANGES));
        // Instead of a single range, which one thread would compute, there is one for each block; the order of the sums
        // is the same.
        int rowsOfRange = most < rows ? most : ROWS;
        int ranges = (rows + rowsOfRange - 1) / rowsOfRange;
        RowGradients gradients = new RowGradients(g, w, ofX, ofWeights ? n : 0, ranges);
        ScratchPool<Scratch> pool = new ScratchPool<>(() -> new Scratch(n, n, gradients.some));
        Parallel.ranges(ranges, Parallel.blockOf(rowsOfRange * n), (first, end) -> {
            Scratch scratch = pool.take();
            for (int range = first; range < end; range++) {
                int from = range * rowsOfRange;
                gradients.compute(range, from, Math.min(rows, from + rowsOfRange), scratch);
            }
            pool.giveBack(scratch);
        });
        return Arrays.asList(
                ofX ? ArrayElements.adopt(dtype, shape, gradients.y) : null,
                ofWeights ? gradients.sum(gradients.weights) : null,
                ofWeights ? gradients.sum(gradients.biases) : null);
    }

    /** Arrays for intermediate results, for one range of a loop at a time. */
    private final class Scratch {
        /** A row or segment of the upstream gradient; the row of a layer norm is multiplied by the weights. */
        final Object g;
        /** A row or segment of normalized elements. */
        final Object z;
        /** The sums of the contributions of a block of rows to the gradients of the weights. */
        final Object ofWeight;
        /** The sums of the contributions of a block of rows to the gradients of the biases. */
        final Object ofBias;
        /** The sums over a row or segment that {@link ReductionLoops#moments} and {@link ReductionLoops#products} compute. */
        final double[] sums = new double[2];

        /** Allocates arrays of the given lengths, which are 0 for arrays that are not needed. */
        Scratch(int lengthOfG, int lengthOfZ, int weights) {
            g = storage.allocate(lengthOfG);
            z = storage.allocate(lengthOfZ);
            ofWeight = storage.allocate(weights);
            ofBias = storage.allocate(weights);
        }
    }

    /** Computes the gradients of a normalization of rows, with one weight for each column (layer norm). */
    private final class RowGradients {
        final Object y;
        /** The number of weights whose gradients are computed: the number of all weights, or 0. */
        final int some;
        /** For each range of rows, the sums of its contributions to the gradients of the weights. */
        final double[][] weights;
        /** For each range of rows, the sums of its contributions to the gradients of the biases. */
        final double[][] biases;

        private final ArrayElements g;
        private final Object w;
        private final boolean ofX;

        RowGradients(NdArray g, Object w, boolean ofX, int some, int ranges) {
            this.g = ArrayElements.of(g);
            this.w = w;
            this.ofX = ofX;
            this.some = some;
            weights = new double[ranges][];
            biases = new double[ranges][];
            y = ArrayElements.empty(dtype, ofX ? shape.size() : 0);
        }

        /** Sets the gradient of x in a range of rows, {@code [from, to)}, and the sums of the range for weights and biases. */
        void compute(int range, int from, int to, Scratch scratch) {
            weights[range] = new double[some];
            biases[range] = new double[some];
            for (int row = from; row < to; row += ROWS) {
                computeBlock(row, Math.min(to, row + ROWS), scratch);
                arithmetic.total(scratch.ofWeight, 0, weights[range], 0, some);
                arithmetic.total(scratch.ofBias, 0, biases[range], 0, some);
            }
        }

        /** Sets the gradient of x in a block of rows, and the sums of the block for weights and biases in the scratch. */
        private void computeBlock(int from, int to, Scratch scratch) {
            storage.fill(scratch.ofWeight, 0, some, 0);
            storage.fill(scratch.ofBias, 0, some, 0);
            Object gs = scratch.g;
            Object zs = scratch.z;
            double[] sums = scratch.sums;
            int n = groups.length();
            for (int row = from; row < to; row++) {
                int at = row * n;
                int i = g.offset() + at;
                int k = x.offset() + at;
                double centre = statistics.mean[row];
                double scale = statistics.scale[row];
                if (some > 0) {
                    loops.weigh(
                            g.array(), i, x.array(), k, centre, scale, w, gs, zs, scratch.ofWeight, scratch.ofBias, n);
                } else {
                    loops.scale(x.array(), k, centre, scale, 0, zs, 0, n);
                    arithmetic.apply(BinaryOp.MUL, g.array(), i, 1, w, 0, 1, gs, 0, n);
                }
                if (ofX) {
                    Arrays.fill(sums, 0);
                    reductions.products(gs, 0, zs, 0, n, sums);
                    double mean = statistics.centred ? sums[0] / n : 0;
                    loops.combine(gs, 1, mean, zs, -sums[1] / n, scale, y, at, n);
                }
            }
        }

        /** The sum over all ranges of {@link #weights} or {@link #biases}. */
        NdArray sum(double[]... ofRanges) {
            double[] sum = ofRanges[0];
            for (int range = 1; range < ofRanges.length; range++) {
                for (int e = 0; e < some; e++) {
                    sum[e] += ofRanges[range][e];
                }
            }
            return array(sum);
        }
    }

    private NdArray array(double... elements) {
        return ArrayElements.ofDoubles(dtype, Shape.of(elements.length), elements);
    }

    /** A copy of the weights or biases as a Java array that begins with the first element; without them, all are equal to a value. */
    private Object vector(@Nullable NdArray weights, double value) {
        Object vector = storage.allocate(groups.weights());
        if (weights == null) {
            storage.fill(vector, 0, groups.weights(), value);
        } else {
            ArrayElements dense = ArrayElements.of(weights);
            System.arraycopy(dense.array(), dense.offset(), vector, 0, weights.size());
        }
        return vector;
    }
}
