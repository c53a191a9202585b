package io.adjoint.core;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.data.MatrixType;
import org.ejml.simple.SimpleBase;
import org.ejml.simple.SimpleMatrix;

/**
 * Conversions between arrays and the dense matrices of EJML, both ways, for algorithms that EJML has and Adjoint hasn't: decompositions,
 * solvers, eigenvalues. Each conversion copies the elements: later changes to the original don't affect the copy. No gradient passes
 * through a conversion.
 *
 * <pre>{@code
 * NdArray inverse = Ejml.fromMatrix(Ejml.toSimpleMatrix(a).invert());
 * }</pre>
 */
public final class Ejml {
    private Ejml() {}

    /**
     * An m × n matrix with a copy of an array of shape {@code [m, n]}: a {@link DMatrixRMaj} inside if it is FLOAT64, a
     * {@link FMatrixRMaj} if it is FLOAT32.
     *
     * @throws ShapeException if the array's rank is not 2
     * @throws DTypeException if it is INT32
     */
    public static SimpleMatrix toSimpleMatrix(NdArray x) {
        x.dtype.requireFloating("toSimpleMatrix");
        return x.dtype == DType.FLOAT64
                ? SimpleMatrix.wrap(toDMatrix("toSimpleMatrix", x))
                : SimpleMatrix.wrap(toFMatrix("toSimpleMatrix", x));
    }

    /**
     * An m × n matrix of doubles with a copy of a FLOAT64 array of shape {@code [m, n]}.
     *
     * @throws ShapeException if the array's rank is not 2
     * @throws DTypeException if it is not FLOAT64
     */
    public static DMatrixRMaj toDMatrix(NdArray x) {
        return toDMatrix("toDMatrix", x);
    }

    /**
     * An m × n matrix of floats with a copy of a FLOAT32 array of shape {@code [m, n]}.
     *
     * @throws ShapeException if the array's rank is not 2
     * @throws DTypeException if it is not FLOAT32
     */
    public static FMatrixRMaj toFMatrix(NdArray x) {
        return toFMatrix("toFMatrix", x);
    }

    /**
     * An array of shape {@code [m, n]} with a copy of an m × n matrix: FLOAT32 if the matrix has floats, else FLOAT64. A sparse
     * matrix is filled up with zeros.
     *
     * @throws DTypeException if the matrix is complex
     */
    public static NdArray fromMatrix(SimpleBase<?> matrix) {
        MatrixType type = matrix.getType();
        if (!type.isReal()) {
            throw new DTypeException("fromMatrix: a complex matrix (" + type
                    + ") has no array type; convert its real and imaginary parts with real() and imaginary()");
        }
        return type.getBits() == 32 ? fromMatrix(matrix.getFDRM()) : fromMatrix(matrix.getDDRM());
    }

    /** A FLOAT64 array of shape {@code [m, n]} with a copy of an m × n matrix. */
    public static NdArray fromMatrix(DMatrixRMaj matrix) {
        Shape shape = Shape.of(matrix.numRows, matrix.numCols);
        // EJML may have reshaped the matrix to fewer elements than its Java array has.
        return NdArray.wrap(shape, Arrays.copyOf(matrix.data, shape.size()));
    }

    /** A FLOAT32 array of shape {@code [m, n]} with a copy of an m × n matrix. */
    public static NdArray fromMatrix(FMatrixRMaj matrix) {
        Shape shape = Shape.of(matrix.numRows, matrix.numCols);
        return NdArray.wrap(shape, Arrays.copyOf(matrix.data, shape.size()));
    }

    private static DMatrixRMaj toDMatrix(String op, NdArray x) {
        checkMatrix(op, x, DType.FLOAT64);
        return DMatrixRMaj.wrap(
                x.shape.dim(0), x.shape.dim(1), (double[]) x.copy().elements());
    }

    private static FMatrixRMaj toFMatrix(String op, NdArray x) {
        checkMatrix(op, x, DType.FLOAT32);
        return FMatrixRMaj.wrap(
                x.shape.dim(0), x.shape.dim(1), (float[]) x.copy().elements());
    }

    private static void checkMatrix(String op, NdArray x, DType dtype) {
        if (x.dtype != dtype) {
            throw new DTypeException(
                    op + ": expected " + dtype + ", got " + x.dtype + "; convert with to(" + dtype + ")");
        }
        if (x.shape.rank() != 2) {
            throw new ShapeException(op + ": expected a matrix, got shape " + x.shape + " with " + x.shape.rank()
                    + " axes; reshape it to two, e.g. a vector to a column with reshape(-1, 1)");
        }
    }
}
