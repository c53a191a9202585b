package io.adjoint.core;

import java.util.Arrays;
import java.util.List;

/**
 * Checks INT32 index arrays, converts them to indices from the front, makes them from masks, and merges the index arrays of several axes.
 *
 * @hidden
 */
@Internal
public final class Indices {
    private Indices() {}

    /**
     * Checks that each number in an index array is a valid index of one axis, counted from 0.
     *
     * @param op the operation that asks, for the message
     * @throws DTypeException if the index is not INT32
     * @throws ShapeException if a number is out of range
     */
    public static void check(String op, NdArray index, int axis, Shape shape) {
        index.dtype.requireIndex(op);
        IndexingKernels.checkRange(op, index, axis, shape);
    }

    /**
     * The index array with each negative number i, which counts from the end of the axis, replaced by i + size, where size is the size of
     * the axis; numbers out of range are errors as in {@link #check}.
     */
    public static NdArray fromFront(String op, NdArray index, int axis, Shape shape) {
        index.dtype.requireIndex(op);
        int size = shape.dim(axis);
        int[] at = index.toIntArray();
        for (int k = 0; k < at.length; k++) {
            if (at[k] < -size || at[k] >= size) {
                throw IndexingKernels.outOfRange(op, at[k], axis, shape);
            }
            at[k] += at[k] < 0 ? size : 0;
        }
        return NdArray.adopt(DType.INT32, index.shape, at);
    }

    /** The row-major indices of the elements of x that are not 0, as a vector. */
    public static NdArray positions(NdArray x) {
        double[] elements = x.toDoubleArray();
        int[] positions = new int[elements.length];
        int count = 0;
        for (int k = 0; k < elements.length; k++) {
            if (elements[k] != 0) {
                positions[count++] = k;
            }
        }
        return NdArray.adopt(DType.INT32, Shape.of(count), Arrays.copyOf(positions, count));
    }

    /**
     * Converts n row-major indices to indices along each axis: the result {@code [n, rank]} has a row for each element. The inverse of
     * {@link #merge}.
     */
    public static NdArray split(NdArray positions, Shape shape) {
        int[] at = positions.toIntArray();
        int rank = shape.rank();
        int[] rows = new int[at.length * rank];
        for (int k = 0; k < at.length; k++) {
            System.arraycopy(shape.unravelIndex(at[k]), 0, rows, k * rank, rank);
        }
        return NdArray.adopt(DType.INT32, Shape.of(at.length, rank), rows);
    }

    /**
     * Converts indices along each axis to row-major indices; the index arrays are broadcast to one shape, which the result has.
     *
     * @param indices an index array for each axis of the shape, counted from the front and in range
     */
    public static NdArray merge(String op, List<NdArray> indices, Shape shape) {
        Shape common = Shape.scalar();
        for (NdArray index : indices) {
            common = Shape.broadcast(op, common, index.shape);
        }
        int[] positions = new int[common.size()];
        for (int axis = 0; axis < shape.rank(); axis++) {
            int[] at = indices.get(axis).broadcastTo(common).toIntArray();
            int size = shape.dims()[axis];
            for (int k = 0; k < positions.length; k++) {
                positions[k] = positions[k] * size + at[k];
            }
        }
        return NdArray.adopt(DType.INT32, common, positions);
    }
}
