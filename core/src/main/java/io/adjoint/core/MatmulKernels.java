package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The matrix product of arrays of any rank: arranges the operands as matrices, and gives the result its shape. */
final class MatmulKernels {
    /**
     * The smallest number of columns for which an outer product has a loop of its own; outer products with fewer columns, or with one row,
     * are computed like any other product.
     */
    private static final int MIN_OUTER = 256;

    private MatmulKernels() {}

    static NdArray matmul(NdArray a, NdArray b) {
        DTypeException.requireSameFloating("matmul", a.dtype, b.dtype);
        ProductLoops products = a.dtype.loops("matmul").products();
        int rankA = a.shape.rank();
        int rankB = b.shape.rank();
        if (rankA == 0 || rankB == 0) {
            throw new ShapeException("matmul: cannot multiply " + a.shape + " by " + b.shape
                    + ": an operand has no axes; use mul to scale by a scalar");
        }
        Matrix left = rankA == 1 ? row(a) : matrix(a);
        Matrix right = rankB == 1 ? row(b).transposed() : matrix(b);
        if (left.columns() != right.rows()) {
            throw new ShapeException("matmul: cannot multiply " + a.shape + " by " + b.shape + ": axis -1 has "
                    + left.columns() + ", axis " + (rankB == 1 ? -1 : -2) + " has " + right.rows());
        }
        if (Math.max(rankA, rankB) <= 2 && left.rows() == 1 && right.columns() == 1 && a.dtype == DType.FLOAT32) {
            // A FLOAT32 dot product is computed in double, other FLOAT32 products in float: vectors may be far longer
            // than the rows of matrices, and in float the rounding errors of a very long sum could be as large as the
            // sum itself.
            return matmul(a.to(DType.FLOAT64), b.to(DType.FLOAT64)).to(DType.FLOAT32);
        }
        if (rankA == 2 && rankB == 2) {
            return product(left, right, a.dtype, resultShape(a.shape, b.shape, left.rows(), right.columns()));
        }
        int[] batch = batch(a.shape, b.shape);
        Shape shape =
                resultShape(a.shape, b.shape, rankA == 1 ? -1 : left.rows(), rankB == 1 ? -1 : right.columns(), batch);
        if (batch.length == 0) {
            return product(left, right, a.dtype, shape);
        }
        Matrix tall = rankB <= 2 ? tall(a) : null;
        return tall == null ? batched(products, a, left, b, right, batch, shape) : product(tall, right, a.dtype, shape);
    }

    private static NdArray product(Matrix left, Matrix right, DType dtype, Shape shape) {
        if (left.rows() > 1 && left.rowStride() == 0 && shape.size() > 0 && EqualRows.areShared()) {
            Matrix row = new Matrix(left.storage(), left.offset(), 1, left.columns(), 0, left.columnStride());
            return product(row, right, dtype, Shape.of(right.columns())).broadcastTo(shape);
        }
        if (right.columns() > 1 && right.columnStride() == 0 && shape.size() > 0 && EqualRows.areShared()) {
            Matrix column = new Matrix(right.storage(), right.offset(), right.rows(), 1, right.rowStride(), 0);
            int[] dims = shape.toArray();
            dims[dims.length - 1] = 1;
            return product(left, column, dtype, Shape.of(dims)).broadcastTo(shape);
        }
        if (left.columns() == 1 && left.rows() > 1 && right.columns() >= MIN_OUTER) {
            return outer(left, right, dtype, shape);
        }
        Object out = ArrayElements.zeros(dtype, shape.size());
        if (shape.size() > 0) {
            StructuredProducts.multiply(dtype.loops("matmul").products(), dtype.storage(), left, right, out);
        }
        return NdArray.adopt(dtype, shape, out);
    }

    /** An outer product, whose elements are products of two numbers, in one pass over the result. */
    private static NdArray outer(Matrix left, Matrix right, DType dtype, Shape shape) {
        ArithmeticLoops<Object> arithmetic = dtype.loops("matmul").arithmetic();
        Storage<Object> storage = dtype.storage();
        int n = right.columns();
        Object row = storage.allocate(n);
        storage.copy(right.storage(), right.offset(), right.columnStride(), row, 0, 1, n);
        Object zero = storage.allocate(1);
        Object out = ArrayElements.empty(dtype, shape.size());
        // The rows are computed in blocks, each so short that it stays in the cache between the two loops over it: a
        // multiplication, then an addition of 0.
        Partition blocks = new Partition(left.rows(), 1, n, Math.min(n, Parallel.BLOCK));
        Parallel.ranges(blocks.count(), blocks.block(), (start, end) -> {
            blocks.each(start, end, (at, column, length) -> {
                int factor = left.offset() + at / n * left.rowStride();
                arithmetic.apply(BinaryOp.MUL, left.storage(), factor, 0, row, at % n, 1, out, at, length);
                // Other products are sums that begin with 0. Adding 0 gives an outer product the same bits, since it
                // turns −0 into 0.
                arithmetic.apply(BinaryOp.ADD, out, at, 1, zero, 0, 0, out, at, length);
            });
        });
        return NdArray.adopt(dtype, shape, out);
    }

    private static NdArray batched(
            ProductLoops products, NdArray a, Matrix left, NdArray b, Matrix right, int[] batch, Shape shape) {
        Object out = ArrayElements.zeros(a.dtype, shape.size());
        int size = left.rows() * right.columns();
        int entries = size == 0 ? 0 : shape.size() / size;
        if (entries == 0 || left.columns() == 0) {
            return NdArray.adopt(a.dtype, shape, out);
        }
        Rows rows = new Rows(Shape.of(batch), first(a), first(b));
        long work = (long) size * left.columns();
        Parallel.ranges(entries, ProductLoops.blockOf(work), (from, to) -> {
            int[] fromA = new int[Math.min(to - from, Rows.RUN)];
            int[] fromB = fromA.clone();
            for (int entry = from; entry < to; entry += fromA.length) {
                int begin = entry;
                int count = Math.min(to - begin, fromA.length);
                rows.walk(begin, begin + count, (offsets, at, n) -> {
                    for (int e = 0; e < n; e++) {
                        fromA[at - begin + e] = offsets[0] + e * rows.stride(0);
                        fromB[at - begin + e] = offsets[1] + e * rows.stride(1);
                    }
                });
                products.multiplyEach(left, fromA, right, fromB, count, out, begin * size);
            }
        });
        return NdArray.adopt(a.dtype, shape, out);
    }

    /** The first element of each matrix, or of a vector. */
    private static NdArray first(NdArray x) {
        NdArray columns = x.shape.rank() == 1 ? x : x.select(-1, 0);
        return columns.select(-1, 0);
    }

    private static Matrix row(NdArray x) {
        int n = x.shape.dims()[0];
        return new Matrix(x.elements(), x.offset, 1, n, n, x.strides[0]);
    }

    private static Matrix matrix(NdArray x) {
        int last = x.shape.rank() - 1;
        int[] dims = x.shape.dims();
        return new Matrix(x.elements(), x.offset, dims[last - 1], dims[last], x.strides[last - 1], x.strides[last]);
    }

    /**
     * Merges all axes but the last into the rows of one matrix, so that a batch times one matrix is a single product; null if the strides
     * don't allow that.
     */
    private static @Nullable Matrix tall(NdArray x) {
        int last = x.shape.rank() - 1;
        int[] dims = x.shape.dims();
        int rows = 1;
        int stride = 0;
        for (int axis = last - 1; axis >= 0; axis--) {
            if (dims[axis] != 1) {
                if (rows == 1) {
                    stride = x.strides[axis];
                } else if (x.strides[axis] != stride * rows) {
                    return null;
                }
                rows *= dims[axis];
            }
        }
        return new Matrix(x.elements(), x.offset, rows, dims[last], stride, x.strides[last]);
    }

    private static int[] batch(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] batch = new int[Math.max(rank - 2, 0)];
        for (int axis = 0; axis < batch.length; axis++) {
            int m = size(a, axis - rank);
            int n = size(b, axis - rank);
            if (m != n && m != 1 && n != 1) {
                throw new ShapeException("matmul: cannot multiply " + a + " by " + b + ": batch axis " + (axis - rank)
                        + " has " + m + " vs " + n);
            }
            batch[axis] = m == 1 ? n : m;
        }
        return batch;
    }

    private static int size(Shape shape, int back) {
        return shape.rank() + back < 0 ? 1 : shape.dims()[shape.rank() + back];
    }

    /** The sizes of the batch followed by the sizes of the matrix; a size of −1 stands for a vector's missing axis and is removed. */
    private static Shape resultShape(Shape a, Shape b, int rows, int columns, int... batch) {
        int rank = batch.length;
        int[] dims = Arrays.copyOf(batch, rank + 2);
        if (rows >= 0) {
            dims[rank++] = rows;
        }
        if (columns >= 0) {
            dims[rank++] = columns;
        }
        return Shape.adopt("matmul", a, b, Arrays.copyOf(dims, rank));
    }
}
