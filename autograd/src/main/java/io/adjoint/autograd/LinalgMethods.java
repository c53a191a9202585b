package io.adjoint.autograd;

/** Products and decompositions of matrices: the rules are in {@link Linalg}. */
sealed interface LinalgMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The matrix product over the last two axes, the leading ones broadcast; a vector is a row on the left and a column on the right,
     * and its axis goes.
     */
    default Tensor matmul(Tensor other) {
        return Linalg.matmul(self(), other);
    }
}
