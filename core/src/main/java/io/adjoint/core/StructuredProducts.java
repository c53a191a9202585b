package io.adjoint.core;

import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import io.adjoint.core.loops.Storage;

/**
 * Matrix products that need fewer operations than their sizes say: a matrix times its transpose, and a left operand with zeros at the ends
 * of its rows, as a triangular matrix or the identity has. They are divided into bands of rows, and have the bits of the whole product,
 * since an element depends on its row, its column and the blocks of its sum alone.
 */
final class StructuredProducts {
    /** The smallest number of rows and of terms of an operand that is looked at. */
    private static final int MIN_SIZE = 128;

    /** The largest number of bands of a symmetric product, of which each reads the right operand again. */
    private static final int BANDS = 8;

    /** The number of rows in a band of a product with zeros. */
    private static final int HEIGHT = 128;

    private StructuredProducts() {}

    /** Adds the product of a and b to the zeros in {@code out}. */
    static void multiply(DType dtype, Matrix a, Matrix b, Object out) {
        ProductLoops products = dtype.loops("matmul").products();
        if (a.rows() >= MIN_SIZE && a.columns() >= MIN_SIZE) {
            if (b.equals(a.transposed())) {
                symmetric(products, dtype.storage(), a, b, out);
                return;
            }
            if (a.columns() > ProductLoops.DEPTH && b.columns() >= MIN_SIZE) {
                banded(products, dtype.storage(), a, b, out);
                return;
            }
        }
        products.multiply(a, b, out, 0);
    }

    /** Computes the rows from the diagonal on, and copies them below it. */
    private static void symmetric(ProductLoops products, Storage<Object> storage, Matrix a, Matrix b, Object out) {
        int n = a.rows();
        int terms = a.columns();
        int height = Math.max(MIN_SIZE / 2, (n + BANDS - 1) / BANDS);
        for (int top = 0; top < n; top += height) {
            int rows = Math.min(n - top, height);
            int columns = n - top;
            Object band = storage.allocate(rows * columns);
            products.multiply(a.block(top, 0, rows, terms), b.block(0, top, terms, columns), band, 0);
            for (int r = 0; r < rows; r++) {
                int diagonal = (top + r) * n + top + r;
                storage.copy(band, r * columns, 1, out, diagonal - r, 1, columns);
                storage.copy(band, r * columns + r, 1, out, diagonal, n, columns - r);
            }
        }
    }

    /** Leaves out the blocks of terms whose left factors are zeros, if their right factors are finite. */
    private static void banded(ProductLoops products, Storage<Object> storage, Matrix a, Matrix b, Object out) {
        int depth = ProductLoops.DEPTH;
        int bands = (a.rows() + HEIGHT - 1) / HEIGHT;
        int[] begins = new int[bands];
        int[] ends = new int[bands];
        boolean isFull = true;
        for (int k = 0; k < bands; k++) {
            Matrix rows = a.block(k * HEIGHT, 0, Math.min(a.rows() - k * HEIGHT, HEIGHT), a.columns());
            int blocks = (a.columns() + depth - 1) / depth;
            while (blocks > 0 && isZero(storage, rows, (blocks - 1) * depth)) {
                blocks--;
            }
            int first = 0;
            while (first < blocks && isZero(storage, rows, first * depth)) {
                first++;
            }
            begins[k] = first * depth;
            ends[k] = Math.min(blocks * depth, a.columns());
            isFull &= begins[k] == 0 && ends[k] == a.columns();
        }
        if (isFull || !isFinite(storage, b)) {
            products.multiply(a, b, out, 0);
            return;
        }
        for (int k = 0; k < bands; k++) {
            int top = k * HEIGHT;
            int rows = Math.min(a.rows() - top, HEIGHT);
            int terms = ends[k] - begins[k];
            products.multiply(
                    a.block(top, begins[k], rows, terms),
                    b.block(begins[k], 0, terms, b.columns()),
                    out,
                    top * b.columns());
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
        double sum = 0;
        double[] line = new double[lines.columns()];
        for (int r = 0; r < lines.rows(); r++) {
            storage.read(
                    lines.storage(),
                    lines.offset() + r * lines.rowStride(),
                    lines.columnStride(),
                    line,
                    0,
                    line.length);
            for (double element : line) {
                sum += element * 0;
            }
        }
        return sum == 0;
    }
}
