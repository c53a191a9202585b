package io.adjoint.core;

import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Computes functions along one axis, such as softmax, in the elements' own type, strip by strip. A strip has all entries of the axis at
 * some neighbouring positions of the later axes; along the last axis, it has several rows if they are short. A strip stays in the cache
 * while several loops pass over it. The rows of a strip lie far apart in memory, often by a power of two, and a cache can hold only few
 * rows at such distances. So intermediate results are in a buffer whose rows are contiguous, and only the last loop over a strip writes to
 * the result's array. For the last axis, the part of the result that the strip computes serves as the buffer.
 *
 * <p>In the methods below, an operand is given by its number: 0 is the buffer, and k from 1 on is the k-th operand.
 */
final class Strips {
    /** The largest number of elements in a strip, except along an axis so long that {@link #WIDTH} positions have more elements. */
    private static final int SIZE = 1 << 17;

    /**
     * The smallest number of neighbouring positions in a strip, unless the axis is long or there are many threads. A processor reads
     * neighbouring cache lines much faster than lines that lie far apart: with 16 positions instead of 64, a softmax of 4096×1024 floats
     * over the first axis took 1.7 to 2.5 times as long on two threads.
     */
    private static final int WIDTH = 64;

    /** The number of neighbouring positions in a strip along an axis of more than {@link #LONG} entries, or if there are many threads. */
    private static final int MIN_WIDTH = 16;

    /** The largest number of entries of an axis along which strips have {@link #WIDTH} positions, so that a buffer takes at most 8 MB. */
    private static final int LONG = 1 << 14;

    /**
     * The number of elements whose exponentials are computed at a time: in half of all runs, C2 allocated the vectors of a loop over a
     * whole strip of doubles as objects, which took three times as long.
     */
    private static final int EXPONENTIALS = 1 << 13;

    private final Loops<Object> loops;
    private final Storage<Object> storage;
    private final Object[] arrays;
    private final int[] offsets;
    private final int n;
    private final int inner;
    private final Object result;
    private final Object numbers;
    /** For strips of several rows, a number for each element of the strip, and the row of the element. */
    private final Object spread;

    private final int[] rows;
    private int width;
    private int at;

    /** In {@code arrays} and {@code offsets}, index 0 is for the result, and index k for the k-th operand. */
    private Strips(Loops<Object> loops, Storage<Object> storage, Object[] arrays, int[] offsets, Partition strips) {
        this.loops = loops;
        this.storage = storage;
        this.result = arrays[0];
        this.arrays = arrays.clone();
        this.offsets = offsets;
        this.n = strips.n();
        this.inner = strips.inner();
        this.numbers = storage.allocate(strips.width());
        int spreads = inner == 1 && strips.width() > 1 ? n * strips.width() : 0;
        this.spread = storage.allocate(spreads);
        this.rows = new int[spreads];
        Arrays.setAll(rows, e -> e / n);
        if (inner > 1) {
            this.arrays[0] = storage.allocate(n * strips.width());
        }
    }

    /** Computes a result of the operands' shape by calling the body for each strip. */
    static NdArray map(String op, int axis, Consumer<Strips> body, NdArray... operands) {
        Shape shape = operands[0].shape;
        DType dtype = operands[0].dtype;
        Loops<Object> loops = dtype.loops(op);
        int a = shape.axis(op, axis);
        NdArray[] dense = Partition.dense(op, operands);
        Object[] arrays = new Object[dense.length + 1];
        int[] offsets = new int[arrays.length];
        for (int k = 0; k < dense.length; k++) {
            arrays[k + 1] = dense[k].elements();
            offsets[k + 1] = dense[k].offset;
        }
        if (shape.size() == 0) {
            return NdArray.zeros(dtype, shape);
        }
        Storage<Object> storage = dtype.storage();
        arrays[0] = ArrayElements.empty(dtype, shape.size());
        int n = shape.dims()[a];
        int positionsPerThread = shape.size() / n / Parallel.threads();
        int wide = n > LONG ? MIN_WIDTH : Math.max(WIDTH, SIZE / n);
        int width = Math.max(MIN_WIDTH, Math.min(positionsPerThread, wide));
        Partition strips = Partition.along(a, shape, width, n < Blocks.LONG ? Rows.RUN / n : 1);
        ScratchPool<Strips> pool = new ScratchPool<>(() -> new Strips(loops, storage, arrays, offsets, strips));
        Parallel.ranges(strips.count(), strips.block(), (start, end) -> {
            Strips strip = pool.take();
            strips.each(start, end, (from, column, positions) -> {
                strip.at = from;
                strip.width = positions;
                body.accept(strip);
            });
            pool.giveBack(strip);
        });
        return NdArray.adopt(dtype, shape, arrays[0]);
    }

    /** Reduces an operand along the axis; returns one number for each position of the strip. */
    double[] reduce(ReduceOp op, int source) {
        double[] total = new double[width];
        // A strip of one position is not a row unless all strips are: the bits of a position must not depend on the
        // width of its strip, which depends on the number of threads.
        if (inner == 1) {
            loops.reductions().rowByRow(op, arrays[source], start(source), n, width, total);
        } else {
            loops.reductions()
                    .columns(op, arrays[source], start(source), n, stride(source), width, new double[width], total);
        }
        return total;
    }

    /**
     * Sets the buffer to {@code a op values}, where a is an operand; {@code values} has one number for each position of the strip, with
     * which all entries of a at this position are combined.
     */
    void apply(BinaryOp op, int a, double... values) {
        combine(op, a, values, arrays[0], start(0), stride(0));
    }

    /** Sets the buffer to {@code a op b}, where a and b are operands. */
    void apply(BinaryOp op, int a, int b) {
        combine(op, a, b, arrays[0], start(0), stride(0));
    }

    /**
     * Sets the strip's part of the result to {@code a op values}, where a is an operand, and {@code values} has one number for each
     * position of the strip.
     */
    void finish(BinaryOp op, int a, double... values) {
        combine(op, a, values, result, at, inner);
    }

    /** Sets the strip's part of the result to {@code a op b}, where a and b are operands. */
    void finish(BinaryOp op, int a, int b) {
        combine(op, a, b, result, at, inner);
    }

    /** Sets the buffer to the exponentials of the elements of the operand a. */
    void exp(int a) {
        int dense = a;
        if (a > 0 && inner > 1) {
            for (int r = 0; r < n; r++) {
                System.arraycopy(arrays[a], start(a) + r * inner, arrays[0], r * width, width);
            }
            dense = 0;
        }
        FunctionLoops.Unary<Object> exp = loops.functions().get(UnaryFunction.EXP);
        int size = n * width;
        for (int done = 0; done < size; done += EXPONENTIALS) {
            int count = Math.min(EXPONENTIALS, size - done);
            exp.apply(arrays[dense], start(dense) + done, arrays[0], start(0) + done, count);
        }
    }

    private void combine(BinaryOp op, int a, double[] values, Object out, int to, int toStride) {
        storage.write(values, 0, numbers, 0, width);
        if (rows.length > 0) {
            storage.pick(numbers, 0, 0, 1, rows, 0, 1, spread, 0, n * width);
            loops.arithmetic().apply(op, arrays[a], start(a), 1, spread, 0, 1, out, to, n * width);
        } else if (inner == 1) {
            loops.arithmetic().apply(op, arrays[a], start(a), 1, numbers, 0, 0, out, to, n);
        } else {
            loops.arithmetic().rows(op, arrays[a], start(a), stride(a), numbers, 0, 0, 1, out, to, toStride, n, width);
        }
    }

    private void combine(BinaryOp op, int a, int b, Object out, int to, int toStride) {
        if (inner == 1) {
            loops.arithmetic().apply(op, arrays[a], start(a), 1, arrays[b], start(b), 1, out, to, n * width);
        } else {
            loops.arithmetic()
                    .rows(
                            op, arrays[a], start(a), stride(a), arrays[b], start(b), stride(b), 1, out, to, toStride, n,
                            width);
        }
    }

    /** The index of the strip's first element: in the buffer's array for the number 0, in an operand's array for a number from 1 on. */
    private int start(int source) {
        return source > 0 || inner == 1 ? offsets[source] + at : 0;
    }

    /** The distance between the strip's rows: in the buffer's array for the number 0, in an operand's array for a number from 1 on. */
    private int stride(int source) {
        return source > 0 || inner == 1 ? inner : width;
    }
}
