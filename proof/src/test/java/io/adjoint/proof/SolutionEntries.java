package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.MatrixEntries.SINGULAR;
import static io.adjoint.proof.MatrixEntries.SQUARE;
import static io.adjoint.proof.MatrixEntries.graded;
import static io.adjoint.proof.MatrixEntries.ofFinite;
import static io.adjoint.proof.MatrixEntries.ofGraded;
import static io.adjoint.proof.MatrixEntries.ofMatrices;
import static io.adjoint.proof.MatrixEntries.ofRegular;
import static io.adjoint.proof.MatrixEntries.ofSquare;
import static io.adjoint.proof.Places.ranges;

import io.adjoint.autograd.Decomposition;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Triangle;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;

/** The entries of {@link DecompositionFamily} for solutions of linear systems, inverses and determinants. */
final class SolutionEntries {
    private SolutionEntries() {}

    static List<Entry> all() {
        return List.of(
                inv(),
                solve(),
                solveVector(),
                solveTriangular("solveTriangular", "(...,n,n),(...,n,m)->(...,n,m)"),
                solveTriangular("solveTriangular (vectors)", "(n,n),(n)->(n)"),
                lstsq(),
                pinv(),
                pinvOfRank(),
                matrixPower(),
                matrixExp(),
                longMatrixExp(),
                det(),
                slogDet());
    }

    private static Entry inv() {
        return ofGraded("inv", "(...,n,n)->(...,n,n)", Tensor::inv)
                .reference((t, arguments) -> NaiveMatrices.each(graded(t[0]), NaiveMatrices::inverse))
                .covering("inv()")
                .rejects(ofRegular(Tensor::inv));
    }

    private static Entry solve() {
        return entry("solve", t -> graded(t[0]).solve(t[1]))
                .shapes("(...,n,n),(...,n,m)->(...,n,m)")
                .within(Values.between(-0.5, 0.5), Values.between(-2, 2))
                // Batches of at most one axis, since with more the right-hand side could be read as a batch of vectors;
                // see below.
                .axes(0, 1)
                .reference((t, arguments) ->
                        NaiveMatrices.product(NaiveMatrices.each(graded(t[0]), NaiveMatrices::inverse), t[1]))
                .order(2)
                .covering("solve(Tensor)")
                .rejects(ofRegular(a -> a.solve(a)))
                .rejects("right-hand side", x -> SQUARE.solve(x.transpose()), "[2, 2] … [3, 2] … axis -2")
                .rejects("vector", x -> SQUARE.solve(Tensor.of(1, 2, 3)), "[2, 2] … [3] … axis -1")
                .rejects("scalar", x -> SQUARE.solve(Tensor.scalar(1)), "[2, 2] … [] … no axes")
                .rejects("two dtypes", x -> SQUARE.solve(x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to(");
    }

    private static Entry solveVector() {
        return entry("solve (vectors)", t -> graded(t[0]).solve(t[1]))
                .shapes("(b?,n,n),(b?,n)->(b?,n)")
                .within(Values.between(-0.5, 0.5), Values.between(-2, 2))
                .reference((t, arguments) -> NaiveMatrices.product(
                                NaiveMatrices.each(graded(t[0]), NaiveMatrices::inverse), t[1].unsqueeze(-1))
                        .squeeze(-1))
                .order(2)
                .covering("solve(Tensor)")
                .rejects(ofRegular(a -> a.solve(Tensor.of(1, 2))));
    }

    private static Entry solveTriangular(String name, String shapes) {
        return entry(
                        name,
                        (t, upper) ->
                                graded(t[0]).solveTriangular(t[1], upper[0] == 1 ? Triangle.UPPER : Triangle.LOWER))
                .shapes(shapes)
                .within(Values.between(-0.5, 0.5), Values.between(-2, 2))
                // As of solve.
                .axes(0, 1)
                .arguments(any -> ranges(0, 1))
                .reference((t, upper) -> {
                    NdArray a = graded(t[0]);
                    NdArray inverse = NaiveMatrices.each(upper[0] == 1 ? a.triu() : a.tril(), NaiveMatrices::inverse);
                    return t[1].shape().rank() == 1
                            ? NaiveMatrices.product(inverse, t[1].unsqueeze(-1)).squeeze(-1)
                            : NaiveMatrices.product(inverse, t[1]);
                })
                .order(2)
                .covering("solveTriangular(Tensor,Triangle)")
                .rejects(ofSquare(a -> a.solveTriangular(a, Triangle.UPPER)))
                .rejects(
                        "right-hand side",
                        x -> SQUARE.solveTriangular(x.transpose(), Triangle.UPPER),
                        "[2, 2] … [3, 2] … axis -2")
                .rejects(
                        "vector",
                        x -> SQUARE.solveTriangular(Tensor.of(1, 2, 3), Triangle.LOWER),
                        "[2, 2] … [3] … axis -1")
                .rejects(
                        "a singular matrix",
                        x -> Tensor.stack(0, SQUARE, SINGULAR.tril(-1)).solveTriangular(SQUARE, Triangle.LOWER),
                        "matrix [1] of the batch of shape [2, 2, 2] … singular … [0, 0] of its diagonal");
    }

    private static Entry lstsq() {
        return entry("lstsq", t -> graded(t[0]).lstsq(t[1]))
                .shapes("(...,m,n),(...,m,k)->(...,n,k)")
                .within(Values.between(-0.5, 0.5), Values.between(-2, 2))
                .axes(0, 2)
                .reference((t, arguments) -> NaiveMatrices.product(pseudoInverses(graded(t[0])), t[1]))
                .order(2)
                // The tolerance is larger, since the reference squares the condition number.
                .rtol(1e-11)
                .covering("lstsq(Tensor)")
                .rejects(ofMatrices(a -> a.lstsq(a)))
                .rejects("right-hand side", x -> x.lstsq(x.transpose()), "[2, 3] … [3, 2] … axis -2")
                .rejects("vector", x -> x.lstsq(Tensor.of(1, 2, 3)), "[2, 3] … [3] … axis -1")
                .rejects("scalar", x -> x.lstsq(Tensor.scalar(1)), "[2, 3] … no axes")
                .rejects("two types", x -> x.lstsq(x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32");
    }

    private static Entry pinv() {
        return pinvErrors(ofGraded("pinv", "(...,m,n)->(...,n,m)", Tensor::pinv)
                .reference((t, arguments) -> pseudoInverses(graded(t[0])))
                .rtol(1e-11)
                .covering("pinv()"));
    }

    private static NdArray pseudoInverses(NdArray a) {
        return NaiveMatrices.each(a, a.shape().dim(-1), a.shape().dim(-2), NaiveMatrices::pseudoInverse);
    }

    private static Entry pinvErrors(Entry entry) {
        return entry.rejects(ofFinite(Tensor::pinv))
                .fails("a negative bound", x -> x.pinv(-1), "pinv … rcond >= 0 … -1.0");
    }

    /** The entry of pseudoinverses of matrices x·xᵀ; their rank is 1 for every x, so the pseudoinverse is differentiable. */
    private static Entry pinvOfRank() {
        return pinvErrors(entry(
                        "pinv (rcond)",
                        t -> t[0].unsqueeze(-1).mul(t[0].unsqueeze(-2)).pinv(1e-3))
                .shapes("(b?,n)->(b?,n,n)")
                .within(Values.between(0.5, 2))
                .dims(1, 3)
                .reference((t, arguments) -> ofRankOne(t[0]))
                .order(2)
                .covering("pinv(double)"));
    }

    private static NdArray ofRankOne(NdArray x) {
        int rank = x.shape().rank();
        int[] dims = Arrays.copyOf(x.shape().toArray(), rank + 1);
        dims[rank] = x.shape().dim(-1);
        return Reference.build(Shape.of(dims), index -> {
            int[] left = Arrays.copyOf(index, rank);
            int[] right = left.clone();
            right[rank - 1] = index[rank];
            double square = 0;
            for (int k = 0; k < x.shape().dim(-1); k++) {
                int[] at = left.clone();
                at[rank - 1] = k;
                square += x.get(at) * x.get(at);
            }
            return x.get(left) * x.get(right) / (square * square);
        });
    }

    private static Entry matrixPower() {
        return entry("matrixPower", (t, exponent) -> graded(t[0]).matrixPower(exponent[0]))
                .shapes("(...,n,n)->(...,n,n)")
                .within(Values.between(-0.5, 0.5))
                .axes(0, 2)
                .arguments(shapes -> ranges(-3, 6))
                .reference((t, exponent) -> NaiveMatrices.each(graded(t[0]), a -> power(a, exponent[0])))
                .order(2)
                .covering("matrixPower(int)")
                .rejects(ofSquare(a -> a.matrixPower(-2)))
                .fails("a singular matrix", x -> SINGULAR.matrixPower(-1), "singular … pivot 1");
    }

    private static double[][] power(double[][] a, int exponent) {
        double[][] base = exponent < 0 ? NaiveMatrices.inverse(a) : a;
        double[][] result = NaiveMatrices.identity(a.length);
        for (int k = 0; k < Math.abs(exponent); k++) {
            result = NaiveMatrices.product(result, base);
        }
        return result;
    }

    private static Entry matrixExp() {
        return entry("matrixExp", t -> t[0].matrixExp())
                .shapes("(...,n,n)->(...,n,n)")
                .axes(0, 2)
                .reference((t, arguments) -> NaiveMatrices.each(t[0], SolutionEntries::exponential))
                .order(3)
                .covering("matrixExp()")
                .rejects(ofSquare(Tensor::matrixExp));
    }

    /** The entry of exponentials of matrices that are halved and squared, each as often as its norm says. */
    private static Entry longMatrixExp() {
        return entry(
                        "matrixExp (scaled)",
                        t -> t[0].mul(Tensor.of(5, 10).to(t[0].dtype()).reshape(2, 1, 1))
                                .matrixExp())
                .shapes("(2,n,n)->(2,n,n)")
                .within(Values.between(-0.5, 0.5))
                .reference((t, arguments) -> NaiveMatrices.each(
                        t[0].mul(NdArray.of(Shape.of(2, 1, 1), 5, 10)), SolutionEntries::exponential))
                .order(2)
                .covering("matrixExp()")
                .rejects(ofSquare(Tensor::matrixExp));
    }

    /** The exponential by Taylor's series of a matrix halved until all terms are small. */
    private static double[][] exponential(double[][] a) {
        int n = a.length;
        double[][] small = NaiveMatrices.build(n, n, (i, j) -> Math.scalb(a[i][j], -8));
        double[][] sum = NaiveMatrices.identity(n);
        for (int k = 20; k > 0; k--) {
            double[][] product = NaiveMatrices.product(small, sum);
            int order = k;
            sum = NaiveMatrices.build(n, n, (i, j) -> product[i][j] / order + (i == j ? 1 : 0));
        }
        for (int k = 0; k < 8; k++) {
            sum = NaiveMatrices.product(sum, sum);
        }
        return sum;
    }

    // ---- determinants ----

    /** The entry of determinants, also of singular matrices: some of the tested layouts repeat a row. */
    private static Entry det() {
        return entry("det", t -> t[0].det())
                .shapes("(...,n,n)->(...)")
                .axes(0, 2)
                .reference((t, arguments) -> NaiveMatrices.eachNumber(t[0], NaiveMatrices::determinant))
                .order(2)
                .covering("det()")
                .rejects(ofSquare(Tensor::det));
    }

    private static Entry slogDet() {
        return ofGraded("slogDet", "(...,n,n)->(...)", a -> {
                    Decomposition.SignedLog parts = a.neg().slogDet();
                    return parts.sign().mul(parts.logAbs());
                })
                .reference((t, arguments) -> NaiveMatrices.eachNumber(graded(t[0]), a -> {
                    double det = NaiveMatrices.determinant(a) * (a.length % 2 == 0 ? 1 : -1);
                    return Math.signum(det) * Math.log(Math.abs(det));
                }))
                .covering("slogDet()")
                .rejects(ofSquare(a -> a.slogDet().sign()))
                .fails(
                        "the gradient of a singular matrix",
                        x -> {
                            SINGULAR.requiresGrad(true).slogDet().logAbs().backward();
                            return x;
                        },
                        "slogDet: … singular");
    }
}
