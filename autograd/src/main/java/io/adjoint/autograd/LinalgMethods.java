package io.adjoint.autograd;

/**
 * Products and decompositions of matrices. Matrices are the last two axes, leading ones a batch. What decomposes matrices computes
 * in double, takes finite elements only, and names the matrix of the batch that it cannot decompose.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface LinalgMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    // ---- products ----

    /**
     * The matrix product {@code Σₖ aᵢₖ·bₖⱼ} over the last two axes, {@code [..., n, k], [..., k, m] → [..., n, m]}; the leading ones
     * broadcast. A vector is a row on the left and a column on the right, and its axis is removed. An element is the same bits however
     * the operands lie in memory.
     *
     * @throws io.adjoint.core.ShapeException if an operand has no axes, the inner sizes differ, or leading sizes do not broadcast
     * @throws io.adjoint.core.DTypeException if the dtypes differ or are INT32
     */
    default Tensor matmul(Tensor other) {
        return LinalgRules.matmul(self(), other);
    }

    /**
     * The scalar product {@code Σ aᵢ·bᵢ} of two vectors of equal length; one of FLOAT32 is added up in double.
     *
     * @throws io.adjoint.core.ShapeException if an operand is no vector or the lengths differ
     */
    default Tensor dot(Tensor other) {
        return LinalgRules.dot(self(), other);
    }

    /** The matrix {@code aᵢ·bⱼ} of two vectors. */
    default Tensor outer(Tensor other) {
        return LinalgRules.outer(self(), other);
    }

    /** The sum of products over the last axes, which are equally long: {@code [..., k], [,,, k] → [..., ,,,]}; scalars multiply. */
    default Tensor inner(Tensor other) {
        return LinalgRules.inner(self(), other);
    }

    /** The sum of products over the last axes of this tensor and as many first axes of the other, in order. */
    default Tensor tensorDot(Tensor other, int axes) {
        return LinalgRules.tensorDot(self(), other, axes);
    }

    /** The sum of products over pairs of axes, this tensor's and the other's; the result has the others of both. */
    default Tensor tensorDot(Tensor other, int[] axes, int[] otherAxes) {
        return LinalgRules.tensorDot(self(), other, axes, otherAxes);
    }

    /** The Kronecker product: each element times the other tensor, along all axes; the one of lower rank gets axes of size 1. */
    default Tensor kron(Tensor other) {
        return LinalgRules.kron(self(), other);
    }

    /** The cross product of vectors of 3 elements along the last axis; the other axes broadcast. */
    default Tensor cross(Tensor other) {
        return cross(other, -1);
    }

    /** The cross product of vectors of 3 elements, along an axis of the shape to which both tensors broadcast. */
    default Tensor cross(Tensor other, int axis) {
        return LinalgRules.cross(self(), other, axis);
    }

    /** The sum of the diagonal of each matrix, square or not. */
    default Tensor trace() {
        return trace(0);
    }

    /** The sum of the k-th diagonal of each matrix: k columns right of the main one, or −k rows below if negative; 0 outside. */
    default Tensor trace(int offset) {
        return LinalgRules.trace(self(), offset);
    }

    /** The square matrix to an integer power; the inverse's for a negative one, the identity for 0. */
    default Tensor matrixPower(int exponent) {
        return LinalgRules.matrixPower(self(), exponent);
    }

    // ---- solutions and determinants ----

    /**
     * The inverse; {@link #solve} is faster and more exact where it is only multiplied by something.
     *
     * @throws IllegalArgumentException if a matrix is singular, a pivot of its LU decomposition being exactly 0
     */
    default Tensor inv() {
        return SolvingRules.inv("inv", self());
    }

    /**
     * X of {@code A·X = B}; the leading axes broadcast. B is a vector, or a batch of them, if it has one axis or the shape of this
     * tensor without the last axis.
     *
     * @throws IllegalArgumentException if a matrix is singular, a pivot of its LU decomposition being exactly 0
     */
    default Tensor solve(Tensor right) {
        return SolvingRules.solve("solve", self(), right);
    }

    /**
     * The least-squares solution X, which minimises {@code |A·X − B|}; if there are several, the one of minimum norm. B may be one vector.
     * For matrices of full rank it has gradients of all orders; for others as long as the rank does not change.
     */
    default Tensor lstsq(Tensor right) {
        return SolvingRules.lstsq(self(), right);
    }

    /** The pseudo-inverse; singular values up to {@code max(m, n)} machine epsilons of the largest are taken for 0. */
    default Tensor pinv() {
        return SolvingRules.pinv(self());
    }

    /** The pseudo-inverse; singular values up to so large a fraction of the largest are taken for 0. */
    default Tensor pinv(double rcond) {
        return SolvingRules.pinv(self(), rcond);
    }

    /**
     * The determinant, 0 if the matrix is singular; its gradient, the cofactors, is right there too, and so are gradients of
     * higher order. The third derivative at a singular matrix computes the determinants of all n² minors.
     */
    default Tensor det() {
        return SolvingRules.det(self());
    }

    /** The sign of the determinant, and {@code log |det A|} without overflow: −∞ if the matrix is singular, which has no gradient. */
    default Decomposition.SignedLog slogDet() {
        return SolvingRules.slogDet(self());
    }

    // ---- factors ----

    /**
     * The lower triangular L of {@code A = L·Lᵀ} of the symmetric part {@code (A + Aᵀ)/2}; so the gradient is symmetric.
     *
     * @throws IllegalArgumentException if it is not positive-definite
     */
    default Tensor cholesky() {
        return DecompositionRules.cholesky(self());
    }

    /**
     * Q with orthonormal columns and upper triangular R without negative diagonal elements: {@code A = Q·R}. The gradient needs the
     * first {@code min(m, n)} columns to be independent.
     */
    default Decomposition.QR qr() {
        return DecompositionRules.qr(self());
    }

    /**
     * The reduced singular value decomposition {@code A = U·diag(s)·Vᵀ}. In each column of U the first element that is not negligible
     * (over 1e-8) is positive, which fixes the signs. The vectors of equal singular values are not unique, and their gradients are
     * not finite; {@link #svdvals} has gradients there.
     */
    default Decomposition.SVD svd() {
        return DecompositionRules.svd(self());
    }

    /** The singular values in descending order; of a value of 0 the gradient is 0. */
    default Tensor svdvals() {
        return DecompositionRules.svdvals("svdvals", self());
    }

    /**
     * Eigenvalues, ascending, and eigenvectors, as columns, of the symmetric part {@code (A + Aᵀ)/2}. In each vector the first element
     * that is not negligible (over 1e-8) is positive, which fixes the signs. The vectors of equal eigenvalues are not unique, and
     * their gradients are not finite; {@link #eigvalsh} has gradients there.
     */
    default Decomposition.Eigen eigh() {
        return DecompositionRules.eigh(self());
    }

    /** The eigenvalues of the symmetric part {@code (A + Aᵀ)/2} in ascending order. */
    default Tensor eigvalsh() {
        return DecompositionRules.eigvalsh(self());
    }

    // ---- norms and distances ----

    /** The Frobenius norm {@code √Σ aᵢⱼ²}; at the zero matrix its gradients of first and second order are 0. */
    default Tensor matrixNorm() {
        return DistanceRules.matrixNorm(self());
    }

    /**
     * The norm of an order: 1 and −1 are the largest and the smallest sum of a column's absolute values, ∞ and −∞ of a row's, 2 and −2
     * the largest and the smallest singular value. Ties share the gradient.
     */
    default Tensor matrixNorm(double ord) {
        return DistanceRules.matrixNorm(self(), ord);
    }

    /** The nuclear norm, the sum of the singular values. */
    default Tensor nuclearNorm() {
        return DistanceRules.nuclearNorm(self());
    }

    /**
     * The Euclidean distance of each row of this tensor's matrices and each of the other's, {@code [..., p, k], [..., r, k] → [...,
     * p, r]}.
     */
    default Tensor cdist(Tensor other) {
        return cdist(other, 2);
    }

    /** The distance by a norm of order {@code p > 0}, of each row and each of the other's; for equal points its gradients are 0. */
    default Tensor cdist(Tensor other, double p) {
        return DistanceRules.cdist(self(), other, p);
    }

    /** The Euclidean distances of each two rows, {@code [n, k] → [n(n − 1)/2]}: of the first and all later ones, and so on. */
    default Tensor pdist() {
        return pdist(2);
    }

    /** The distances by a norm of order {@code p > 0} of each two rows; for equal points its gradients are 0. */
    default Tensor pdist(double p) {
        return DistanceRules.pdist(self(), p);
    }
}
