package io.adjoint.core;

import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.ReductionLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Reductions over any set of axes: each group of neighbouring reduced axes is reduced in one pass over the elements as {@code [outer, n,
 * inner]}, where n is the product of the group's sizes. Intermediate results are doubles for any element type; the final results are
 * rounded once.
 */
final class ReductionKernels {
    /** The largest number of elements of a matrix with few columns whose sums are computed together with other matrices' sums. */
    private static final int NARROW = 256;

    private ReductionKernels() {}

    static NdArray reduce(String label, ReduceOp op, NdArray x, Dims dims, int... axes) {
        if (op != ReduceOp.SUM) {
            x.dtype.requireNumbers(label);
        }
        return x.dtype.isFloating()
                ? reduce(label, op, DoubleUnaryOperator.identity(), x, dims, axes)
                : IntegerKernels.reduce(label, op, x, dims, axes);
    }

    /** The mean; for truth values, the fraction of true elements. */
    static NdArray mean(NdArray x, Dims dims, int... axes) {
        double n = count("mean", x.shape, axes);
        if (x.dtype == DType.BOOL) {
            return IntegerKernels.reduce("mean", ReduceOp.SUM, x, dims, axes)
                    .to(DType.FLOAT64)
                    .map(total -> total / n);
        }
        return reduce("mean", ReduceOp.SUM, total -> total / n, x, dims, axes);
    }

    /** The number of elements that are reduced to one result; 0 if the array is empty. */
    private static double count(String label, Shape shape, int... axes) {
        int results = shape.reduce(label, Dims.DROP, axes).size();
        return results == 0 ? 0 : (double) shape.size() / results;
    }

    /**
     * The variance or, with {@code root}, the standard deviation. Deviations are summed twice: first the deviations from the first element,
     * which give the mean, then the squared deviations from the mean. So equal elements have exactly their value as mean, and variance 0.
     */
    static NdArray variance(String label, boolean root, NdArray x, Correction correction, Dims dims, int... axes) {
        double divisor = Math.max(0, count(label, x.shape, axes) - correction.value());
        DoubleUnaryOperator finish = root ? total -> Math.sqrt(total / divisor) : total -> total / divisor;
        ReductionLoops<Object> loops = x.dtype.loops(label).reductions();
        Shape shape = x.shape.reduce(label, dims, axes);
        int[] turns = turns(label, x.shape, axes);
        if (x.size() == 0) {
            return NdArray.full(x.dtype, shape, shape.size() == 0 ? 0 : finish.applyAsDouble(0));
        }
        Block block = turns.length <= 3
                ? new Block(loops, x, turns[0], turns[1], turns.length == 3 ? turns[2] : 1)
                : new Block(loops, reducedLast(label, x, axes), shape.size(), x.size() / shape.size(), 1);
        return block.reduce(ReduceOp.SQUARES, true, finish, x.dtype, shape);
    }

    /** The elements as a matrix in which each row holds the elements that are reduced to one result. */
    static NdArray reducedLast(String label, NdArray x, int... axes) {
        int[] reduced = x.shape.axes(label, axes);
        NdArray moved = x;
        for (int k = 0; k < reduced.length; k++) {
            moved = IndexingKernels.toLast(moved, reduced[k] - k);
        }
        int results = x.shape.reduce(label, Dims.DROP, axes).size();
        return moved.reshape(Shape.of(results, x.size() / results));
    }

    /** Reduces, applies {@code finish} to each result, and rounds to the elements' type. */
    static NdArray reduce(String label, ReduceOp op, DoubleUnaryOperator finish, NdArray x, Dims dims, int... axes) {
        x.dtype.requireFloating(label);
        x.requireElements();
        Shape shape = x.shape.reduce(label, dims, axes);
        requireElements(label, op, x.shape, shape);
        if (x.size() == 0) {
            return NdArray.full(x.dtype, shape, shape.size() == 0 ? 0 : finish.applyAsDouble(op.identity()));
        }
        int[] turns = turns(label, x.shape, axes);
        NdArray current = x.contiguous();
        ReduceOp reduction = op;
        for (int turn = turns.length - 1, inner = 1; turn > 0; turn--) {
            if (turn % 2 == 0) {
                inner *= turns[turn];
                continue;
            }
            boolean isLast = turn == 1;
            current = new Block(
                            current.dtype.loops(label).reductions(), current, product(turns, turn), turns[turn], inner)
                    .reduce(
                            reduction,
                            false,
                            isLast ? finish : DoubleUnaryOperator.identity(),
                            isLast ? x.dtype : DType.FLOAT64,
                            isLast ? shape : Shape.of(product(turns, turn) * inner));
            reduction = op.ofPartials();
        }
        return current;
    }

    static void requireElements(String label, ReduceOp op, Shape from, Shape to) {
        if (from.size() == 0 && to.size() > 0 && !op.hasEmptyValue()) {
            throw new ShapeException(label + ": " + from
                    + " has no elements along the reduced axes, and nothing has no "
                    + (op == ReduceOp.AMAX ? "largest" : "smallest") + " element");
        }
    }

    /**
     * The sizes of alternating groups of axes: a group of kept axes, a group of reduced axes, and so on. The size of a group is the product
     * of the sizes of its axes. The first group is of kept axes, perhaps none; axes of size 1 are left out.
     */
    private static int[] turns(String label, Shape shape, int... axes) {
        boolean[] isReduced = new boolean[shape.rank()];
        for (int axis : shape.axes(label, axes)) {
            isReduced[axis] = true;
        }
        int[] turns = new int[shape.rank() + 2];
        Arrays.fill(turns, 1);
        int turn = 0;
        for (int axis = 0; axis < isReduced.length; axis++) {
            if (shape.dims()[axis] != 1) {
                turn += (turn % 2 == 1) == isReduced[axis] ? 0 : 1;
                turns[turn] *= shape.dims()[axis];
            }
        }
        return Arrays.copyOf(turns, Math.max(turn, 1) + 1);
    }

    private static int product(int[] dims, int count) {
        int product = 1;
        for (int k = 0; k < count; k++) {
            product *= dims[k];
        }
        return product;
    }

    /** Dense elements in the order {@code [outer, n, inner]}, whose middle axis is to be reduced; n is at least 1. */
    private record Block(
            ReductionLoops<Object> loops, Storage<Object> elements, ArrayElements x, int outer, int n, int inner) {
        Block(ReductionLoops<Object> loops, NdArray x, int outer, int n, int inner) {
            this(loops, x.dtype.storage(), ArrayElements.of(x), outer, n, inner);
        }

        /** The results, {@code [outer, inner]} in row-major order, as an array of the given shape. */
        NdArray reduce(ReduceOp op, boolean centred, DoubleUnaryOperator finish, DType type, Shape shape) {
            Storage<Object> storage = type.storage();
            Object out = ArrayElements.empty(type, outer * inner);
            boolean areRows = inner == 1 && n <= Parallel.SUM_BLOCK;
            boolean areNarrow = inner > 1 && inner < ReductionLoops.LANES && n * inner <= NARROW && op == ReduceOp.SUM;
            if (outer > 1 && !centred && (areRows || areNarrow)) {
                Parallel.ranges(outer, Parallel.blockOf(n * inner), (from, to) -> {
                    int most = Math.min(to - from, Rows.RUN / inner);
                    double[] total = new double[most * inner];
                    for (int first = from; first < to; first += most) {
                        int count = Math.min(to - first, most);
                        int at = x.offset() + first * n * inner;
                        if (areRows) {
                            loops.rowByRow(op, x.array(), at, n, count, total);
                        } else {
                            loops.columnsOfMany(x.array(), at, n, inner, n * inner, count, total);
                        }
                        for (int k = 0; k < count * inner; k++) {
                            total[k] = finish.applyAsDouble(total[k]);
                        }
                        storage.write(total, 0, out, first * inner, count * inner);
                    }
                });
            } else if (inner == 1) {
                Parallel.ranges(outer, Parallel.blockOf(n), (from, to) -> {
                    for (int row = from; row < to; row++) {
                        int at = x.offset() + row * n;
                        double result = total(op, at, centred ? mean(at) : 0);
                        storage.set(out, row, finish.applyAsDouble(result));
                    }
                });
            } else {
                Partition strips = new Partition(outer, n, inner, Math.min(inner, Partition.WIDTH));
                Parallel.ranges(strips.count(), strips.block(), (start, end) -> {
                    double[] centre = new double[strips.width()];
                    double[] total = new double[centre.length];
                    strips.each(start, end, (from, column, width) -> {
                        int at = x.offset() + from;
                        if (centred) {
                            means(at, width, centre, total);
                        }
                        loops.columns(op, x.array(), at, n, inner, width, centre, total);
                        for (int k = 0; k < width; k++) {
                            total[k] = finish.applyAsDouble(total[k]);
                        }
                        storage.write(total, 0, out, column, width);
                    });
                });
            }
            return NdArray.adopt(type, shape, out);
        }

        private double mean(int from) {
            double first = elements.get(x.array(), from);
            return first + total(ReduceOp.DEVIATIONS, from, first) / n;
        }

        private void means(int from, int width, double[] centre, double[] total) {
            elements.read(x.array(), from, 1, centre, 0, width);
            loops.columns(ReduceOp.DEVIATIONS, x.array(), from, n, inner, width, centre, total);
            for (int c = 0; c < width; c++) {
                centre[c] += total[c] / n;
            }
        }

        /** Reduces a row in blocks of a fixed size, then reduces the blocks' results: the bits are the same on any number of threads. */
        private double total(ReduceOp op, int from, double centre) {
            if (n <= Parallel.SUM_BLOCK) {
                return loops.row(op, x.array(), from, n, centre);
            }
            double[] partial = new double[(n + Parallel.SUM_BLOCK - 1) / Parallel.SUM_BLOCK];
            Parallel.ranges(
                    n,
                    Parallel.SUM_BLOCK,
                    (start, end) -> partial[start / Parallel.SUM_BLOCK] =
                            loops.row(op, x.array(), from + start, end - start, centre));
            return DType.FLOAT64.loops(op.name()).reductions().row(op.ofPartials(), partial, 0, partial.length, 0);
        }
    }

    static NdArray sumTo(NdArray x, Shape target) {
        if (x.shape.equals(target)) {
            return x;
        }
        if (!target.broadcastsTo(x.shape)) {
            throw new ShapeException(
                    "sumTo: " + x.shape + " cannot be summed to " + target + ", which does not broadcast to it");
        }
        int results = target.size();
        // The gradient of a bias is the most frequent sum, so it has a way without the bookkeeping of axes. An array of
        // more elements than the target is not empty.
        if (x.size() > results && x.shape.endsWith(target)) {
            return new Block(x.dtype.loops("sumTo").reductions(), x.contiguous(), 1, x.size() / results, results)
                    .reduce(ReduceOp.SUM, false, DoubleUnaryOperator.identity(), x.dtype, target);
        }
        int added = x.shape.rank() - target.rank();
        int[] axes = new int[x.shape.rank()];
        int count = 0;
        for (int axis = 0; axis < axes.length; axis++) {
            if (axis < added || (target.dims()[axis - added] == 1 && x.shape.dims()[axis] != 1)) {
                axes[count++] = axis;
            }
        }
        NdArray sum = count == 0
                ? x
                : reduce(
                        "sumTo",
                        ReduceOp.SUM,
                        DoubleUnaryOperator.identity(),
                        x,
                        Dims.KEEP,
                        Arrays.copyOf(axes, count));
        return sum.reshape(target);
    }
}
