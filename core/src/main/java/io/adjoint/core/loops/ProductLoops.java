package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The matrix product in one floating type.
 *
 * @hidden
 */
@Internal
public interface ProductLoops {
    /**
     * The number of multiply-adds of a block that is handed to another thread: 30 to 60 µs of work, more than the handover costs. Smaller
     * products run in the calling thread.
     */
    int BLOCK = 1 << 18;

    /** The number of consecutive tasks that one thread computes at a time, if each takes {@code work} multiply-adds. */
    static int blockOf(long work) {
        return (int) Math.max(1, BLOCK / Math.max(1, work));
    }

    /**
     * The number of terms of a block of a sum: each element of a matrix product is a sum that is computed in blocks, whose sums are added
     * in order. All implementations use this number, so they add in the same order and give the same bits.
     */
    int DEPTH = 256;

    /**
     * A matrix in a Java array: element (i, j) is at {@code offset + i · rowStride + j · columnStride}.
     *
     * @hidden
     */
    record Matrix(Object storage, int offset, int rows, int columns, int rowStride, int columnStride) {
        /** The transposed matrix, with the same elements in the same Java array. */
        public Matrix transposed() {
            return new Matrix(storage, offset, columns, rows, columnStride, rowStride);
        }

        /** Returns whether the elements of each row are adjacent in memory. */
        public boolean hasDenseRows() {
            return columnStride == 1 || columns == 1;
        }

        /** Returns whether the elements of each column are adjacent in memory. */
        public boolean hasDenseColumns() {
            return rowStride == 1 || rows == 1;
        }

        /** The submatrix of the given numbers of rows and columns from row {@code top} and column {@code left} on. */
        public Matrix block(int top, int left, int someRows, int someColumns) {
            int corner = offset + top * rowStride + left * columnStride;
            return new Matrix(storage, corner, someRows, someColumns, rowStride, columnStride);
        }

        public Matrix at(int otherOffset) {
            return new Matrix(storage, otherOffset, rows, columns, rowStride, columnStride);
        }
    }

    /**
     * Adds the matrix product {@code a · b} to consecutive elements of {@code out} from {@code at} on, in row-major order. The sum of an
     * element's products, in blocks of {@link #DEPTH}, is computed before it is added. So the bits of an element depend neither on layouts,
     * nor on other rows and columns, nor on the number of threads; only with the backend {@code fma} they depend on the product's size.
     */
    void multiply(Matrix a, Matrix b, Object out, int at);

    /**
     * Adds the products of {@code count} pairs of matrices to consecutive results, which begin at {@code out[at]}, each as
     * {@link #multiply} does. The e-th pair has the shapes and strides of a and b, and begins at {@code fromA[e]} and {@code fromB[e]}.
     */
    default void multiplyEach(Matrix a, int[] fromA, Matrix b, int[] fromB, int count, Object out, int at) {
        int size = a.rows() * b.columns();
        for (int e = 0; e < count; e++) {
            multiply(a.at(fromA[e]), b.at(fromB[e]), out, at + e * size);
        }
    }
}
