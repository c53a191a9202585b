package io.adjoint.proof;

import static io.adjoint.proof.MatrixEntries.SINGULAR;
import static io.adjoint.proof.MatrixEntries.graded;
import static io.adjoint.proof.MatrixEntries.joined;
import static io.adjoint.proof.MatrixEntries.ofFinite;
import static io.adjoint.proof.MatrixEntries.ofGraded;
import static io.adjoint.proof.MatrixEntries.ofSquare;

import io.adjoint.autograd.Decomposition;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Triangle;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The catalogue's entries for solutions of linear systems, determinants and decompositions. */
final class DecompositionFamily implements Family {
    @Override
    public String title() {
        return "Linear algebra";
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(SolutionEntries.all());
        entries.addAll(List.of(cholesky(), qr(), svd(), svdvals(), eigh(), eigvalsh()));
        entries.addAll(NormEntries.all());
        return List.copyOf(entries);
    }

    // ---- factors ----

    private static Entry cholesky() {
        return ofGraded("cholesky", "(...,n,n)->(...,n,n)", Tensor::cholesky)
                .reference((t, arguments) ->
                        NaiveMatrices.each(graded(t[0]), a -> NaiveMatrices.cholesky(NaiveMatrices.symmetric(a))))
                .covering("cholesky()")
                .rejects(ofSquare(Tensor::cholesky))
                .rejects(
                        "an indefinite matrix",
                        x -> Tensor.of(new double[][] {{1, 0, 0}, {0, -1, 0}, {0, 0, -1}})
                                .cholesky(),
                        "the matrix of shape [3, 3] … not positive-definite … order 2")
                .fails("a semidefinite matrix", x -> SINGULAR.cholesky(), "not positive-definite … order 2");
    }

    private static Entry qr() {
        return ofGraded("qr", "(...,m,n)", a -> {
                    Decomposition.QR qr = a.qr();
                    return joined(qr.q(), qr.r());
                })
                .reference((t, arguments) -> joined(
                        left(graded(t[0]), NaiveMatrices::orthonormal),
                        right(graded(t[0]), DecompositionFamily::triangular)))
                .covering("qr()")
                .rejects(ofFinite(a -> a.qr().q()))
                .fails(
                        "the gradient of dependent columns",
                        x -> {
                            Tensor.of(new double[][] {{1, 0}, {0, 0}})
                                    .requiresGrad(true)
                                    .qr()
                                    .r()
                                    .sum()
                                    .backward();
                            return x;
                        },
                        "singular … pivot 1");
    }

    /** Applies a function that returns a matrix with min(m, n) columns to each matrix of a batch. */
    private static NdArray left(NdArray a, Function<double[][], double[][]> function) {
        int rows = a.shape().dim(-2);
        return NaiveMatrices.each(a, rows, Math.min(rows, a.shape().dim(-1)), function);
    }

    /** Applies a function that returns a matrix with min(m, n) rows to each matrix of a batch. */
    private static NdArray right(NdArray a, Function<double[][], double[][]> function) {
        int columns = a.shape().dim(-1);
        return NaiveMatrices.each(a, Math.min(a.shape().dim(-2), columns), columns, function);
    }

    private static double[][] triangular(double[][] a) {
        double[][] r = NaiveMatrices.product(NaiveMatrices.transpose(NaiveMatrices.orthonormal(a)), a);
        // Below the diagonal, where the elements are only rounding errors, the reference has zeros.
        return NaiveMatrices.build(r.length, r[0].length, (i, j) -> i > j ? 0 : r[i][j]);
    }

    private static Entry svd() {
        return ofGraded("svd", "(...,m,n)", a -> {
                    Decomposition.SVD svd = a.svd();
                    return joined(svd.u(), svd.s(), svd.vt());
                })
                // Elements differ from 0, since at a diagonal matrix a small change can flip the sign of a singular
                // vector.
                .within(Values.between(-0.5, 0.5).awayFrom(0))
                .reference((t, arguments) -> joined(
                        left(graded(t[0]), NaiveMatrices::leftVectors),
                        NaiveMatrices.eachVector(graded(t[0]), NaiveMatrices::singularValues),
                        right(graded(t[0]), DecompositionFamily::rightVectors)))
                // The tolerance is larger, since the reference squares the condition number.
                .rtol(1e-11)
                .covering("svd()")
                .rejects(ofFinite(a -> a.svd().u()));
    }

    private static double[][] rightVectors(double[][] a) {
        double[] values = NaiveMatrices.singularValues(a);
        double[][] scaled = NaiveMatrices.product(NaiveMatrices.transpose(NaiveMatrices.leftVectors(a)), a);
        return NaiveMatrices.build(values.length, a.length == 0 ? 0 : a[0].length, (i, j) -> scaled[i][j] / values[i]);
    }

    private static Entry svdvals() {
        return ofGraded("svdvals", "(...,m,n)", Tensor::svdvals)
                .reference((t, arguments) -> NaiveMatrices.eachVector(graded(t[0]), NaiveMatrices::singularValues))
                .covering("svdvals()")
                .rejects(ofFinite(Tensor::svdvals));
    }

    private static Entry eigh() {
        return ofGraded("eigh", "(...,n,n)", a -> {
                    Decomposition.Eigen eigen = a.eigh();
                    return joined(eigen.values(), eigen.vectors());
                })
                // Elements differ from 0, since at a diagonal matrix a small change can flip the sign of an
                // eigenvector.
                .within(Values.between(-0.5, 0.5).awayFrom(0))
                .reference((t, arguments) -> joined(
                        NaiveMatrices.eachVector(graded(t[0]), DecompositionFamily::eigenvalues),
                        NaiveMatrices.each(graded(t[0]), DecompositionFamily::eigenvectors)))
                .covering("eigh()")
                .rejects(ofSquare(a -> a.eigh().values()));
    }

    private static double[] eigenvalues(double[][] a) {
        return NaiveMatrices.eigen(NaiveMatrices.symmetric(a))[0];
    }

    private static double[][] eigenvectors(double[][] a) {
        double[][] eigen = NaiveMatrices.eigen(NaiveMatrices.symmetric(a));
        return NaiveMatrices.transpose(Arrays.copyOfRange(eigen, 1, eigen.length));
    }

    private static Entry eigvalsh() {
        return ofGraded("eigvalsh", "(...,n,n)->(...,n)", Tensor::eigvalsh)
                .reference((t, arguments) -> NaiveMatrices.eachVector(graded(t[0]), DecompositionFamily::eigenvalues))
                .covering("eigvalsh()")
                .rejects(ofSquare(Tensor::eigvalsh));
    }

    // ---- the tables ----

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "inv", each(Tensor::inv),
                "solve", (t, arguments) -> t[0].solve(t[1]),
                "solveTriangular",
                        (t, arguments) ->
                                t[0].solveTriangular(t[1], arguments.flag("upper") ? Triangle.UPPER : Triangle.LOWER),
                "matrixExp", each(Tensor::matrixExp),
                "det", each(Tensor::det),
                "logabsdet", each(a -> a.slogDet().logAbs()),
                "cholesky", each(Tensor::cholesky));
    }

    private static Golden each(Function<Tensor, Tensor> function) {
        return (t, arguments) -> function.apply(t[0]);
    }
}
