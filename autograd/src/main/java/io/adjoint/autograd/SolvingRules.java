package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.isRecording;
import static io.adjoint.autograd.Autograd.isWanted;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Triangle;
import io.adjoint.core.linalg.DecompositionKernels;
import io.adjoint.core.linalg.LinearSystemKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;

/** Inverses of matrices, solutions of linear systems, and determinants. */
final class SolvingRules {
    private SolvingRules() {}

    static Tensor inv(String op, Tensor a) {
        return op(
                "inv",
                LinearSystemKernels.inv(op, a.data()),
                edge(a, (g, y) -> y.transpose().matmul(g).matmul(y.transpose()).neg()));
    }

    static Tensor solve(String op, Tensor a, Tensor b) {
        NdArray value = LinearSystemKernels.solve(op, a.data(), b.data());
        return solved("solve", a, b, value, g -> solve(op, a.transpose(), g), UnaryOperator.identity());
    }

    static Tensor solveTriangular(Tensor a, Tensor b, Triangle triangle) {
        NdArray value = LinearSystemKernels.solveTriangular(a.data(), b.data(), triangle);
        boolean upper = triangle == Triangle.UPPER;
        return solved(
                "solveTriangular",
                a,
                b,
                value,
                g -> solveTriangular(a.transpose(), g, upper ? Triangle.LOWER : Triangle.UPPER),
                upper ? Tensor::triu : Tensor::tril);
    }

    /**
     * Records the solution X of {@code A·X = B}.
     *
     * @param transposed the solution of {@code Aᵀ·G = g}
     * @param used the elements of A that the solution was computed from, all others 0
     */
    private static Tensor solved(
            String op,
            Tensor a,
            Tensor b,
            NdArray value,
            UnaryOperator<Tensor> transposed,
            UnaryOperator<Tensor> used) {
        boolean vector = LinearSystemKernels.isVector(a.shape(), b.shape());
        return op(op, value, List.of(a, b), (g, x) -> {
            Tensor right = transposed.apply(g);
            if (!isWanted(a)) {
                return Arrays.asList(null, right);
            }
            Tensor product = vector ? right.unsqueeze(-1).matmul(x.unsqueeze(-2)) : right.matmul(x.transpose());
            return List.of(used.apply(product.neg()), right);
        });
    }

    static Tensor pinv(Tensor a, double rcond) {
        return pinv("pinv", a, rcond);
    }

    private static Tensor pinv(String caller, Tensor a, double rcond) {
        return op("pinv", DecompositionKernels.pinv(caller, a.data(), rcond), edge(a, (g, p) -> pinvRule(a, p, g)));
    }

    /**
     * The gradient of A, for the upstream gradient g of the pseudo-inverse P: {@code −PᵀgPᵀ + (I − AP)gᵀPPᵀ + PᵀPgᵀ(I − PA)}. The formula
     * holds as long as the rank of A does not change.
     */
    private static Tensor pinvRule(Tensor a, Tensor p, Tensor g) {
        Tensor pt = p.transpose();
        Tensor gt = g.transpose();
        Tensor left = gt.matmul(p).matmul(pt);
        Tensor right = pt.matmul(p).matmul(gt);
        return left.sub(a.matmul(p).matmul(left))
                .add(right)
                .sub(right.matmul(p).matmul(a))
                .sub(pt.matmul(g).matmul(pt));
    }

    static Tensor pinv(Tensor a) {
        return pinv("pinv", a);
    }

    private static Tensor pinv(String caller, Tensor a) {
        DecompositionKernels.requireMatrices(caller, a.data());
        return pinv(
                caller,
                a,
                a.dtype().eps() * Math.max(a.shape().dim(-2), a.shape().dim(-1)));
    }

    static Tensor lstsq(Tensor a, Tensor b) {
        DecompositionKernels.requireMatrices("lstsq", a.data());
        DTypeException.requireSameFloating("lstsq", a.dtype(), b.dtype());
        int rank = b.shape().rank();
        if (rank == 0 || b.shape().dim(rank == 1 ? 0 : -2) != a.shape().dim(-2)) {
            throw new ShapeException("lstsq: matrices of shape " + a.shape() + " with right-hand sides of shape "
                    + b.shape() + ": axis -2 has " + a.shape().dim(-2) + ", but "
                    + (rank == 0
                            ? "the right-hand side has no axes"
                            : "axis " + (rank == 1 ? -1 : -2) + " of the right-hand side has "
                                    + b.shape().dim(rank == 1 ? 0 : -2)));
        }
        return pinv("lstsq", a).matmul(b);
    }

    // ---- determinants ----

    static Tensor det(Tensor a) {
        return op(
                "det",
                LinearSystemKernels.det(a.data()),
                edge(a, (g, y) -> column(g).mul(isRecording() ? cofactors(a, y) : fused(a))));
    }

    private static Tensor fused(Tensor a) {
        return Tensor.of(LinearSystemKernels.cofactors(a.data()));
    }

    /**
     * The cofactors of a: computed cheaply, from the inverse, if the inverse and its derivatives are accurate to at least half of the
     * digits; else by {@link #singularCofactors}.
     */
    private static Tensor cofactors(Tensor a, Tensor det) {
        if (Arrays.stream(det.data().toDoubleArray()).allMatch(value -> value != 0)) {
            Tensor inverse = inv("det", a);
            NdArray condition =
                    a.data().vectorNorm(2, -2, -1).mul(inverse.data().vectorNorm(2, -2, -1));
            double most = 1 / Math.sqrt(a.dtype().eps());
            if (Arrays.stream(condition.toDoubleArray()).allMatch(value -> value < most)) {
                return column(det).mul(inverse.transpose());
            }
        }
        return singularCofactors(a);
    }

    /**
     * The cofactors of matrices that may be singular. The first derivative takes O(n³); further derivatives need the determinants of all
     * minors.
     */
    private static Tensor singularCofactors(Tensor a) {
        return op(
                "cofactors",
                LinearSystemKernels.cofactors(a.data()),
                edge(
                        a,
                        g -> isRecording()
                                ? Autograd.grad(minors(a), g, GraphMode.CREATE, a)
                                : Tensor.of(LinearSystemKernels.cofactorsGradient(a.data(), g.data()))));
    }

    private static Tensor minors(Tensor a) {
        Tensor signs = pattern(a, (row, column) -> (row + column) % 2 == 0 ? 1 : -1);
        return det(without(without(a, -2, -3), -1, -3)).mul(signs);
    }

    /** Stacks copies of x, each without one entry of an axis, along a new axis: one copy for each entry. */
    private static Tensor without(Tensor x, int axis, int added) {
        List<Tensor> parts = new ArrayList<>();
        for (int k = 0; k < x.shape().dim(axis); k++) {
            parts.add(Tensor.concat(
                    axis, x.slice(axis, 0, k), x.slice(axis, k + 1, x.shape().dim(axis))));
        }
        return Tensor.stack(added, parts.toArray(new Tensor[0]));
    }

    static Decomposition.SignedLog slogDet(Tensor a) {
        List<NdArray> signAndLog = LinearSystemKernels.slogDet("slogDet", a.data());
        Tensor log = op(
                "slogDet",
                signAndLog.get(1),
                edge(a, g -> column(g).mul(inv("slogDet", a).transpose())));
        return new Decomposition.SignedLog(Tensor.of(signAndLog.get(0)), log);
    }

    /** Appends two axes of size 1 to a tensor with one number per matrix, so that the tensor broadcasts over matrices. */
    static Tensor column(Tensor x) {
        return x.unsqueeze(-1).unsqueeze(-1);
    }

    // ---- constant matrices ----

    /** Identity matrices of the sizes and dtype of the given square matrices. */
    static Tensor identity(Tensor like) {
        return pattern(like, (row, column) -> row == column ? 1 : 0);
    }

    /** Constant matrices of the sizes and dtype of the given matrices, computed from the indices of row and column. */
    static Tensor pattern(Tensor like, DoubleBinaryOperator element) {
        NdArray rows = NdArray.arange(like.dtype(), like.shape().dim(-2)).unsqueeze(-1);
        return Tensor.of(rows.zip(NdArray.arange(like.dtype(), like.shape().dim(-1)), element));
    }

    /** The symmetric part (A + Aᵀ)/2 of square matrices. */
    static Tensor symmetric(String op, Tensor a) {
        DecompositionKernels.requireSquare(op, a.data());
        return a.add(a.transpose()).mul(0.5);
    }
}
