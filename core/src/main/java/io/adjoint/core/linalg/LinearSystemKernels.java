package io.adjoint.core.linalg;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Triangle;
import io.adjoint.core.math.Logarithms;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.decomposition.lu.LUDecompositionAlt_DDRM;
import org.ejml.dense.row.linsol.lu.LinearSolverLu_DDRM;

/**
 * Inverses, solutions and determinants of the square matrices in the last two axes of an array, by EJML's LU decomposition. Batch axes and
 * errors are the same as in {@link DecompositionKernels}.
 *
 * @hidden
 */
@Internal
public final class LinearSystemKernels {
    private LinearSystemKernels() {}

    /** Solves systems, with one matrix after another. */
    private interface Solver {
        /** Takes a matrix of a batch; an error if it is singular. */
        void take(MatrixBatch matrices, int index);

        /** The solution for some right-hand sides, which may be overwritten. */
        double[] solve(DMatrixRMaj right);
    }

    /** Substitution with an upper or a lower triangle, which takes the right-hand sides in place. */
    private static final class Substitution implements Solver {
        private final Triangle triangle;
        private DMatrixRMaj matrix = new DMatrixRMaj();

        Substitution(Triangle triangle) {
            this.triangle = triangle;
        }

        @Override
        public void take(MatrixBatch matrices, int index) {
            matrix = matrices.get(index);
            for (int i = 0; i < matrix.numRows; i++) {
                if (matrix.get(i, i) == 0) {
                    throw matrices.refuse(index, "is singular: element [" + i + ", " + i + "] of its diagonal is 0");
                }
            }
        }

        @Override
        public double[] solve(DMatrixRMaj right) {
            // One column after another: EJML's methods for all columns at once read with strides, and take 2 to 3 times
            // as
            // long for 512 of them.
            DMatrixRMaj column = new DMatrixRMaj(right.numRows, 1);
            for (int c = 0; c < right.numCols; c++) {
                CommonOps_DDRM.extractColumn(right, c, column);
                if (triangle == Triangle.UPPER) {
                    TriangularSolver_DDRM.solveU(matrix.data, column.data, right.numRows);
                } else {
                    TriangularSolver_DDRM.solveL(matrix.data, column.data, right.numRows);
                }
                CommonOps_DDRM.insert(column, right, 0, c);
            }
            return right.data;
        }
    }

    /** EJML's LU decomposition with partial pivoting, and computations with the factors. */
    private static final class LU extends LUDecompositionAlt_DDRM implements Solver {
        private final LinearSolverLu_DDRM solver = new LinearSolverLu_DDRM(this);

        /** Factors a matrix, and returns the index of the first pivot that is 0, or −1 if no pivot is 0. */
        @CanIgnoreReturnValue
        int factor(DMatrixRMaj a) {
            solver.setA(a);
            return IntStream.range(0, n)
                    .filter(i -> dataLU[i * n + i] == 0)
                    .findFirst()
                    .orElse(-1);
        }

        @Override
        public void take(MatrixBatch matrices, int index) {
            int pivot = factor(matrices.get(index));
            if (pivot >= 0) {
                throw matrices.refuse(
                        index,
                        "is singular: pivot " + pivot
                                + " of its LU decomposition is 0; use pinv or lstsq for matrices without full rank");
            }
        }

        @Override
        public double[] solve(DMatrixRMaj right) {
            DMatrixRMaj x = new DMatrixRMaj(n, right.numCols);
            solver.solve(right, x);
            return x.data;
        }

        double[] inverse() {
            return solve(CommonOps_DDRM.identity(n));
        }

        double determinant() {
            double product = pivsign;
            for (int i = 0; i < n; i++) {
                product *= dataLU[i * n + i];
            }
            return product;
        }

        double[][] signAndLog() {
            double sign = pivsign;
            double log = 0;
            for (int i = 0; i < n; i++) {
                sign *= Math.signum(dataLU[i * n + i]);
                log += Logarithms.log(Math.abs(dataLU[i * n + i]));
            }
            return new double[][] {{sign}, {log}};
        }
    }

    /** The inverses of square matrices. */
    public static NdArray inv(String op, NdArray a) {
        MatrixBatch matrices = MatrixBatch.square(op, a);
        int[] dims = {matrices.rows, matrices.rows};
        return matrices.each(
                        () -> {
                            LU lu = new LU();
                            return index -> {
                                lu.take(matrices, index);
                                return new double[][] {lu.inverse()};
                            };
                        },
                        dims)
                .get(0);
    }

    /**
     * The solutions X of {@code A·X = B}; batch axes broadcast. B holds vectors, not matrices, if it has one axis or the shape of A without
     * the last axis.
     */
    public static NdArray solve(String op, NdArray a, NdArray b) {
        return solve(op, a, b, LU::new);
    }

    /** As {@link #solve}, of a triangle of A. */
    public static NdArray solveTriangular(NdArray a, NdArray b, Triangle triangle) {
        requireNonNull(triangle, "triangle");
        MatrixBatch.requireSquare("solveTriangular", a);
        NdArray used = triangle == Triangle.UPPER ? a.triu() : a.tril();
        return solve("solveTriangular", used, b, () -> new Substitution(triangle));
    }

    private static NdArray solve(String op, NdArray a, NdArray b, Supplier<Solver> solvers) {
        MatrixBatch matrices = MatrixBatch.square(op, a);
        DTypeException.requireSameFloating(op, a.dtype(), b.dtype());
        boolean vector = isVector(a.shape(), b.shape());
        if (b.shape().rank() == 0 || b.shape().dim(vector ? -1 : -2) != matrices.rows) {
            throw new ShapeException(op + ": matrices of shape " + a.shape() + " with right-hand sides of shape "
                    + b.shape() + ": axis -1 has " + matrices.rows + ", but "
                    + (b.shape().rank() == 0
                            ? "the right-hand side has no axes"
                            : "axis " + (vector ? -1 : -2) + " of the right-hand side has "
                                    + b.shape().dim(vector ? -1 : -2)));
        }
        NdArray right = vector ? b.unsqueeze(-1) : b;
        Shape rightBatch = MatrixBatch.leading(right.shape(), 2);
        Shape batch = Shape.broadcast(op, matrices.batch, rightBatch);
        int[] ofA = entries(matrices.batch, batch);
        int[] ofB = entries(rightBatch, batch);
        int n = matrices.rows;
        int columns = right.shape().dim(-1);
        double[] elements = right.toDoubleArray();
        NdArray x = matrices.each(
                        batch,
                        () -> {
                            Solver solver = solvers.get();
                            int[] last = {-1};
                            return index -> {
                                if (ofA[index] != last[0]) {
                                    last[0] = -1;
                                    solver.take(matrices, ofA[index]);
                                    last[0] = ofA[index];
                                }
                                int from = ofB[index] * n * columns;
                                double[] entry = Arrays.copyOfRange(elements, from, from + n * columns);
                                return new double[][] {solver.solve(DMatrixRMaj.wrap(n, columns, entry))};
                            };
                        },
                        new int[] {n, columns})
                .get(0);
        return vector ? x.squeeze(-1) : x;
    }

    /** Returns whether {@link #solve} treats right-hand sides of shape b as vectors. */
    public static boolean isVector(Shape a, Shape b) {
        return b.rank() == 1 || b.equals(MatrixBatch.leading(a, 1));
    }

    /**
     * For each entry of the shape {@code batch}, the row-major index of the entry of the shape {@code from} that broadcasting {@code from}
     * to {@code batch} puts there.
     */
    private static int[] entries(Shape from, Shape batch) {
        return NdArray.arange(DType.INT32, from.size())
                .reshape(from)
                .broadcastTo(batch)
                .toIntArray();
    }

    /** The determinants of the matrices; 0 for a singular matrix. */
    public static NdArray det(NdArray a) {
        MatrixBatch matrices = MatrixBatch.square("det", a);
        return matrices.each(
                        () -> {
                            LU lu = new LU();
                            return index -> {
                                lu.factor(matrices.get(index));
                                return new double[][] {{lu.determinant()}};
                            };
                        },
                        new int[0])
                .get(0);
    }

    /**
     * The signs of the determinants, and the logarithms of their absolute values, which do not overflow; 0 and −∞ for singular matrices.
     */
    public static List<NdArray> slogDet(String op, NdArray a) {
        MatrixBatch matrices = MatrixBatch.square(op, a);
        return matrices.each(
                () -> {
                    LU lu = new LU();
                    return index -> {
                        lu.factor(matrices.get(index));
                        return lu.signAndLog();
                    };
                },
                new int[0],
                new int[0]);
    }

    /** The matrices of cofactors, which are the derivatives of the determinants; they exist for singular matrices, too. */
    public static NdArray cofactors(NdArray a) {
        MatrixBatch matrices = MatrixBatch.square("det", a);
        int n = matrices.rows;
        return matrices.each(
                        () -> {
                            LU lu = new LU();
                            return index -> {
                                boolean singular = lu.factor(matrices.get(index)) >= 0;
                                return new double[][] {
                                    singular
                                            ? cofactors(new DecompositionKernels.Triplets(matrices, index))
                                            : scaled(transposed(n, lu.inverse()), lu.determinant())
                                };
                            };
                        },
                        new int[] {n, n})
                .get(0);
    }

    /**
     * The cofactors of a matrix A with the singular value decomposition {@code A = U·S·Vᵀ}: {@code cof A = det U · det V · U·cof S·Vᵀ}. The
     * k-th element of the diagonal matrix cof S is the product of all singular values except the k-th.
     */
    private static double[] cofactors(DecompositionKernels.Triplets triplets) {
        int n = triplets.order.length;
        DMatrixRMaj left = new DMatrixRMaj(n, n);
        for (int k = 0; k < n; k++) {
            double others = productWithout(triplets.values, k, k);
            for (int i = 0; i < n; i++) {
                left.set(i, k, triplets.u.get(i, k) * others);
            }
        }
        DMatrixRMaj product = new DMatrixRMaj(n, n);
        CommonOps_DDRM.mult(left, triplets.vt, product);
        return scaled(product.data, orientation(triplets));
    }

    /** The product of a gradient with the Jacobian of {@link #cofactors}, for singular matrices, too. */
    public static NdArray cofactorsGradient(NdArray a, NdArray gradient) {
        MatrixBatch matrices = MatrixBatch.square("det", a);
        MatrixBatch gradients = MatrixBatch.square("det", gradient);
        int n = matrices.rows;
        return matrices.each(
                        () -> index -> new double[][] {
                            cofactorsGradient(new DecompositionKernels.Triplets(matrices, index), gradients.get(index))
                        },
                        new int[] {n, n})
                .get(0);
    }

    /**
     * The product of a gradient with the Jacobian of the cofactors of a matrix A with the singular value decomposition {@code A = U·S·Vᵀ}:
     * {@code det U · det V · U·M·Vᵀ}, where M is the product of {@code H = Uᵀ·gradient·V} with the Jacobian of the cofactors of S. With
     * {@code Pᵢⱼ} the product of all singular values except the i-th and the j-th, {@code Mᵢᵢ = Σⱼ Pᵢⱼ·Hⱼⱼ} and {@code Mⱼᵢ = −Pᵢⱼ·Hᵢⱼ},
     * both for j ≠ i.
     */
    private static double[] cofactorsGradient(DecompositionKernels.Triplets triplets, DMatrixRMaj gradient) {
        int n = triplets.order.length;
        DMatrixRMaj product = new DMatrixRMaj(n, n);
        DMatrixRMaj h = new DMatrixRMaj(n, n);
        CommonOps_DDRM.multTransA(triplets.u, gradient, product);
        CommonOps_DDRM.multTransB(product, triplets.vt, h);
        DMatrixRMaj m = new DMatrixRMaj(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double others = productWithout(triplets.values, i, j);
                m.add(i, i, others * h.get(j, j));
                m.add(j, j, others * h.get(i, i));
                m.set(i, j, -others * h.get(j, i));
                m.set(j, i, -others * h.get(i, j));
            }
        }
        CommonOps_DDRM.mult(triplets.u, m, product);
        CommonOps_DDRM.mult(product, triplets.vt, h);
        return scaled(h.data, orientation(triplets));
    }

    private static double productWithout(double[] values, int i, int j) {
        double product = 1;
        for (int k = 0; k < values.length; k++) {
            product *= k == i || k == j ? 1 : values[k];
        }
        return product;
    }

    private static double orientation(DecompositionKernels.Triplets triplets) {
        return Math.signum(CommonOps_DDRM.det(triplets.u) * CommonOps_DDRM.det(triplets.vt));
    }

    private static double[] transposed(int n, double[] matrix) {
        DMatrixRMaj result = DMatrixRMaj.wrap(n, n, matrix);
        CommonOps_DDRM.transpose(result);
        return result.data;
    }

    private static double[] scaled(double[] elements, double factor) {
        return Arrays.stream(elements).map(element -> element * factor).toArray();
    }
}
