package io.adjoint.core.linalg;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.eig.SymmetricQRAlgorithmDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.TridiagonalDecompositionHouseholder_DDRM;
import org.ejml.dense.row.decomposition.qr.QRDecompositionHouseholderColumn_DDRM;
import org.ejml.dense.row.decomposition.svd.SvdImplicitQrDecompose_DDRM;

/**
 * Decompositions of the matrices in the last two axes of an array, all but Cholesky's by EJML; leading axes are batch axes. Everything is
 * computed in double and rounded to the array's type.
 *
 * <p>For factors that are unique up to signs, the signs are fixed, so that the factors are functions of the matrix. Each method throws
 * {@link ShapeException} if shapes do not fit, {@link DTypeException} for INT32 and BOOL, and {@link IllegalArgumentException}, which names
 * the matrix of the batch, if an element is not finite. A method that serves several operations takes the operation's name for its
 * messages.
 *
 * @hidden
 */
@Internal
public final class DecompositionKernels {
    // EJML's single-threaded classes are constructed directly: EJML's factories choose between them and other classes
    // by the matrix's size and the number of processors.

    /**
     * An element of a unit vector with a magnitude below this number may be 0 but for rounding, so it doesn't determine the vector's sign.
     */
    private static final double NEGLIGIBLE = 1e-8;

    private DecompositionKernels() {}

    /** Checks on behalf of an operation that an array holds square matrices of a floating type. */
    public static void requireSquare(String op, NdArray a) {
        MatrixBatch.requireSquare(op, a);
    }

    /** Checks on behalf of an operation that an array holds matrices of a floating type. */
    public static void requireMatrices(String op, NdArray a) {
        MatrixBatch.requireMatrices(op, a);
    }

    /**
     * The lower triangular factors L of {@code A = L·Lᵀ}.
     *
     * @param a symmetric matrices
     * @throws IllegalArgumentException if a matrix is not positive-definite
     */
    public static NdArray cholesky(NdArray a) {
        MatrixBatch matrices = MatrixBatch.square("cholesky", a);
        int n = matrices.rows;
        return matrices.each(
                        () -> index -> {
                            Cholesky cholesky = new Cholesky(n, matrices.get(index).data, 0);
                            if (cholesky.definite() < n) {
                                throw matrices.refuse(
                                        index,
                                        "is not positive-definite: its leading minor of order "
                                                + (cholesky.definite() + 1) + " is not positive");
                            }
                            return new double[][] {cholesky.lower()};
                        },
                        new int[] {n, n})
                .get(0);
    }

    /**
     * The factors Q and R of m × n matrices {@code A = Q·R}, with {@code k = min(m, n)} orthonormal columns in Q, and diagonal elements ≥ 0
     * in R.
     */
    public static List<NdArray> qr(NdArray a) {
        MatrixBatch matrices = new MatrixBatch("qr", a);
        int m = matrices.rows;
        int n = matrices.columns;
        int k = Math.min(m, n);
        return matrices.each(
                () -> index -> {
                    QRDecompositionHouseholderColumn_DDRM qr = new QRDecompositionHouseholderColumn_DDRM();
                    qr.decompose(matrices.get(index));
                    DMatrixRMaj q = qr.getQ(null, true);
                    DMatrixRMaj r = qr.getR(null, true);
                    for (int i = 0; i < k; i++) {
                        if (r.get(i, i) < 0) {
                            CommonOps_DDRM.scaleRow(-1, r, i);
                            CommonOps_DDRM.scaleCol(-1, q, i);
                        }
                    }
                    return new double[][] {q.data, r.data};
                },
                new int[] {m, k},
                new int[] {k, n});
    }

    /**
     * U, the singular values s in descending order, and Vᵀ of the reduced singular value decomposition {@code A = U·diag(s)·Vᵀ}. In each
     * column of U the first element that is not {@linkplain #NEGLIGIBLE negligible} is positive.
     */
    public static List<NdArray> svd(String op, NdArray a) {
        MatrixBatch matrices = new MatrixBatch(op, a);
        int k = Math.min(matrices.rows, matrices.columns);
        return matrices.each(
                () -> index -> {
                    Triplets triplets = new Triplets(matrices, index);
                    return new double[][] {triplets.u.data, triplets.values, triplets.vt.data};
                },
                new int[] {matrices.rows, k},
                new int[] {k},
                new int[] {k, matrices.columns});
    }

    /** The singular values of one matrix in descending order, with their singular vectors. */
    static final class Triplets {
        final double[] values;
        final DMatrixRMaj u;
        final DMatrixRMaj vt;
        final int[] order;

        Triplets(MatrixBatch matrices, int index) {
            SvdImplicitQrDecompose_DDRM svd = new SvdImplicitQrDecompose_DDRM(true, true, true, false);
            if (!svd.decompose(matrices.get(index))) {
                throw matrices.refuse(index, "has singular values that the iteration did not find");
            }
            double[] found = svd.getSingularValues();
            DMatrixRMaj left = svd.getU(null, false);
            DMatrixRMaj right = svd.getV(null, true);
            order = sorted(Math.min(matrices.rows, matrices.columns), Comparator.comparingDouble(i -> -found[i]));
            values = Arrays.stream(order).mapToDouble(i -> found[i]).toArray();
            u = new DMatrixRMaj(matrices.rows, order.length);
            vt = new DMatrixRMaj(order.length, matrices.columns);
            for (int to = 0; to < order.length; to++) {
                double[] column = column(left, order[to]);
                double sign = sign(column);
                for (int i = 0; i < column.length; i++) {
                    u.set(i, to, sign * column[i]);
                }
                for (int j = 0; j < matrices.columns; j++) {
                    vt.set(to, j, sign * right.get(order[to], j));
                }
            }
        }
    }

    /**
     * The eigenvalues of symmetric matrices in ascending order, and their eigenvectors as columns. In each eigenvector the first element
     * that is not {@linkplain #NEGLIGIBLE negligible} is positive.
     */
    public static List<NdArray> eigh(String op, NdArray a) {
        MatrixBatch matrices = MatrixBatch.square(op, a);
        int n = matrices.rows;
        return matrices.each(
                () -> index -> {
                    SymmetricQRAlgorithmDecomposition_DDRM eigen = new SymmetricQRAlgorithmDecomposition_DDRM(
                            new TridiagonalDecompositionHouseholder_DDRM(), true);
                    if (!eigen.decompose(matrices.get(index))) {
                        throw matrices.refuse(index, "has eigenvalues that the iteration did not find");
                    }
                    int[] order = sorted(n, Comparator.comparingDouble(i -> eigen.getEigenvalue(i).real));
                    double[] values = new double[n];
                    double[] vectors = new double[n * n];
                    for (int to = 0; to < n; to++) {
                        values[to] = eigen.getEigenvalue(order[to]).real;
                        double[] vector = column(eigen.getEigenVector(order[to]), 0);
                        double sign = sign(vector);
                        for (int i = 0; i < n; i++) {
                            vectors[i * n + to] = sign * vector[i];
                        }
                    }
                    return new double[][] {values, vectors};
                },
                new int[] {n},
                new int[] {n, n});
    }

    private static int[] sorted(int count, Comparator<Integer> by) {
        return IntStream.range(0, count).boxed().sorted(by).mapToInt(i -> i).toArray();
    }

    private static double[] column(DMatrixRMaj matrix, int column) {
        return IntStream.range(0, matrix.numRows)
                .mapToDouble(i -> matrix.get(i, column))
                .toArray();
    }

    private static double sign(double... vector) {
        return Arrays.stream(vector)
                .filter(element -> Math.abs(element) > NEGLIGIBLE)
                .map(Math::signum)
                .findFirst()
                .orElse(1);
    }

    /**
     * The Moore–Penrose pseudo-inverses of the matrices.
     *
     * @param rcond singular values of a matrix that are at most rcond times its largest singular value count as 0
     */
    public static NdArray pinv(String op, NdArray a, double rcond) {
        requireMatrices(op, a);
        if (!(rcond >= 0)) {
            throw new IllegalArgumentException(op + ": expected rcond >= 0, got " + rcond);
        }
        // All intermediate results are doubles, not rounded to the array's type.
        List<NdArray> factors = svd(op, a.to(DType.FLOAT64));
        NdArray s = factors.get(1);
        NdArray largest = s.shape().dim(-1) == 0 ? s : s.slice(-1, 0, 1);
        NdArray inverse = s.zip(largest, (value, most) -> value > rcond * most ? 1 / value : 0);
        NdArray v = factors.get(2).transpose().mul(inverse.unsqueeze(-2));
        return v.matmul(factors.get(0).transpose()).to(a.dtype());
    }
}
