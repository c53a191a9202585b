package io.adjoint.core;

import io.adjoint.core.parallel.Parallel;

/**
 * The partition of dense elements {@code [outer, n, inner]} into strips. A strip has all entries of the middle axis at some neighbouring
 * positions of the inner axis or, if that has one position only, of the outer axis: then it is some whole rows.
 *
 * @param width the largest number of positions in a strip, at least 1
 * @hidden
 */
@Internal
public record Partition(int outer, int n, int inner, int width) {
    /** The largest number of positions in a strip whose totals or extremes stay in the first-level cache. */
    static final int WIDTH = 256;

    /**
     * The computation of a strip.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Body {
        /**
         * Computes one strip of the result.
         *
         * @param from the row-major index of the strip's first element
         * @param column the row-major index of the strip's first position in {@code [outer, inner]}
         * @param width the number of positions in the strip
         */
        void run(int from, int column, int width);
    }

    /**
     * Partitions the elements of a shape, which is not empty, along an axis, into strips of at most {@code width} positions of the inner
     * axis or, if that has one position only, of at most {@code rows} rows.
     */
    static Partition along(int axis, Shape shape, int width, int rows) {
        int n = shape.dims()[axis];
        int inner = shape.strides()[axis];
        int outer = shape.size() / n / inner;
        return new Partition(outer, n, inner, inner == 1 ? Math.min(outer, rows) : Math.min(inner, width));
    }

    /** Returns the operands with elements in row-major order, after a check that they have one type and one shape. */
    static NdArray[] dense(String op, NdArray... operands) {
        NdArray[] dense = new NdArray[operands.length];
        for (int k = 0; k < dense.length; k++) {
            DTypeException.requireSame(op, operands[0].dtype, operands[k].dtype);
            if (!operands[k].shape.equals(operands[0].shape)) {
                throw new ShapeException(op + ": " + operands[k].shape + " differs from " + operands[0].shape);
            }
            dense[k] = operands[k].contiguous();
        }
        return dense;
    }

    /** The number of strips. */
    public int count() {
        return inner == 1 ? strips(outer) : outer * strips(inner);
    }

    /** The number of strips in a block of a parallel loop. */
    public int block() {
        return Parallel.blockOf(n * width);
    }

    private int strips(int positions) {
        return positions / width + (positions % width == 0 ? 0 : 1);
    }

    /** Calls the body for each strip from number {@code start} to number {@code end} (exclusive). */
    public void each(int start, int end, Body body) {
        int across = strips(inner);
        for (int strip = start; strip < end; strip++) {
            if (inner == 1) {
                int first = strip * width;
                body.run(first * n, first, Math.min(width, outer - first));
            } else {
                int o = strip / across;
                int c = strip % across * width;
                body.run(o * n * inner + c, o * inner + c, Math.min(width, inner - c));
            }
        }
    }
}
