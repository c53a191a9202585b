package io.adjoint.autograd;

/** Results of decompositions of matrices. */
public final class Decomposition {
    private Decomposition() {}

    /**
     * {@code A = Q·R}.
     *
     * @param q orthonormal columns, {@code [..., m, k]} with {@code k = min(m, n)}
     * @param r upper triangular without negative diagonal elements, {@code [..., k, n]}
     */
    public record QR(Tensor q, Tensor r) {}

    /**
     * {@code A = U·diag(s)·Vᵀ}.
     *
     * @param u orthonormal columns, {@code [..., m, k]} with {@code k = min(m, n)}
     * @param s the singular values in descending order, {@code [..., k]}
     * @param vt orthonormal rows, {@code [..., k, n]}
     */
    public record SVD(Tensor u, Tensor s, Tensor vt) {}

    /**
     * {@code A = V·diag(λ)·Vᵀ} of a symmetric matrix.
     *
     * @param values the eigenvalues in ascending order, {@code [..., n]}
     * @param vectors orthonormal eigenvectors as columns, {@code [..., n, n]}
     */
    public record Eigen(Tensor values, Tensor vectors) {}

    /**
     * A determinant {@code sign·exp(logAbs)}.
     *
     * @param sign −1, 0 or 1; it has no gradient
     * @param logAbs the logarithm of the absolute value
     */
    public record SignedLog(Tensor sign, Tensor logAbs) {}
}
