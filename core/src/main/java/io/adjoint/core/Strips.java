package io.adjoint.core;

import java.util.function.Consumer;

/**
 * Computes along one axis in the elements' own type, strip by strip: the whole of that axis by some neighbouring positions of the axes
 * behind it. A strip is passed several times, and stays in the cache meanwhile; so the first axis is as fast as the last.
 *
 * <p>In the methods below, 0 stands for the result, and k for the kth operand.
 */
final class Strips {
    /** Elements of a strip, if the axis leaves a choice. */
    private static final int SIZE = 1 << 16;

    /** Fewer neighbours are slower than their copy in the cache would be. */
    private static final int MIN_WIDTH = 16;

    private static final int BLOCKS_OF_THREAD = 4;

    private final Loops<Object> loops;
    private final Storage<Object> storage;
    private final Object[] arrays;
    private final int[] offsets;
    private final int n;
    private final int inner;
    private final Object numbers;
    private int width;
    private int at;

    private Strips(
            Loops<Object> loops, Storage<Object> storage, Object[] arrays, int[] offsets, int n, int inner, int most) {
        this.loops = loops;
        this.storage = storage;
        this.arrays = arrays;
        this.offsets = offsets;
        this.n = n;
        this.inner = inner;
        this.numbers = storage.allocate(most);
    }

    /** The result, of the operands' shape, of a body that is called for each strip. */
    static NdArray map(String op, int axis, Consumer<Strips> body, NdArray... operands) {
        Shape shape = operands[0].shape;
        DType dtype = operands[0].dtype;
        Loops<Object> loops = dtype.loops(op);
        int a = shape.axis(op, axis);
        Object[] arrays = new Object[operands.length + 1];
        int[] offsets = new int[arrays.length];
        for (int k = 0; k < operands.length; k++) {
            DTypeException.requireSame(op, dtype, operands[k].dtype);
            if (!operands[k].shape.equals(shape)) {
                throw new ShapeException(op + ": " + operands[k].shape + " differs from " + shape);
            }
            NdArray dense = operands[k].contiguous();
            arrays[k + 1] = dense.storage;
            offsets[k + 1] = dense.offset;
        }
        if (shape.size() == 0) {
            return NdArray.zeros(dtype, shape);
        }
        Storage<Object> storage = dtype.storage();
        arrays[0] = storage.allocate(shape.size());
        int n = shape.dims()[a];
        int inner = shape.strides()[a];
        int most = Math.min(inner, Math.max(MIN_WIDTH, SIZE / n));
        int across = (inner + most - 1) / most;
        int strips = shape.size() / n / inner * across;
        int block = Math.max(Parallel.BLOCK / 4 / (n * most), strips / (BLOCKS_OF_THREAD * Parallel.threads()));
        Parallel.ranges(strips, Math.max(1, block), (from, to) -> {
            Strips strip = new Strips(loops, storage, arrays, offsets, n, inner, most);
            for (int k = from; k < to; k++) {
                int c = k % across * most;
                strip.width = Math.min(most, inner - c);
                strip.at = k / across * n * inner + c;
                body.accept(strip);
            }
        });
        return NdArray.adopt(dtype, shape, arrays[0]);
    }

    /** The reduction of the elements along the axis, at each position. */
    double[] reduce(ReduceOp op, int source) {
        return loops.reductions().reduce(op, arrays[source], offsets[source] + at, n, inner, width);
    }

    /** Sets the result to {@code a op values}, of which there is one for each position. */
    void apply(BinaryOp op, int a, double... values) {
        storage.write(values, 0, numbers, 0, width);
        rows((row, length) -> loops.arithmetic()
                .apply(op, arrays[a], offsets[a] + row, 1, numbers, 0, inner == 1 ? 0 : 1, arrays[0], row, length));
    }

    /** Sets the result to {@code a op b}. */
    void apply(BinaryOp op, int a, int b) {
        rows((row, length) -> loops.arithmetic()
                .apply(op, arrays[a], offsets[a] + row, 1, arrays[b], offsets[b] + row, 1, arrays[0], row, length));
    }

    /** Sets the result to {@code exp(a)}. */
    void exp(int a) {
        rows((row, length) ->
                loops.functions().apply(UnaryFunction.EXP, arrays[a], offsets[a] + row, arrays[0], row, length));
    }

    /** Calls the body with the index of the first element of each run of neighbours, and their number. */
    private void rows(Parallel.Range body) {
        if (inner == 1) {
            body.run(at, n);
            return;
        }
        for (int r = 0; r < n; r++) {
            body.run(at + r * inner, width);
        }
    }
}
