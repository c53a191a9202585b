package io.adjoint.core;

import io.adjoint.core.loops.PoolingLoops;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.ReductionLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.loops.Taps;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Resampling of axes by {@link Taps}: weighted sums (interpolation, average pooling) and largest elements (max pooling).
 *
 * @hidden
 */
@Internal
public final class ResamplingKernels {
    private ResamplingKernels() {}

    /**
     * The largest elements that max pooling finds, and their positions.
     *
     * @param values the largest elements
     * @param index INT32, {@code [planes, positions]}: the row-major position of each largest element in its plane; a plane spans the
     *     pooled axes
     * @param areApart whether windows don't overlap, so that the positions of a plane's largest elements differ
     * @hidden
     */
    public record Largest(NdArray values, NdArray index, boolean areApart) {}

    /** Resamples one axis: each new element is the weighted sum of the elements at its {@link Taps}, computed in double. */
    public static NdArray weighted(String op, NdArray x, int axis, Taps taps) {
        x.dtype.requireFloating(op);
        int a = x.shape.axis(op, axis);
        int[] dims = x.shape.toArray();
        dims[a] = taps.positions();
        Shape shape = Shape.adopt(op, x.shape, null, dims);
        int inner = product(dims, a + 1, dims.length);
        int outer = product(dims, 0, a);
        int positions = taps.positions();
        int size = taps.size;
        ArrayElements dense = ArrayElements.of(x);
        Storage<Object> storage = x.dtype.storage();
        Object out = ArrayElements.empty(x.dtype, shape.size());
        if (shape.size() == 0) {
            return NdArray.adopt(x.dtype, shape, out);
        }
        if (inner == 1) {
            ScratchPool<Line> pool = new ScratchPool<>(() -> new Line(size, positions));
            Parallel.ranges(outer, Parallel.blockOf(size + positions), (from, to) -> {
                Line scratch = pool.take();
                double[] line = scratch.source;
                double[] sums = scratch.sums;
                for (int o = from; o < to; o++) {
                    storage.read(dense.array(), dense.offset() + o * size, 1, line, 0, size);
                    for (int position = 0; position < positions; position++) {
                        sums[position] = dot(line, taps, position);
                    }
                    storage.write(sums, 0, out, o * positions, positions);
                }
                pool.giveBack(scratch);
            });
        } else {
            int most = Math.min(inner, Rows.RUN);
            ScratchPool<Line> pool = new ScratchPool<>(() -> new Line(most, most));
            Parallel.ranges(outer * positions, Parallel.blockOf(inner), (from, to) -> {
                Line scratch = pool.take();
                double[] run = scratch.source;
                double[] sums = scratch.sums;
                for (int row = from; row < to; row++) {
                    int position = row % positions;
                    int first = row / positions * size + taps.first[position];
                    for (int begin = 0; begin < inner; begin += run.length) {
                        int n = Math.min(inner - begin, run.length);
                        Arrays.fill(sums, 0);
                        for (int k = 0, at = taps.weightAt[position]; k < taps.count[position]; k++) {
                            int source = dense.offset() + (first + k * taps.dilation) * inner + begin;
                            storage.read(dense.array(), source, 1, run, 0, n);
                            addMultiple(sums, taps.weights[at], run, n);
                            at += taps.weightStride;
                        }
                        storage.write(sums, 0, out, row * inner + begin, n);
                    }
                }
                pool.giveBack(scratch);
            });
        }
        return NdArray.adopt(x.dtype, shape, out);
    }

    private static double dot(double[] line, Taps taps, int position) {
        double[] weights = taps.weights;
        int at = taps.weightAt[position];
        int next = taps.weightStride;
        int index = taps.first[position];
        int dilation = taps.dilation;
        double sum = 0;
        for (int k = taps.count[position]; k > 0; k--, index += dilation, at += next) {
            sum += weights[at] * line[index];
        }
        return sum;
    }

    private static void addMultiple(double[] sums, double factor, double[] run, int n) {
        for (int e = 0; e < n; e++) {
            sums[e] += factor * run[e];
        }
    }

    /**
     * Resamples the last axes: each new element is the largest of the elements at its {@link Taps}, the first in row-major order if several
     * are equal; NaN counts as largest. Axes are processed one after the other: first the largest element of each line, then the largest of
     * these elements. From axis to axis, only the positions of the largest elements are passed on, not the elements.
     */
    public static Largest largest(String op, NdArray x, List<Taps> axes) {
        x.dtype.requireFloating(op);
        int lead = x.shape.rank() - axes.size();
        int[] dims = x.shape.toArray();
        int planes = product(dims, 0, lead);
        int plane = product(dims, lead, dims.length);
        for (int axis = 0; axis < axes.size(); axis++) {
            dims[lead + axis] = axes.get(axis).positions();
        }
        Shape shape = Shape.adopt(op, x.shape, null, dims);
        int positions = product(dims, lead, dims.length);
        Object out = ArrayElements.empty(x.dtype, shape.size());
        int[] index = new int[shape.size()];
        Largest result = new Largest(
                NdArray.adopt(x.dtype, shape, out),
                NdArray.adopt(DType.INT32, Shape.of(planes, positions), index),
                axes.stream().allMatch(Taps::areApart));
        if (shape.size() == 0) {
            return result;
        }
        ArrayElements dense = ArrayElements.of(x);
        Storage<Object> storage = x.dtype.storage();
        ReductionLoops<Object> reductions = x.dtype.loops(op).reductions();
        PoolingLoops<Object> pooling = x.dtype.loops(op).pooling();
        // The axes are pooled from the last to the first; each pass replaces the size of an axis by its number of
        // output positions. For the pass over an axis, outer and inner are the products of the sizes of the axes
        // before and behind this axis.
        int[] outer = new int[axes.size()];
        int[] inner = new int[axes.size()];
        for (int axis = axes.size() - 1, left = plane, done = 1; axis >= 0; axis--) {
            left /= axes.get(axis).size;
            outer[axis] = left;
            inner[axis] = done;
            done *= axes.get(axis).positions();
        }
        boolean isOfFour = axes.size() == 2 && axes.stream().allMatch(windows -> windows.longest() == 2);
        int[] all = new int[plane];
        Arrays.setAll(all, k -> k);
        ScratchPool<int[][]> pool = new ScratchPool<>(() -> IntStream.range(0, axes.size())
                .mapToObj(axis -> new int[outer[axis] * axes.get(axis).positions() * inner[axis]])
                .toArray(int[][]::new));
        Parallel.ranges(planes, Parallel.blockOf(plane), (from, to) -> {
            int[][] found = pool.take();
            for (int p = from; p < to; p++) {
                int start = dense.offset() + p * plane;
                boolean hasNaN = Double.isNaN(reductions.row(ReduceOp.AMAX, dense.array(), start, plane, 0));
                if (isOfFour && !hasNaN) {
                    Taps rows = axes.get(0);
                    Taps columns = axes.get(1);
                    for (int row = 0, at = p * positions; row < rows.positions(); row++, at += columns.positions()) {
                        int top = rows.first[row] * columns.size;
                        int bottom = rows.last[row] * columns.size;
                        pooling.largestOfFour(
                                dense.array(), start, top, bottom, columns.first, columns.last, out, index, at);
                    }
                    continue;
                }
                int[] candidates = all;
                for (int axis = axes.size() - 1; axis >= 0; axis--) {
                    pooling.largest(dense.array(), start, hasNaN, candidates, inner[axis], axes.get(axis), found[axis]);
                    candidates = found[axis];
                }
                storage.pick(dense.array(), start, 0, 1, candidates, 0, 1, out, p * positions, positions);
                System.arraycopy(candidates, 0, index, p * positions, positions);
            }
            pool.giveBack(found);
        });
        return result;
    }

    /**
     * The adjoint of max pooling: zeros of the shape {@code target}, to which the elements of the upstream gradient g are added at the
     * positions of the largest elements. Where several windows have their largest element at one position, their elements of g add up.
     */
    public static NdArray spread(String op, NdArray g, Largest largest, Shape target) {
        NdArray index = largest.index;
        g.dtype.requireFloating(op);
        int planes = index.shape.dims()[0];
        int positions = index.shape.dims()[1];
        Storage<Object> storage = g.dtype.storage();
        Object out = ArrayElements.empty(g.dtype, target.size());
        if (target.size() == 0) {
            return NdArray.adopt(g.dtype, target, out);
        }
        int[] at = (int[]) index.elements();
        ArrayElements dense = ArrayElements.of(g);
        int plane = target.size() / planes;
        if (largest.areApart) {
            Parallel.ranges(planes, Parallel.blockOf(plane), (from, to) -> {
                for (int p = from; p < to; p++) {
                    int k = p * positions;
                    storage.fill(out, p * plane, plane, 0);
                    storage.put(dense.array(), dense.offset() + k, 1, at, k, 1, out, p * plane, 0, 1, positions);
                }
            });
            return NdArray.adopt(g.dtype, target, out);
        }
        ScratchPool<Line> pool = new ScratchPool<>(() -> new Line(positions, plane));
        Parallel.ranges(planes, Parallel.blockOf(plane), (from, to) -> {
            Line scratch = pool.take();
            double[] sums = scratch.sums;
            double[] upstream = scratch.source;
            for (int p = from; p < to; p++) {
                Arrays.fill(sums, 0);
                storage.read(dense.array(), dense.offset() + p * positions, 1, upstream, 0, positions);
                for (int e = 0; e < positions; e++) {
                    sums[at[p * positions + e]] += upstream[e];
                }
                storage.write(sums, 0, out, p * plane, plane);
            }
            pool.giveBack(scratch);
        });
        return NdArray.adopt(g.dtype, target, out);
    }

    /** Scratch for elements that are read, and for sums of them. */
    private static final class Line {
        final double[] source;
        final double[] sums;

        Line(int read, int summed) {
            source = new double[read];
            sums = new double[summed];
        }
    }

    private static int product(int[] dims, int from, int to) {
        int product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= dims[axis];
        }
        return product;
    }
}
