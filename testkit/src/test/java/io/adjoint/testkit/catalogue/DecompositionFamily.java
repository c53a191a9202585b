package io.adjoint.testkit.catalogue;

import static io.adjoint.testkit.catalogue.Entry.entry;

import io.adjoint.autograd.Decomposition;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;

/** Solutions, determinants and decompositions of matrices. */
final class DecompositionFamily implements Family {
    private static final Tensor SQUARE = Tensor.of(new double[][] {{2, 1}, {1, 3}});
    private static final Tensor SINGULAR = Tensor.of(new double[][] {{1, 2}, {2, 4}});

    @Override
    public String title() {
        return "Linear algebra";
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(List.of(
                inv(), solve(), solveVector(), lstsq(), pinv(), pinvOfRank(), det(), logAbsDet(), slogDet()));
        entries.addAll(List.of(matrixPower(), cholesky(), qr(), svd(), svdvals(), eigh(), eigvalsh()));
        entries.addAll(List.of(frobenius(), matrixNorm(), nuclearNorm()));
        return List.copyOf(entries);
    }

    // ---- well-conditioned matrices ----

    /**
     * A function of matrices that are far from singular, and whose singular values are far from each other: small numbers are added
     * to 3, 6 and 9 on the diagonal. They come as views, transposed.
     */
    private static Tensor graded(Tensor x) {
        NdArray diagonal = diagonal(x.shape().dim(-1), x.shape().dim(-2)).to(x.dtype());
        return x.transpose().add(Tensor.of(diagonal)).transpose();
    }

    private static NdArray graded(NdArray x) {
        return x.add(diagonal(x.shape().dim(-2), x.shape().dim(-1)));
    }

    private static NdArray diagonal(int rows, int columns) {
        return Reference.build(Shape.of(rows, columns), index -> index[0] == index[1] ? 3 * (index[0] + 1) : 0);
    }

    private static Operation ofGraded(String name, String signature, UnaryOperator<Tensor> function) {
        return Operation.of(name, t -> function.apply(graded(t[0])))
                .shapes(signature)
                .within(Values.between(-0.5, 0.5))
                .axes(0, 2)
                .order(2);
    }

    /** The elements of several tensors as one, so that one operation tests all. */
    private static Tensor joined(Tensor... parts) {
        return Tensor.concat(
                0, Arrays.stream(parts).map(part -> part.reshape(part.shape().size())).toArray(Tensor[]::new));
    }

    private static NdArray joined(NdArray... parts) {
        return NdArray.concat(
                0, Arrays.stream(parts).map(part -> part.reshape(part.size())).toList());
    }

    // ---- mistakes ----

    private static Entry ofMatrices(Entry entry, String name, UnaryOperator<Tensor> function) {
        return entry.rejects("a vector", x -> function.apply(Tensor.of(1, 2)), name + ":", "matrix", "[2]")
                .rejects(
                        "INT32 elements",
                        x -> function.apply(SQUARE.to(DType.INT32)),
                        name + ":",
                        "INT32",
                        "to(FLOAT64)");
    }

    private static Entry ofFinite(Entry entry, String name, UnaryOperator<Tensor> function) {
        return ofMatrices(entry, name, function)
                .rejects(
                        "NaN",
                        x -> function.apply(Tensor.stack(0, SQUARE, SQUARE.mul(Double.NaN))),
                        name + ":",
                        "matrix [1] of the batch of shape [2, 2, 2]",
                        "NaN",
                        "[0, 0]")
                .rejects(
                        "an infinity",
                        x -> function.apply(Tensor.of(new double[][] {{1, 2}, {2, Double.NEGATIVE_INFINITY}})),
                        name + ":",
                        "the matrix of shape [2, 2]",
                        "-Infinity",
                        "[1, 1]");
    }

    private static Entry ofSquare(Entry entry, String name, UnaryOperator<Tensor> function) {
        return ofFinite(entry, name, function)
                .rejects("other sides", function, name + ":", "square", "[2, 3]", "axis -2 has 2, axis -1 has 3");
    }

    private static Entry ofRegular(Entry entry, String name, UnaryOperator<Tensor> function) {
        return ofSquare(entry, name, function)
                .rejects(
                        "a singular matrix",
                        x -> function.apply(Tensor.stack(0, SQUARE, SINGULAR, SQUARE)),
                        name + ":",
                        "matrix [1] of the batch of shape [3, 2, 2]",
                        "singular",
                        "pivot 1",
                        "pinv");
    }

    // ---- solutions ----

    private static Entry inv() {
        return ofRegular(
                entry(
                                ofGraded("inv", "(...,n,n)->(...,n,n)", Tensor::inv)
                                        .reference((t, arguments) ->
                                                NaiveMatrices.each(graded(t[0]), NaiveMatrices::inverse)),
                                "inv()")
                        .formula("A⁻¹")
                        .derivative("−yᵀ·g·yᵀ")
                        .kinks("an error for singular matrices"),
                "inv",
                Tensor::inv);
    }

    private static Entry solve() {
        return ofRegular(
                        entry(
                                        Operation.of("solve", t -> graded(t[0]).solve(t[1]))
                                                .shapes("(...,n,n),(...,n,m)->(...,n,m)")
                                                .within(Values.between(-0.5, 0.5), Values.between(-2, 2))
                                                // Two batches of equally many vectors could be meant, see below.
                                                .axes(0, 1)
                                                .reference((t, arguments) -> product(
                                                        NaiveMatrices.each(graded(t[0]), NaiveMatrices::inverse), t[1]))
                                                .order(2),
                                        "solve(Tensor)")
                                .formula("A⁻¹·B without the inverse; leading axes broadcast")
                                .derivative("B: G = A⁻ᵀ·g; A: −G·yᵀ")
                                .kinks("an error for singular matrices"),
                        "solve",
                        a -> a.solve(a))
                .rejects("right-hand side", x -> SQUARE.solve(x.transpose()), "solve", "[2, 2]", "[3, 2]", "axis -2")
                .rejects("vector", x -> SQUARE.solve(Tensor.of(1, 2, 3)), "solve", "[2, 2]", "[3]", "axis -1")
                .rejects("scalar", x -> SQUARE.solve(Tensor.scalar(1)), "solve", "[2, 2]", "[]", "no axes")
                .rejects("two dtypes", x -> SQUARE.solve(x.to(DType.FLOAT32)), "solve", "FLOAT64", "FLOAT32", "to(");
    }

    private static Entry solveVector() {
        return ofRegular(
                entry(
                                Operation.of("solve (vectors)", t -> graded(t[0]).solve(t[1]))
                                        .shapes("(b?,n,n),(b?,n)->(b?,n)")
                                        .within(Values.between(-0.5, 0.5), Values.between(-2, 2))
                                        .reference((t, arguments) -> product(
                                                        NaiveMatrices.each(graded(t[0]), NaiveMatrices::inverse),
                                                        t[1].unsqueeze(-1))
                                                .squeeze(-1))
                                        .order(2),
                                "solve(Tensor)")
                        .formula("the same with a vector for each matrix, or one for all")
                        .derivative("as of solve")
                        .kinks("an error for singular matrices"),
                "solve",
                a -> a.solve(Tensor.of(1, 2)));
    }

    /** Of batches that broadcast. */
    private static NdArray product(NdArray a, NdArray b) {
        Shape batch = Shape.broadcast("reference", leading(a.shape()), leading(b.shape()));
        int rank = batch.rank() + 2;
        int[] sides = Arrays.copyOf(batch.toArray(), rank);
        sides[rank - 2] = a.shape().dim(-2);
        sides[rank - 1] = b.shape().dim(-1);
        return Reference.build(Shape.of(sides), index -> IntStream.range(0, a.shape().dim(-1))
                .mapToDouble(k -> {
                    int[] left = index.clone();
                    left[rank - 1] = k;
                    int[] right = index.clone();
                    right[rank - 2] = k;
                    return Reference.broadcast(a, left) * Reference.broadcast(b, right);
                })
                .sum());
    }

    private static Shape leading(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
    }

    private static Entry lstsq() {
        return ofMatrices(
                        entry(
                                        Operation.of("lstsq", t -> graded(t[0]).lstsq(t[1]))
                                                .shapes("(...,m,n),(...,m,k)->(...,n,k)")
                                                .within(Values.between(-0.5, 0.5), Values.between(-2, 2))
                                                .axes(0, 2)
                                                .reference((t, arguments) -> product(
                                                        pseudoInverses(graded(t[0])),
                                                        t[1]))
                                                .order(2)
                                                // The reference squares the condition.
                                                .tolerance(1e-11),
                                        "lstsq(Tensor)")
                                .formula("A⁺·B: the shortest X that makes |A·X − B| least")
                                .derivative("as of pinv and matmul")
                                .kinks("the rank must not change"),
                        "lstsq",
                        a -> a.lstsq(a))
                .rejects("right-hand side", x -> x.lstsq(x.transpose()), "lstsq", "[2, 3]", "[3, 2]", "axis -2")
                .rejects("vector", x -> x.lstsq(Tensor.of(1, 2, 3)), "lstsq", "[2, 3]", "[3]", "axis -1")
                .rejects("scalar", x -> x.lstsq(Tensor.scalar(1)), "lstsq", "[2, 3]", "no axes");
    }

    private static Entry pinv() {
        return pinvErrors(entry(
                        ofGraded("pinv", "(...,m,n)->(...,n,m)", Tensor::pinv)
                                .reference((t, arguments) ->
pseudoInverses(graded(t[0])))
                                .tolerance(1e-11),
                        "pinv()")
                .formula("A⁺ = V·S⁺·Uᵀ"));
    }

    private static NdArray pseudoInverses(NdArray a) {
        return NaiveMatrices.each(a, a.shape().dim(-1), a.shape().dim(-2), NaiveMatrices::pseudoInverse);
    }

    private static Entry pinvErrors(Entry entry) {
        return ofFinite(
                        entry.derivative("−yᵀgyᵀ + (I − Ay)gᵀyyᵀ + yᵀygᵀ(I − yA)")
                                .kinks("the rank must not change"),
                        "pinv",
                        Tensor::pinv)
                .rejects("a negative bound", x -> x.pinv(-1), "pinv", "rcond >= 0", "-1.0");
    }

    /** Of the matrices x·xᵀ of rank 1, which stay of rank 1 when x changes. */
    private static Entry pinvOfRank() {
        return pinvErrors(entry(
                        Operation.of("pinv (rcond)", t -> t[0].unsqueeze(-1)
                                        .mul(t[0].unsqueeze(-2))
                                        .pinv(1e-3))
                                .shapes("(b?,n)->(b?,n,n)")
                                .within(Values.between(0.5, 2))
                                .sides(1, 3)
                                .reference((t, arguments) -> ofRankOne(t[0]))
                                .order(2),
                        "pinv(double)")
                .formula("the same, with singular values up to rcond of the largest taken for 0"));
    }

    private static NdArray ofRankOne(NdArray x) {
        int rank = x.shape().rank();
        int[] sides = Arrays.copyOf(x.shape().toArray(), rank + 1);
        sides[rank] = x.shape().dim(-1);
        return Reference.build(Shape.of(sides), index -> {
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
        return ofSquare(
                        entry(
                                        Operation.of(
                                                        "matrixPower",
                                                        (t, exponent) -> graded(t[0]).matrixPower(exponent[0]))
                                                .shapes("(...,n,n)->(...,n,n)")
                                                .within(Values.between(-0.5, 0.5))
                                                .axes(0, 2)
                                                .arguments(shapes -> Arbitraries.integers()
                                                        .between(-3, 6)
                                                        .map(exponent -> new int[] {exponent}))
                                                .reference((t, exponent) -> NaiveMatrices.each(
                                                        graded(t[0]), a -> power(a, exponent[0])))
                                                .order(2),
                                        "matrixPower(int)")
                                .formula("Aⁿ; A⁻¹ to the power −n for n < 0, I for 0")
                                .derivative("as of the products")
                                .kinks("none; an error for singular matrices if n < 0"),
                        "matrixPower",
                        a -> a.matrixPower(-2))
                .rejects("a singular matrix", x -> SINGULAR.matrixPower(-1), "singular", "pivot 1");
    }

    private static double[][] power(double[][] a, int exponent) {
        double[][] base = exponent < 0 ? NaiveMatrices.inverse(a) : a;
        double[][] result = NaiveMatrices.identity(a.length);
        for (int k = 0; k < Math.abs(exponent); k++) {
            result = NaiveMatrices.product(result, base);
        }
        return result;
    }

    // ---- determinants ----

    /** Of any matrices, singular ones too: those whose rows are equal are among the layouts. */
    private static Entry det() {
        return ofSquare(
                entry(
                                Operation.of("det", t -> t[0].det())
                                        .shapes("(...,n,n)->(...)")
                                        .axes(0, 2)
                                        .reference((t, arguments) ->
                                                NaiveMatrices.eachNumber(t[0], NaiveMatrices::determinant))
                                        .order(2),
                                "det()")
                        .formula("det A")
                        .derivative("g·cof A, which is g·y·A⁻ᵀ for regular matrices")
                        .kinks("none: right for singular matrices too, whose second derivative costs n² determinants"),
                "det",
                Tensor::det);
    }

    private static Entry logAbsDet() {
        return ofSquare(
                        entry(
                                        ofGraded("logAbsDet", "(...,n,n)->(...)", a -> a.neg().logAbsDet())
                                                .reference((t, arguments) -> NaiveMatrices.eachNumber(
                                                        graded(t[0]),
                                                        a -> Math.log(Math.abs(NaiveMatrices.determinant(a))))),
                                        "logAbsDet()")
                                .formula("log |det A|")
                                .derivative("g·A⁻ᵀ")
                                .kinks("−∞ for singular matrices, without gradient: an error"),
                        "logAbsDet",
                        Tensor::logAbsDet)
                .rejects(
                        "the gradient of a singular matrix",
                        x -> {
                            SINGULAR.requiresGrad(true).logAbsDet().backward();
                            return x;
                        },
                        "logAbsDet:",
                        "singular");
    }

    private static Entry slogDet() {
        return ofSquare(
                entry(
                                ofGraded("slogDet", "(...,n,n)->(...)", a -> {
                                            Decomposition.SignedLog parts = a.neg().slogDet();
                                            return parts.sign().mul(parts.logAbs());
                                        })
                                        .reference((t, arguments) -> NaiveMatrices.eachNumber(graded(t[0]), a -> {
                                            double det = NaiveMatrices.determinant(a) * (a.length % 2 == 0 ? 1 : -1);
                                            return Math.signum(det) * Math.log(Math.abs(det));
                                        })),
                                "slogDet()")
                        .formula("the sign of det A, and log |det A|")
                        .derivative("as of logAbsDet; none of the sign")
                        .kinks("as of logAbsDet"),
                "slogDet",
                a -> a.slogDet().sign());
    }

    // ---- factors ----

    private static Entry cholesky() {
        return ofSquare(
                        entry(
                                        ofGraded("cholesky", "(...,n,n)->(...,n,n)", Tensor::cholesky)
                                                .reference((t, arguments) -> NaiveMatrices.each(
                                                        graded(t[0]),
                                                        a -> NaiveMatrices.cholesky(NaiveMatrices.symmetric(a)))),
                                        "cholesky()")
                                .formula("L of L·Lᵀ = (A + Aᵀ)/2")
                                .derivative("the symmetric part of L⁻ᵀ·Φ(Lᵀ·g)·L⁻¹; Φ keeps below the diagonal and half of it")
                                .kinks("an error unless positive-definite"),
                        "cholesky",
                        Tensor::cholesky)
                .rejects(
                        "an indefinite matrix",
                        x -> Tensor.of(new double[][] {{1, 0, 0}, {0, -1, 0}, {0, 0, -1}})
                                .cholesky(),
                        "cholesky",
                        "the matrix of shape [3, 3]",
                        "not positive-definite",
                        "order 2")
                .rejects("a semidefinite matrix", x -> SINGULAR.cholesky(), "not positive-definite", "order 2");
    }

    private static Entry qr() {
        return ofFinite(
                        entry(
                                        ofGraded("qr", "(...,m,n)", a -> {
                                                    Decomposition.QR qr = a.qr();
                                                    return joined(qr.q(), qr.r());
                                                })
                                                .reference((t, arguments) -> joined(
                                                        left(graded(t[0]), NaiveMatrices::orthonormal),
                                                        right(graded(t[0]), DecompositionFamily::triangular))),
                                        "qr()")
                                .formula("A = Q·R; the diagonal of R is not negative")
                                .derivative("(gQ + Q·M)·R⁻ᵀ; M mirrors the lower triangle of R·gRᵀ − gQᵀ·Q")
                                .kinks("an error for dependent columns among the first min(m, n)"),
                        "qr",
                        a -> a.qr().q())
                .rejects(
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
                        "singular",
                        "pivot 1");
    }

    /** A matrix of min(m, n) columns for each matrix of a batch. */
    private static NdArray left(NdArray a, Function<double[][], double[][]> function) {
        int rows = a.shape().dim(-2);
        return NaiveMatrices.each(a, rows, Math.min(rows, a.shape().dim(-1)), function);
    }

    /** A matrix of min(m, n) rows for each matrix of a batch. */
    private static NdArray right(NdArray a, Function<double[][], double[][]> function) {
        int columns = a.shape().dim(-1);
        return NaiveMatrices.each(a, Math.min(a.shape().dim(-2), columns), columns, function);
    }

    private static double[][] triangular(double[][] a) {
        double[][] r = NaiveMatrices.product(NaiveMatrices.transpose(NaiveMatrices.orthonormal(a)), a);
        // Below the diagonal there is only what rounding left.
        return NaiveMatrices.build(r.length, r[0].length, (i, j) -> i > j ? 0 : r[i][j]);
    }

    private static Entry svd() {
        return ofFinite(
                entry(
                                ofGraded("svd", "(...,m,n)", a -> {
                                            Decomposition.SVD svd = a.svd();
                                            return joined(svd.u(), svd.s(), svd.vt());
                                        })
                                        .reference((t, arguments) -> joined(
                                                left(graded(t[0]), NaiveMatrices::leftVectors),
                                                NaiveMatrices.eachVector(graded(t[0]), NaiveMatrices::singularValues),
                                                right(graded(t[0]), DecompositionFamily::rightVectors)))
                                        // The reference squares the condition.
                                        .tolerance(1e-11),
                                "svd()")
                        .formula("A = U·diag(s)·Vᵀ; U's columns begin with a positive element")
                        .derivative("U·[(F∘(X − Xᵀ))·S + S·(F∘(Y − Yᵀ)) + diag gs]·Vᵀ, X = Uᵀ·gU, Y = Vᵀ·gV, "
                                + "Fᵢⱼ = 1/(sⱼ² − sᵢ²), and the parts outside of U and V")
                        .kinks("not finite for vectors of equal values"),
                "svd",
                a -> a.svd().u());
    }

    private static double[][] rightVectors(double[][] a) {
        double[] values = NaiveMatrices.singularValues(a);
        double[][] scaled = NaiveMatrices.product(NaiveMatrices.transpose(NaiveMatrices.leftVectors(a)), a);
        return NaiveMatrices.build(
                values.length, a.length == 0 ? 0 : a[0].length, (i, j) -> scaled[i][j] / values[i]);
    }

    private static Entry svdvals() {
        return ofFinite(
                entry(
                                ofGraded("svdvals", "(...,m,n)", Tensor::svdvals)
                                        .reference((t, arguments) ->
                                                NaiveMatrices.eachVector(graded(t[0]), NaiveMatrices::singularValues)),
                                "svdvals()")
                        .formula("the singular values in descending order")
                        .derivative("U·diag(g)·Vᵀ")
                        .kinks("0 of a value of 0"),
                "svdvals",
                Tensor::svdvals);
    }

    private static Entry eigh() {
        return ofSquare(
                entry(
                                ofGraded("eigh", "(...,n,n)", a -> {
                                            Decomposition.Eigen eigen = a.eigh();
                                            return joined(eigen.values(), eigen.vectors());
                                        })
                                        .reference((t, arguments) -> joined(
                                                NaiveMatrices.eachVector(graded(t[0]), DecompositionFamily::eigenvalues),
                                                NaiveMatrices.each(graded(t[0]), DecompositionFamily::eigenvectors))),
                                "eigh()")
                        .formula("(A + Aᵀ)/2 = V·diag(λ)·Vᵀ; V's columns begin with a positive element")
                        .derivative("the symmetric part of V·[diag gλ + F∘(Vᵀ·gV)]·Vᵀ, Fᵢⱼ = 1/(λⱼ − λᵢ)")
                        .kinks("not finite for vectors of equal values"),
                "eigh",
                a -> a.eigh().values());
    }

    private static double[] eigenvalues(double[][] a) {
        return NaiveMatrices.eigen(NaiveMatrices.symmetric(a))[0];
    }

    private static double[][] eigenvectors(double[][] a) {
        double[][] eigen = NaiveMatrices.eigen(NaiveMatrices.symmetric(a));
        return NaiveMatrices.transpose(Arrays.copyOfRange(eigen, 1, eigen.length));
    }

    private static Entry eigvalsh() {
        return ofSquare(
                entry(
                                ofGraded("eigvalsh", "(...,n,n)->(...,n)", Tensor::eigvalsh)
                                        .reference((t, arguments) -> NaiveMatrices.eachVector(
                                                graded(t[0]), DecompositionFamily::eigenvalues)),
                                "eigvalsh()")
                        .formula("the eigenvalues of (A + Aᵀ)/2 in ascending order")
                        .derivative("V·diag(g)·Vᵀ")
                        .kinks("none at first order"),
                "eigvalsh",
                Tensor::eigvalsh);
    }

    // ---- norms ----

    private static Entry frobenius() {
        return ofMatrices(
                        entry(
                                        Operation.of("matrixNorm", t -> t[0].matrixNorm())
                                                .shapes("(...,m,n)->(...)")
                                                .reference((t, arguments) -> NaiveMatrices.eachNumber(
                                                        t[0],
                                                        a -> Math.sqrt(Arrays.stream(a)
                                                                .flatMapToDouble(Arrays::stream)
                                                                .map(element -> element * element)
                                                                .sum())))
                                                .order(2),
                                        "matrixNorm()")
                                .formula("√Σᵢⱼ aᵢⱼ²")
                                .derivative("g·A/y")
                                .kinks("0 of the zero matrix, at first and second order"),
                        "matrixNorm",
                        Tensor::matrixNorm)
                .rejects("a scalar", x -> Tensor.scalar(1).matrixNorm(), "matrixNorm", "[]");
    }

    private static final double[] ORDERS = {
        1, -1, 2, -2, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
    };

    private static Entry matrixNorm() {
        return ofMatrices(
                        entry(
                                        Operation.of("matrixNorm (order)", (t, order) -> graded(t[0])
                                                        .matrixNorm(ORDERS[order[0]]))
                                                .shapes("(...,m,n)->(...)")
                                                .within(Values.between(-0.5, 0.5).awayFrom(0))
                                                .axes(0, 2)
                                                // Three equal rows are a tie that differences do not share evenly.
                                                .layouts(LinalgFamily.withoutRepetition())
                                                .arguments(shapes -> Arbitraries.integers()
                                                        .between(0, ORDERS.length - 1)
                                                        .map(order -> new int[] {order}))
                                                .reference((t, order) -> NaiveMatrices.eachNumber(
                                                        graded(t[0]), a -> norm(a, ORDERS[order[0]])))
                                                .order(2)
                                                // There is no greatest or least of nothing.
                                                .except(OperationCheck.EMPTY),
                                        "matrixNorm(double)")
                                .formula("max or min of: Σᵢ |aᵢⱼ| for 1 and −1, Σⱼ |aᵢⱼ| for ∞ and −∞, sₖ for 2 and −2")
                                .derivative("as of abs, sum, svdvals and amax or amin")
                                .kinks("ties share"),
                        "matrixNorm",
                        a -> a.matrixNorm(1))
                .rejects("an order", x -> x.matrixNorm(3), "matrixNorm", "3.0", "1, 2, infinity");
    }

    private static double norm(double[][] a, double order) {
        double size = Math.abs(order);
        double[] sizes = size == 2
                ? NaiveMatrices.singularValues(a)
                : Arrays.stream(size == 1 ? NaiveMatrices.transpose(a) : a)
                        .mapToDouble(row -> Arrays.stream(row).map(Math::abs).sum())
                        .toArray();
        return order > 0
                ? Arrays.stream(sizes).max().orElse(Double.NaN)
                : Arrays.stream(sizes).min().orElse(Double.NaN);
    }

    private static Entry nuclearNorm() {
        return ofMatrices(
                        entry(
                                        ofGraded("nuclearNorm", "(...,m,n)->(...)", Tensor::nuclearNorm)
                                                .reference((t, arguments) -> NaiveMatrices.eachNumber(
                                                        graded(t[0]),
                                                        a -> Arrays.stream(NaiveMatrices.singularValues(a))
                                                                .sum())),
                                        "nuclearNorm()")
                                .formula("Σₖ sₖ")
                                .derivative("g·U·Vᵀ")
                                .kinks("0 of a singular value of 0"),
                        "nuclearNorm",
                        Tensor::nuclearNorm)
                .rejects("a scalar", x -> Tensor.scalar(1).nuclearNorm(), "nuclearNorm", "[]");
    }

    // ---- the tables ----

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "inv", each(Tensor::inv),
                "solve", (t, arguments) -> t[0].solve(t[1]),
                "det", each(Tensor::det),
                "logabsdet", each(Tensor::logAbsDet),
                "cholesky", each(Tensor::cholesky));
    }

    private static Golden each(Function<Tensor, Tensor> function) {
        return (t, arguments) -> function.apply(t[0]);
    }
}
