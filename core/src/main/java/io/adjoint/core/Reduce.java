package io.adjoint.core;

import java.util.Arrays;

/** Reductions over any set of axes: each run of neighbouring axes is one pass over {@code [outer, n, inner]}. */
final class Reduce {
    /** Columns reduced together: their running totals stay in the first-level cache. */
    private static final int WIDTH = 256;

    private Reduce() {}

    static NdArray reduce(ReduceOp op, NdArray x, boolean keepDims, int... axes) {
        Reduction<Object> loops = x.dtype.reduction(op.label());
        if (axes.length == 0 && !keepDims) {
            return block(loops, op, x.contiguous(), 1, x.size(), 1, Shape.scalar());
        }
        Shape shape = x.shape.reduce(op.label(), keepDims, axes);
        int[] reduced = x.shape.axes(op.label(), axes);
        if (reduced.length == 0) {
            return x;
        }
        NdArray current = x.contiguous();
        int[] dims = x.shape.toArray();
        for (int last = reduced.length - 1; last >= 0; ) {
            int first = last;
            while (first > 0 && reduced[first - 1] == reduced[first] - 1) {
                first--;
            }
            int n = 1;
            for (int k = first; k <= last; k++) {
                n *= dims[reduced[k]];
                dims[reduced[k]] = 1;
            }
            int inner = product(dims, reduced[last] + 1, dims.length);
            int outer = product(dims, 0, reduced[first]);
            current = block(loops, op, current, outer, n, inner, Shape.of(outer, 1, inner));
            last = first - 1;
        }
        return current.reshape(shape);
    }

    private static int product(int[] dims, int from, int to) {
        int product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= dims[axis];
        }
        return product;
    }

    /** Reduces the middle axis of dense elements in the order {@code [outer, n, inner]}. */
    private static NdArray block(
            Reduction<Object> loops, ReduceOp op, NdArray x, int outer, int n, int inner, Shape shape) {
        Storage<Object> storage = x.dtype.storage();
        Object out = storage.allocate(outer * inner);
        if (n == 0 && outer * inner > 0 && !op.hasEmptyValue()) {
            throw new ShapeException(
                    op.label() + ": " + x.shape + " has no elements along the reduced axes, and nothing has no "
                            + (op == ReduceOp.AMAX ? "greatest" : "least") + " element");
        }
        if (n == 0) {
            storage.fill(out, 0, outer * inner, op.identity);
        } else if (inner == 1 && outer == 1 && n > Parallel.BLOCK) {
            // Blocks of a fixed size, then the reduction of their results: the same bits on any number of threads.
            int blocks = (n + Parallel.BLOCK - 1) / Parallel.BLOCK;
            double[] partial = new double[blocks];
            Parallel.ranges(
                    n,
                    (from, to) ->
                            partial[from / Parallel.BLOCK] = loops.row(op, x.storage, x.offset + from, to - from));
            Reduction<Object> ofResults = DType.FLOAT64.reduction(op.label());
            storage.set(out, 0, ofResults.row(op, partial, 0, blocks));
        } else if (inner == 1) {
            Parallel.ranges(outer, Math.max(1, Parallel.BLOCK / n), (from, to) -> {
                for (int row = from; row < to; row++) {
                    storage.set(out, row, loops.row(op, x.storage, x.offset + row * n, n));
                }
            });
        } else {
            int strips = (inner + WIDTH - 1) / WIDTH;
            int work = Math.max(1, n * Math.min(inner, WIDTH));
            Parallel.ranges(outer * strips, Math.max(1, Parallel.BLOCK / work), (from, to) -> {
                for (int strip = from; strip < to; strip++) {
                    int o = strip / strips;
                    int c = strip % strips * WIDTH;
                    loops.columns(
                            op,
                            x.storage,
                            x.offset + o * n * inner + c,
                            n,
                            inner,
                            Math.min(WIDTH, inner - c),
                            out,
                            o * inner + c);
                }
            });
        }
        return NdArray.adopt(x.dtype, shape, out);
    }

    static NdArray sumTo(NdArray x, Shape target) {
        if (x.shape.equals(target)) {
            return x;
        }
        if (!target.broadcastsTo(x.shape)) {
            throw new ShapeException(
                    "sumTo: " + x.shape + " cannot be summed to " + target + ", which does not broadcast to it");
        }
        int added = x.shape.rank() - target.rank();
        int kept = target.size();
        if (kept > 0 && x.dense && product(x.shape.dims(), added, x.shape.rank()) == kept) {
            // Only leading axes were added, as for a bias: one pass.
            return block(x.dtype.reduction("sumTo"), ReduceOp.SUM, x, 1, x.size() / kept, kept, target);
        }
        int[] axes = new int[x.shape.rank()];
        int count = 0;
        for (int axis = 0; axis < axes.length; axis++) {
            if (axis < added || (target.dims()[axis - added] == 1 && x.shape.dims()[axis] != 1)) {
                axes[count++] = axis;
            }
        }
        NdArray sum = count == 0 ? x : reduce(ReduceOp.SUM, x, true, Arrays.copyOf(axes, count));
        return sum.reshape(target);
    }

    static NdArray argMax(NdArray x, int axis) {
        int a = x.shape.axis("argMax", axis);
        int side = x.shape.dims()[a];
        Shape shape = x.shape.reduce("argMax", false, a);
        if (side == 0 && shape.size() > 0) {
            throw new ShapeException("argMax: axis " + axis + " of " + x.shape + " has no elements");
        }
        NdArray rows = Indexing.toLast(x, a).contiguous();
        int[] out = new int[shape.size()];
        Parallel.ranges(out.length, Math.max(1, Parallel.BLOCK / Math.max(1, side)), (from, to) -> {
            double[] row = new double[side];
            for (int r = from; r < to; r++) {
                x.dtype.storage().read(rows.storage, rows.offset + r * side, 1, row, 0, side);
                int best = 0;
                for (int e = 1; e < side && !Double.isNaN(row[best]); e++) {
                    best = row[e] > row[best] || Double.isNaN(row[e]) ? e : best;
                }
                out[r] = best;
            }
        });
        return NdArray.adopt(DType.INT32, shape, out);
    }
}
