package io.adjoint.core;

import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.ReductionLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoublePredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Finds indices of elements: along an axis, of the largest element, of the smallest, or of the element with a given rank; in a whole array,
 * of the first element that fulfils a condition.
 *
 * @hidden
 */
@Internal
public final class SelectionKernels {
    /** The number of elements from which on fewer positions, but at least {@link #MIN_WIDTH}, are enough work for one thread. */
    private static final int SIZE = 1 << 14;

    private static final int MIN_WIDTH = 64;

    private SelectionKernels() {}

    static NdArray argMax(NdArray x, int axis) {
        return indexOfExtreme("argMax", x, axis, false);
    }

    static NdArray argMin(NdArray x, int axis) {
        return indexOfExtreme("argMin", x, axis, true);
    }

    /**
     * The INT32 index of the first largest (or smallest) element along an axis; NaN counts as both largest and smallest.
     *
     * @param op the operation's name, for messages
     */
    public static NdArray indexOfExtreme(String op, NdArray x, int axis, boolean smallest) {
        requireElements(op, x, axis);
        int a = x.shape.axis(op, axis);
        Shape result = x.shape.reduce(op, Dims.DROP, axis);
        NdArray dense = (x.dtype.isFloating() ? x : x.to(DType.FLOAT64)).contiguous();
        if (x.size() == 0) {
            return NdArray.zeros(DType.INT32, result);
        }
        ReduceOp extreme = smallest ? ReduceOp.AMIN : ReduceOp.AMAX;
        ReductionLoops<Object> loops = dense.dtype.loops(op).reductions();
        Object elements = dense.elements();
        int[] index = (int[]) ArrayElements.empty(DType.INT32, result.size());
        int n = x.shape.dims()[a];
        int width = Math.min(Partition.WIDTH, SIZE / n);
        Partition strips = Partition.along(a, x.shape, Math.max(MIN_WIDTH, width), Math.max(1, width));
        int inner = strips.inner();
        Parallel.ranges(
                strips.count(),
                strips.block(),
                (start, end) -> strips.each(
                        start,
                        end,
                        (first, column, positions) -> loops.indices(
                                extreme,
                                elements,
                                dense.offset + first,
                                n,
                                inner,
                                inner == 1 ? n : 1,
                                positions,
                                index,
                                column)));
        return NdArray.adopt(DType.INT32, result, index);
    }

    /**
     * The INT32 index of the element of the given rank along an axis. The rank is the element's position after sorting, 0 for the smallest.
     * Of several equal elements the first is taken; if there is a NaN, the first NaN.
     *
     * @param op the operation's name, for messages
     */
    public static NdArray indexOfRank(String op, NdArray x, int axis, int rank) {
        return indexOf(op, x, axis, sorted -> Double.isNaN(sorted[sorted.length - 1]) ? Double.NaN : sorted[rank]);
    }

    /**
     * As {@link #indexOfRank}, of the elements that are not NaN; the first index if all are NaN.
     *
     * @param rank the rank, given the number of elements that are not NaN
     */
    public static NdArray indexOfRankOfNumbers(String op, NdArray x, int axis, IntUnaryOperator rank) {
        return indexOf(op, x, axis, sorted -> {
            int numbers = sorted.length;
            while (numbers > 0 && Double.isNaN(sorted[numbers - 1])) {
                numbers--;
            }
            return numbers == 0 ? Double.NaN : sorted[rank.applyAsInt(numbers)];
        });
    }

    /** The INT32 index of the first of the elements along an axis that occur most often; of several such values of the smallest. */
    public static NdArray indexOfMode(NdArray x, int axis) {
        return indexOf("mode", x, axis, sorted -> {
            double mode = sorted[0];
            int most = 0;
            int start = 0;
            for (int k = 0; k < sorted.length; k++) {
                start = isSame(sorted[k], sorted[start]) ? start : k;
                if (k - start == most) {
                    mode = sorted[k];
                    most++;
                }
            }
            return mode;
        });
    }

    /** The INT32 index of the first element along an axis that is equal to the one chosen of all in ascending order, with NaN last. */
    private static NdArray indexOf(String op, NdArray x, int axis, ToDoubleFunction<double[]> choice) {
        requireElements(op, x, axis);
        return StripBuffers.reduce(
                op,
                axis,
                DType.INT32,
                (buffers, n, width, column) -> {
                    double[] sorted = new double[n];
                    for (int c = 0; c < width; c++) {
                        for (int r = 0; r < n; r++) {
                            sorted[r] = buffers[0][r * width + c];
                        }
                        Arrays.sort(sorted);
                        double wanted = choice.applyAsDouble(sorted);
                        int index = 0;
                        while (!isSame(buffers[0][index * width + c], wanted)) {
                            index++;
                        }
                        buffers[0][c] = index;
                    }
                },
                x);
    }

    /**
     * The row-major index of the first element that fulfils a condition; −1 if no element does. The elements of a view are read in place,
     * without a contiguous copy.
     */
    public static int indexOfFirst(NdArray x, DoublePredicate condition) {
        Rows rows = new Rows(x.shape, x);
        AtomicInteger first = new AtomicInteger(Integer.MAX_VALUE);
        Storage<Object> storage = x.dtype.storage();
        Parallel.ranges(x.size(), (from, to) -> {
            if (first.get() < from) {
                return;
            }
            double[] run = new double[Math.min(to - from, Rows.RUN)];
            rows.walk(from, to, (offsets, at, n) -> {
                storage.read(x.elements(), offsets[0], rows.stride(0), run, 0, n);
                for (int k = 0; k < n; k++) {
                    if (condition.test(run[k])) {
                        first.accumulateAndGet(at + k, Math::min);
                        return;
                    }
                }
            });
        });
        return first.get() == Integer.MAX_VALUE ? -1 : first.get();
    }

    private static boolean isSame(double a, double b) {
        return a == b || (Double.isNaN(a) && Double.isNaN(b));
    }

    private static void requireElements(String op, NdArray x, int axis) {
        x.dtype.requireNumbers(op);
        if (x.shape.dim(x.shape.axis(op, axis)) == 0
                && x.shape.reduce(op, Dims.DROP, axis).size() > 0) {
            throw new ShapeException(op + ": axis " + axis + " of " + x.shape + " has no elements");
        }
    }
}
