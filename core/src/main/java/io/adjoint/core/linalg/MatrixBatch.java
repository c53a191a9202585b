package io.adjoint.core.linalg;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A batch of matrices, in an array's last two axes, copied to double for EJML. The method {@code each} maps a function over the batch in
 * parallel.
 */
final class MatrixBatch {
    private final String op;
    private final NdArray array;
    private final double[] elements;

    final Shape batch;
    final int rows;
    final int columns;

    /**
     * The matrices of an array. Their elements must be finite: from NaN or infinity, algorithms that search for a pivot or iterate would
     * compute wrong results without an error.
     */
    MatrixBatch(String op, NdArray array) {
        requireMatrices(op, array);
        this.op = op;
        this.array = array;
        this.rows = array.shape().dim(-2);
        this.columns = array.shape().dim(-1);
        this.batch = leading(array.shape(), 2);
        this.elements = array.toDoubleArray();
        for (int e = 0; e < elements.length; e++) {
            if (!Double.isFinite(elements[e])) {
                int within = e % (rows * columns);
                throw new IllegalArgumentException(op + ": " + name(e / (rows * columns)) + " has the element "
                        + elements[e] + " at [" + within / columns + ", " + within % columns
                        + "]; expected finite elements");
            }
        }
    }

    static MatrixBatch square(String op, NdArray array) {
        requireSquare(op, array);
        return new MatrixBatch(op, array);
    }

    static void requireMatrices(String op, NdArray array) {
        array.dtype().requireFloating(op);
        if (array.shape().rank() < 2) {
            throw new ShapeException(op + ": expected a matrix, or several along leading axes, got shape "
                    + array.shape() + "; reshape it to two axes");
        }
    }

    static void requireSquare(String op, NdArray array) {
        requireMatrices(op, array);
        if (array.shape().dim(-2) != array.shape().dim(-1)) {
            throw new ShapeException(op + ": expected square matrices, got shape " + array.shape() + ": axis -2 has "
                    + array.shape().dim(-2) + ", axis -1 has " + array.shape().dim(-1));
        }
    }

    /** A shape without its last {@code dropped} axes. */
    static Shape leading(Shape shape, int dropped) {
        return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - dropped));
    }

    /** A copy of the matrix with the given row-major index in the batch. */
    DMatrixRMaj get(int index) {
        int size = rows * columns;
        return DMatrixRMaj.wrap(rows, columns, Arrays.copyOfRange(elements, index * size, (index + 1) * size));
    }

    /** The exception for a problem with one matrix. */
    IllegalArgumentException refuse(int index, String problem) {
        return new IllegalArgumentException(op + ": " + name(index) + " " + problem);
    }

    private String name(int index) {
        return batch.rank() == 0
                ? "the matrix of shape " + array.shape()
                : "matrix " + Arrays.toString(batch.unravelIndex(index)) + " of the batch of shape " + array.shape();
    }

    /** Like {@link #each(Shape, Supplier, int[][])}, for a batch that has one entry for each of these matrices. */
    List<NdArray> each(Supplier<IntFunction<double[][]>> tasks, int[]... dims) {
        return each(batch, tasks, dims);
    }

    /**
     * Maps a task over the entries of a batch. The results have the element type of the array that holds these matrices.
     *
     * @param tasks makes a task, which maps the index of an entry to the elements of each result that belong to the entry. A task may have
     *     buffers: no two threads run one task at the same time
     * @param dims for each result the shape of the elements that belong to one entry
     */
    List<NdArray> each(Shape entries, Supplier<IntFunction<double[][]>> tasks, int[]... dims) {
        List<Shape> shapes = new ArrayList<>();
        List<double[]> results = new ArrayList<>();
        for (int[] part : dims) {
            shapes.add(entries.append(op, part));
            results.add(new double[shapes.get(shapes.size() - 1).size()]);
        }
        @Nullable RuntimeException[] problems = new RuntimeException[entries.size()];
        if (results.stream().anyMatch(result -> result.length > 0)) {
            long work = (long) rows * columns * Math.max(rows, columns);
            ScratchPool<IntFunction<double[][]>> pool = new ScratchPool<>(tasks);
            Parallel.ranges(entries.size(), ProductLoops.blockOf(work), (from, to) -> {
                IntFunction<double[][]> task = pool.take();
                for (int index = from; index < to; index++) {
                    try {
                        put(task.apply(index), index, results);
                    } catch (IllegalArgumentException e) {
                        problems[index] = e;
                    }
                }
                pool.giveBack(task);
            });
        }
        // The problem of the entry with the smallest index is thrown, so that the exception does not depend on the
        // number of threads.
        for (RuntimeException problem : problems) {
            if (problem != null) {
                throw problem;
            }
        }
        List<NdArray> arrays = new ArrayList<>();
        for (int k = 0; k < dims.length; k++) {
            arrays.add(ArrayElements.ofDoubles(array.dtype(), shapes.get(k), results.get(k)));
        }
        return arrays;
    }

    private static void put(double[][] parts, int index, List<double[]> results) {
        for (int k = 0; k < parts.length; k++) {
            System.arraycopy(parts[k], 0, results.get(k), index * parts[k].length, parts[k].length);
        }
    }
}
