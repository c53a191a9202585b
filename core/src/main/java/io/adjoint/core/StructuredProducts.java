package io.adjoint.core;

import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import io.adjoint.core.loops.Storage;

/**
 * Large matrix products that need fewer operations than their sizes say: a matrix times its transpose, and a left operand with zeros at the
 * ends of its rows, as a triangular matrix or the identity has. They are divided into bands of rows, and have the bits of the whole
 * product, unless the backend is {@code fma}: an element depends on its row, its column and the blocks of its sum alone.
 */
final class StructuredProducts {
    /** Products with fewer rows or columns are computed whole: bands would take longer. */
    private static final int MIN_SIZE = 256;

    /** Products with fewer terms are computed whole: the copies below the diagonal would take longer than the products. */
    private static final int MIN_TERMS = 2 * ProductLoops.DEPTH;

    /** The largest number of bands of a symmetric product, each of which reads the right operand once more. */
    private static final int BANDS = 8;

    /** The number of columns that are copied at a time, whose cache lines stay in the cache for the next rows. */
    private static final int LINES = 32;

    /** The smallest number of rows in a band of a product with zeros. */
    private static final int HEIGHT = 128;

    private StructuredProducts() {}

    /** Adds the product of a and b to the zeros in {@code out}. */
    static void multiply(ProductLoops products, Storage<Object> storage, Matrix a, Matrix b, Object out) {
        if (a.rows() < MIN_SIZE || b.columns() < MIN_SIZE || a.columns() < MIN_TERMS) {
            products.multiply(a, b, out, 0);
        } else if (b.equals(a.transposed())) {
            symmetric(products, storage, a, b, out);
        } else {
            banded(products, storage, a, b, out);
        }
    }

    /** Computes each band from its first diagonal element on, and copies the band below the diagonal. */
    private static void symmetric(ProductLoops products, Storage<Object> storage, Matrix a, Matrix b, Object out) {
        int n = a.rows();
        int terms = a.columns();
        int height = (n + BANDS - 1) / BANDS;
        for (int top = 0; top < n; top += height) {
            int rows = Math.min(n - top, height);
            int columns = n - top;
            Object band = storage.allocate(rows * columns);
            products.multiply(a.block(top, 0, rows, terms), b.block(0, top, terms, columns), band, 0);
            for (int r = 0; r < rows; r++) {
                storage.copy(band, r * columns, 1, out, (top + r) * n + top, 1, columns);
            }
            for (int c = 0; c < columns; c += LINES) {
                int some = Math.min(columns - c, LINES);
                for (int r = 0; r < rows; r++) {
                    storage.copy(band, r * columns + c, 1, out, (top + c) * n + top + r, n, some);
                }
            }
        }
    }

    /** Leaves out the blocks of terms at the ends of a band whose left factors are zeros, if all right factors are finite. */
    private static void banded(ProductLoops products, Storage<Object> storage, Matrix a, Matrix b, Object out) {
        int depth = ProductLoops.DEPTH;
        int bands = a.rows() / HEIGHT;
        int blocks = (a.columns() + depth - 1) / depth;
        Matrix[] rest = new Matrix[bands];
        int[] first = new int[bands];
        long left = 0;
        for (int k = 0; k < bands; k++) {
            int top = k * HEIGHT;
            Matrix rows = a.block(top, 0, k == bands - 1 ? a.rows() - top : HEIGHT, a.columns());
            int end = blocks;
            while (end > 0 && isZero(storage, rows, (end - 1) * depth)) {
                end--;
            }
            int begin = 0;
            while (begin < end && isZero(storage, rows, begin * depth)) {
                begin++;
            }
            first[k] = begin * depth;
            rest[k] = rows.block(0, first[k], rows.rows(), Math.min(end * depth, a.columns()) - first[k]);
            left += end - begin;
        }
        if (left > (long) bands * blocks * 3 / 4 || !isFinite(storage, b)) {
            products.multiply(a, b, out, 0);
            return;
        }
        for (int k = 0; k < bands; k++) {
            Matrix right = b.block(first[k], 0, rest[k].columns(), b.columns());
            products.multiply(rest[k], right, out, k * HEIGHT * b.columns());
        }
    }

    /** Returns whether a block of terms, from a column of a on, is 0 in all rows. */
    private static boolean isZero(Storage<Object> storage, Matrix a, int column) {
        int end = Math.min(column + ProductLoops.DEPTH, a.columns());
        for (int r = 0; r < a.rows(); r++) {
            int row = a.offset() + r * a.rowStride();
            for (int c = column; c < end; c++) {
                if (storage.get(a.storage(), row + c * a.columnStride()) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isFinite(Storage<Object> storage, Matrix b) {
        Matrix lines = b.hasDenseRows() ? b : b.transposed();
        int n = lines.columns();
        double[] line = new double[n];
        double sum = 0;
        for (int r = 0; r < lines.rows(); r++) {
            storage.read(lines.storage(), lines.offset() + r * lines.rowStride(), lines.columnStride(), line, 0, n);
            for (double element : line) {
                sum += element * 0; // NaN if the element is NaN or infinite
            }
        }
        return sum == 0;
    }
}
