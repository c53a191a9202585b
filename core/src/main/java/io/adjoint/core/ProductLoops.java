package io.adjoint.core;

/**
 * The matrix product of one floating type.
 *
 * @hidden
 */
@Internal
public interface ProductLoops {
    /**
     * The multiply-adds of a block that is handed to another thread: 30 to 60 µs, which outweigh handing it over. Products with
     * fewer run where they are.
     */
    int BLOCK = 1 << 18;

    /** The terms of a part of a sum: each element is the sum of such parts, whose order is thus the same for all loops. */
    int DEPTH = 256;

    /** A matrix in a Java array: element (i, j) is at {@code offset + i · rowStride + j · columnStride}. */
    record Matrix(Object storage, int offset, int rows, int columns, int rowStride, int columnStride) {
        /** The same elements, with rows and columns exchanged. */
        public Matrix transposed() {
            return new Matrix(storage, offset, columns, rows, columnStride, rowStride);
        }

        /** Returns whether the elements of each row are neighbours. */
        public boolean hasDenseRows() {
            return columnStride == 1 || columns == 1;
        }

        /** Returns whether the elements of each column are neighbours. */
        public boolean hasDenseColumns() {
            return rowStride == 1 || rows == 1;
        }

        /** A part of this matrix. */
        public Matrix part(int top, int left, int someRows, int someColumns) {
            int corner = offset + top * rowStride + left * columnStride;
            return new Matrix(storage, corner, someRows, someColumns, rowStride, columnStride);
        }

        Matrix at(int otherOffset) {
            return new Matrix(storage, otherOffset, rows, columns, rowStride, columnStride);
        }
    }

    /**
     * Adds {@code a · b} to consecutive elements from {@code at} on, in row-major order. Each element is the same bits whatever
     * the layouts, the other rows and columns, and the number of threads.
     */
    void multiply(Matrix a, Matrix b, Object out, int at);
}
