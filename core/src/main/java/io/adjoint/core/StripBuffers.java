package io.adjoint.core;

import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.Arrays;

/**
 * Computes functions along one axis, in double, strip by strip. A strip has all entries of the axis at some neighbouring positions of the
 * later axes; its buffer is a copy of them as consecutive doubles that stay in the cache. So one loop serves every axis and both floating
 * types.
 */
final class StripBuffers {
    /** The largest number of elements in a strip, unless the axis is so long that {@link #MIN_WIDTH} positions have more elements. */
    private static final int SIZE = 1 << 16;

    /** The smallest number of neighbouring positions in a strip: with fewer, each cache line would be read for several strips. */
    private static final int MIN_WIDTH = 8;

    @FunctionalInterface
    interface Body {
        /**
         * Computes the result from the buffers of the operands, and writes it to the first buffer. The rows of a buffer stand for the
         * entries of the axis, the columns for neighbouring positions of the later axes; row r and column c is the buffer's element {@code
         * r·width + c}. A reduction writes only row 0.
         *
         * @param n the number of rows, which is the size of the axis
         * @param width the number of columns
         * @param column the position of the first column in the row-major order of the shape without the axis
         */
        void run(double[][] buffers, int n, int width, int column);
    }

    private StripBuffers() {}

    /** Computes a result of the operands' shape by running the body on the buffers of the operands. */
    static NdArray map(String op, int axis, DType type, Body body, NdArray... operands) {
        return along(op, axis, type, operands[0].shape, body, operands);
    }

    /** Reduces the operands along the axis by running the body on the buffers of the operands; the result's shape lacks the axis. */
    static NdArray reduce(String op, int axis, DType type, Body body, NdArray... operands) {
        return along(op, axis, type, operands[0].shape.reduce(op, Dims.DROP, axis), body, operands);
    }

    private static NdArray along(String op, int axis, DType type, Shape result, Body body, NdArray... operands) {
        Shape shape = operands[0].shape;
        int a = shape.axis(op, axis);
        NdArray[] dense = Partition.dense(op, operands);
        if (shape.size() == 0) {
            return NdArray.zeros(type, result);
        }
        Partition strips = Partition.along(a, shape, Math.max(MIN_WIDTH, SIZE / shape.dims()[a]), 1);
        int n = strips.n();
        int inner = strips.inner();
        boolean isReduced = result.size() < shape.size();
        Storage<Object> from = operands[0].dtype.storage();
        Storage<Object> to = type.storage();
        Object out = ArrayElements.empty(type, result.size());
        // A single strip of doubles is computed where the result lies.
        double[] whole = !isReduced && strips.count() == 1 && out instanceof double[] doubles ? doubles : null;
        ScratchPool<double[][]> pool = new ScratchPool<>(() -> {
            double[][] buffers = new double[dense.length][];
            Arrays.setAll(buffers, k -> k == 0 && whole != null ? whole : new double[n * strips.width()]);
            return buffers;
        });
        Parallel.ranges(strips.count(), strips.block(), (start, end) -> {
            double[][] buffers = pool.take();
            strips.each(start, end, (first, column, width) -> {
                for (int k = 0; k < buffers.length; k++) {
                    read(from, dense[k], first, n, inner, width, buffers[k]);
                }
                body.run(buffers, n, width, column);
                if (buffers[0] != out) {
                    write(to, buffers[0], out, isReduced ? column : first, isReduced ? 1 : n, inner, width);
                }
            });
            pool.giveBack(buffers);
        });
        return NdArray.adopt(type, result, out);
    }

    private static void read(Storage<Object> from, NdArray x, int at, int n, int inner, int width, double[] buffer) {
        Object elements = x.elements();
        if (width == inner) {
            from.read(elements, x.offset + at, 1, buffer, 0, n * inner);
            return;
        }
        for (int r = 0; r < n; r++) {
            from.read(elements, x.offset + at + r * inner, 1, buffer, r * width, width);
        }
    }

    private static void write(Storage<Object> to, double[] buffer, Object out, int at, int rows, int inner, int width) {
        if (width == inner) {
            to.write(buffer, 0, out, at, rows * inner);
            return;
        }
        for (int r = 0; r < rows; r++) {
            to.write(buffer, r * width, out, at + r * inner, width);
        }
    }
}
