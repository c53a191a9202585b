package io.adjoint.proof;

import static io.adjoint.proof.Places.with;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** References for small matrices: textbook algorithms, none of which the library uses. */
final class NaiveMatrices {
    private NaiveMatrices() {}

    // ---- batches ----

    /** Applies a function whose results have the sizes of its arguments to each matrix of a batch. */
    static NdArray each(NdArray batch, Function<double[][], double[][]> function) {
        return each(batch, batch.shape().dim(-2), batch.shape().dim(-1), function);
    }

    /** Applies a function whose results have the given sizes to each matrix of a batch. */
    static NdArray each(NdArray batch, int rows, int columns, Function<double[][], double[][]> function) {
        int rank = batch.shape().rank();
        int[] dims = batch.shape().toArray();
        dims[rank - 2] = rows;
        dims[rank - 1] = columns;
        Shape shape = Shape.of(dims);
        // A Java array without rows doesn't tell the number of columns.
        return shape.size() == 0
                ? NdArray.zeros(DType.FLOAT64, shape)
                : NdArray.of(shape, flat(matrices(batch).stream().map(function).toList()));
    }

    /** Applies a function that returns a vector of min(m, n) elements to each matrix of a batch. */
    static NdArray eachVector(NdArray batch, Function<double[][], double[]> function) {
        int length = Math.min(batch.shape().dim(-2), batch.shape().dim(-1));
        return each(batch, 1, length, a -> new double[][] {function.apply(a)}).squeeze(-2);
    }

    /** Applies a function that returns a number to each matrix of a batch. */
    static NdArray eachNumber(NdArray batch, Function<double[][], Double> function) {
        return each(batch, 1, 1, a -> new double[][] {{function.apply(a)}}).squeeze(-1, -2);
    }

    static List<double[][]> matrices(NdArray batch) {
        int rows = batch.shape().dim(-2);
        int columns = batch.shape().dim(-1);
        double[] elements = batch.toDoubleArray();
        int count = Arrays.stream(batch.shape().toArray())
                .limit(batch.shape().rank() - 2L)
                .reduce(1, (a, b) -> a * b);
        List<double[][]> matrices = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double[][] matrix = new double[rows][];
            for (int i = 0; i < rows; i++) {
                int at = (k * rows + i) * columns;
                matrix[i] = Arrays.copyOfRange(elements, at, at + columns);
            }
            matrices.add(matrix);
        }
        return matrices;
    }

    static double[] flat(List<double[][]> matrices) {
        return matrices.stream()
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /** A shape without its last {@code dropped} axes. */
    static Shape leading(Shape shape, int dropped) {
        return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - dropped));
    }

    /** The matrix products of batches that broadcast. */
    static NdArray product(NdArray a, NdArray b) {
        Shape batch = Shape.broadcast("reference", leading(a.shape(), 2), leading(b.shape(), 2));
        int rank = batch.rank() + 2;
        int[] dims = Arrays.copyOf(batch.toArray(), rank);
        dims[rank - 2] = a.shape().dim(-2);
        dims[rank - 1] = b.shape().dim(-1);
        return Reference.build(
                Shape.of(dims),
                index -> IntStream.range(0, a.shape().dim(-1))
                        .mapToDouble(k -> Reference.broadcast(a, with(index, rank - 1, k))
                                * Reference.broadcast(b, with(index, rank - 2, k)))
                        .sum());
    }

    // ---- arithmetic ----

    static double[][] product(double[][] a, double[][] b) {
        return build(
                a.length,
                b.length == 0 ? 0 : b[0].length,
                (i, j) -> IntStream.range(0, b.length)
                        .mapToDouble(k -> a[i][k] * b[k][j])
                        .sum());
    }

    static double[][] transpose(double[][] a) {
        return build(a.length == 0 ? 0 : a[0].length, a.length, (i, j) -> a[j][i]);
    }

    static double[][] symmetric(double[][] a) {
        return build(a.length, a.length, (i, j) -> (a[i][j] + a[j][i]) / 2);
    }

    static double[][] identity(int n) {
        return build(n, n, (i, j) -> i == j ? 1 : 0);
    }

    interface Element {
        double at(int row, int column);
    }

    static double[][] build(int rows, int columns, Element element) {
        double[][] matrix = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix[i][j] = element.at(i, j);
            }
        }
        return matrix;
    }

    // ---- solutions ----

    /** Computes the inverse by the adjugate: cofactors divided by the determinant. */
    static double[][] inverse(double[][] a) {
        double det = determinant(a);
        return build(a.length, a.length, (i, j) -> ((i + j) % 2 == 0 ? 1 : -1) * determinant(minor(a, j, i)) / det);
    }

    /** Computes the determinant by expansion along the first row. */
    static double determinant(double[][] a) {
        double sum = a.length == 0 ? 1 : 0;
        for (int j = 0; j < a.length; j++) {
            sum += (j % 2 == 0 ? 1 : -1) * a[0][j] * determinant(minor(a, 0, j));
        }
        return sum;
    }

    private static double[][] minor(double[][] a, int row, int column) {
        return build(a.length - 1, a.length - 1, (i, j) -> a[i < row ? i : i + 1][j < column ? j : j + 1]);
    }

    /** Computes the pseudoinverse of a matrix of full rank by the normal equations. */
    static double[][] pseudoInverse(double[][] a) {
        double[][] t = transpose(a);
        return a.length >= t.length ? product(inverse(product(t, a)), t) : product(t, inverse(product(a, t)));
    }

    // ---- factors ----

    static double[][] cholesky(double[][] a) {
        int n = a.length;
        double[][] l = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = a[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= l[i][k] * l[j][k];
                }
                l[i][j] = i == j ? Math.sqrt(rest) : rest / l[j][j];
            }
        }
        return l;
    }

    /** The first min(m, n) columns made orthonormal by Gram and Schmidt's method, each orthogonalized twice for accuracy. */
    static double[][] orthonormal(double[][] a) {
        double[][] rows = transpose(a);
        int k = Math.min(a.length, rows.length);
        double[][] q = new double[k][];
        for (int j = 0; j < k; j++) {
            q[j] = rows[j].clone();
            for (int twice = 0; twice < 2; twice++) {
                for (int i = 0; i < j; i++) {
                    double along = dot(q[i], q[j]);
                    for (int e = 0; e < q[j].length; e++) {
                        q[j][e] -= along * q[i][e];
                    }
                }
            }
            double length = Math.sqrt(dot(q[j], q[j]));
            q[j] = Arrays.stream(q[j]).map(element -> element / length).toArray();
        }
        return q.length == 0 ? new double[a.length][0] : transpose(q);
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(e -> a[e] * b[e]).sum();
    }

    /**
     * Eigenvalues of a symmetric matrix in ascending order, followed by the eigenvectors as rows whose first element is positive: by
     * Jacobi's rotations.
     */
    static double[][] eigen(double[][] symmetric) {
        int n = symmetric.length;
        double[][] a = Arrays.stream(symmetric).map(double[]::clone).toArray(double[][]::new);
        double[][] v = identity(n);
        for (int sweep = 0; sweep < 30; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    double angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
                    double[][] rotation = identity(n);
                    rotation[p][p] = Math.cos(angle);
                    rotation[q][q] = Math.cos(angle);
                    rotation[p][q] = Math.sin(angle);
                    rotation[q][p] = -Math.sin(angle);
                    a = product(transpose(rotation), product(a, rotation));
                    v = product(v, rotation);
                }
            }
        }
        double[][] diagonal = a;
        double[][] columns = v;
        List<double[]> result = new ArrayList<>();
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(java.util.Comparator.comparingDouble(i -> diagonal[i][i]))
                .mapToInt(i -> i)
                .toArray();
        result.add(Arrays.stream(order).mapToDouble(i -> diagonal[i][i]).toArray());
        for (int i : order) {
            result.add(
                    positive(Arrays.stream(columns).mapToDouble(row -> row[i]).toArray()));
        }
        return result.toArray(double[][]::new);
    }

    /** The vector or its negative, whichever has a positive first element; elements below 1e-8 are skipped. */
    private static double[] positive(double... vector) {
        double sign = Arrays.stream(vector)
                .filter(element -> Math.abs(element) > 1e-8)
                .map(Math::signum)
                .findFirst()
                .orElse(1);
        return Arrays.stream(vector).map(element -> sign * element).toArray();
    }

    /** The singular values in descending order, as square roots of the eigenvalues of a·aᵀ or aᵀ·a, whichever is smaller. */
    static double[] singularValues(double[][] a) {
        double[][] t = transpose(a);
        double[] squares = eigen(a.length <= t.length ? product(a, t) : product(t, a))[0];
        int k = squares.length;
        return IntStream.range(0, k)
                .mapToDouble(i -> Math.sqrt(squares[k - 1 - i]))
                .toArray();
    }

    /** The first min(m, n) left singular vectors as columns, in the descending order of singular values. */
    static double[][] leftVectors(double[][] a) {
        int k = singularValues(a).length;
        double[][] t = transpose(a);
        if (k == 0) {
            return new double[a.length][0];
        }
        double[][] rows = new double[k][];
        double[][] eigen = eigen(a.length <= t.length ? product(a, t) : product(t, a));
        for (int i = 0; i < k; i++) {
            double[] vector = eigen[k - i];
            double[][] column = transpose(new double[][] {vector});
            double[] left = a.length <= t.length ? vector : transpose(product(a, column))[0];
            double length = Math.sqrt(dot(left, left));
            rows[i] = positive(
                    Arrays.stream(left).map(element -> element / length).toArray());
        }
        return transpose(rows);
    }
}
