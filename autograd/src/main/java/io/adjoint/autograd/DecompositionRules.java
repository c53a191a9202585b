package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.isRecording;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static io.adjoint.autograd.LibraryOps.ops;
import static io.adjoint.autograd.SolvingRules.pattern;

import io.adjoint.core.NdArray;
import io.adjoint.core.linalg.DecompositionKernels;
import java.util.List;

/**
 * Matrix factorizations. Their backward rules are written in terms of the factors. Where an operation returns only some of the factors, the
 * backward rule computes all factors again, recorded if recording is on.
 */
final class DecompositionRules {
    private DecompositionRules() {}

    static Tensor cholesky(Tensor a) {
        Tensor s = SolvingRules.symmetric("cholesky", a);
        return op("cholesky", DecompositionKernels.cholesky(s.data()), edge(s, (g, l) -> choleskyRule(l, g)));
    }

    /**
     * The gradient of A = L·Lᵀ from the gradient g of L: {@code L⁻ᵀ·Φ(Lᵀg)·L⁻¹}, where Φ keeps the lower triangle and halves the diagonal.
     * The backward rule of {@link SolvingRules#symmetric} then takes the symmetric part of this matrix.
     */
    private static Tensor choleskyRule(Tensor l, Tensor g) {
        Tensor lower = pattern(l, (row, column) -> row > column ? 1 : row == column ? 0.5 : 0);
        Tensor lt = l.transpose();
        Tensor left = lt.solve(lt.matmul(g).mul(lower));
        return lt.solve(left.transpose()).transpose();
    }

    // ---- QR ----

    static Decomposition.QR qr(Tensor a) {
        DecompositionKernels.requireMatrices("qr", a.data());
        int rows = a.shape().dim(-2);
        int columns = a.shape().dim(-1);
        if (rows < columns) {
            // The leading square block of A determines Q. The further columns of R are the products of Qᵀ and the
            // further columns of A.
            Decomposition.QR square = qr(a.slice(-1, 0, rows));
            Tensor behind = square.q().transpose().matmul(a.slice(-1, rows, columns));
            return new Decomposition.QR(square.q(), Tensor.concat(-1, square.r(), behind));
        }
        List<Tensor> factors = ops(
                "qr",
                DecompositionKernels.qr(a.data()),
                List.of(a),
                (gradients, qr) -> List.of(qrRule(qr.get(0), qr.get(1), gradients.get(0), gradients.get(1))));
        return new Decomposition.QR(factors.get(0), factors.get(1));
    }

    /**
     * The gradient of A = Q·R from the gradients gQ and gR: {@code (gQ + Q·M)·R⁻ᵀ}, where M is symmetric and has the lower triangle of
     * {@code R·gRᵀ − gQᵀ·Q}.
     */
    private static Tensor qrRule(Tensor q, Tensor r, Tensor gq, Tensor gr) {
        Tensor m = r.matmul(gr.transpose()).sub(gq.transpose().matmul(q));
        Tensor below = m.tril(-1);
        Tensor mirrored = below.add(below.transpose()).add(m.mul(SolvingRules.identity(r)));
        return SolvingRules.solve("qr", r, gq.add(q.matmul(mirrored)).transpose())
                .transpose();
    }

    // ---- singular values ----

    static Decomposition.SVD svd(Tensor a) {
        return svd(ops(
                "svd",
                DecompositionKernels.svd("svd", a.data()),
                List.of(a),
                (gradients, factors) ->
                        List.of(svdRule(svd(factors), gradients.get(0), gradients.get(1), gradients.get(2)))));
    }

    private static Decomposition.SVD svd(List<Tensor> factors) {
        return new Decomposition.SVD(factors.get(0), factors.get(1), factors.get(2));
    }

    /**
     * The gradient of A = U·S·Vᵀ from the gradients gU, gs and gV: {@code U·[(F∘(X − Xᵀ))·S + S·(F∘(Y − Yᵀ)) + diag gs]·Vᵀ} with {@code X =
     * Uᵀ·gU}, {@code Y = Vᵀ·gV}, the elementwise product ∘, {@code Fᵢⱼ = 1/(sⱼ² − sᵢ²)} for i ≠ j, and {@code Fᵢᵢ = 0}. If the matrix is
     * not square, a term is added for the longer singular vectors: the part of their gradient that is orthogonal to all of these vectors.
     */
    private static Tensor svdRule(Decomposition.SVD svd, Tensor gu, Tensor gs, Tensor gvt) {
        Tensor u = svd.u();
        Tensor s = svd.s();
        Tensor vt = svd.vt();
        Tensor row = s.unsqueeze(-2);
        Tensor column = s.unsqueeze(-1);
        Tensor f = reciprocalOffDiagonal(row.sub(column).mul(row.add(column)));
        Tensor x = u.transpose().matmul(gu);
        Tensor y = vt.matmul(gvt.transpose());
        Tensor middle = f.mul(x.sub(x.transpose()))
                .mul(row)
                .add(f.mul(y.sub(y.transpose())).mul(column))
                .add(SolvingRules.identity(f).mul(gs.unsqueeze(-1)));
        Tensor result = u.matmul(middle).matmul(vt);
        int k = s.shape().dim(-1);
        if (u.shape().dim(-2) > k) {
            result = result.add(gu.sub(u.matmul(x)).div(row).matmul(vt));
        }
        if (vt.shape().dim(-1) > k) {
            result = result.add(u.matmul(gvt.sub(y.transpose().matmul(vt)).div(column)));
        }
        return result;
    }

    /** {@code 1/x} off the diagonal, and 0 on the diagonal, where x is 0. */
    private static Tensor reciprocalOffDiagonal(Tensor x) {
        Tensor identity = SolvingRules.identity(x);
        return x.add(identity).reciprocal().mul(identity.rsub(1));
    }

    static Tensor svdvals(String op, Tensor a) {
        List<NdArray> values = DecompositionKernels.svd(op, a.data());
        return op("svdvals", values.get(1), edge(a, g -> {
            Decomposition.SVD svd = isRecording() ? svd(a) : svd(constants(values));
            // A singular value of 0 is a kink, like |x| at 0; sign(0) = 0 gives the subgradient 0.
            return svd.u().mul(g.mul(svd.s().sign()).unsqueeze(-2)).matmul(svd.vt());
        }));
    }

    // ---- eigenvalues ----

    static Decomposition.Eigen eigh(Tensor a) {
        Tensor s = SolvingRules.symmetric("eigh", a);
        return eigen(ops(
                "eigh",
                DecompositionKernels.eigh("eigh", s.data()),
                List.of(s),
                (gradients, factors) -> List.of(eighRule(eigen(factors), gradients.get(0), gradients.get(1)))));
    }

    private static Decomposition.Eigen eigen(List<Tensor> factors) {
        return new Decomposition.Eigen(factors.get(0), factors.get(1));
    }

    private static List<Tensor> constants(List<NdArray> values) {
        return values.stream().map(Tensor::of).toList();
    }

    /**
     * The gradient of A = V·diag(λ)·Vᵀ from the gradients gλ and gV: {@code V·[diag gλ + F∘(Vᵀ·gV)]·Vᵀ}, where ∘ is the elementwise
     * product, {@code Fᵢⱼ = 1/(λⱼ − λᵢ)} for i ≠ j, and {@code Fᵢᵢ = 0}.
     */
    private static Tensor eighRule(Decomposition.Eigen eigen, Tensor gValues, Tensor gVectors) {
        Tensor v = eigen.vectors();
        Tensor f = reciprocalOffDiagonal(
                eigen.values().unsqueeze(-2).sub(eigen.values().unsqueeze(-1)));
        Tensor middle = f.mul(v.transpose().matmul(gVectors))
                .add(SolvingRules.identity(f).mul(gValues.unsqueeze(-1)));
        return v.matmul(middle).matmul(v.transpose());
    }

    static Tensor eigvalsh(Tensor a) {
        Tensor s = SolvingRules.symmetric("eigvalsh", a);
        List<NdArray> values = DecompositionKernels.eigh("eigvalsh", s.data());
        return op("eigvalsh", values.get(0), edge(s, g -> {
            Tensor v = (isRecording() ? eigh(s) : eigen(constants(values))).vectors();
            return v.mul(g.unsqueeze(-2)).matmul(v.transpose());
        }));
    }
}
