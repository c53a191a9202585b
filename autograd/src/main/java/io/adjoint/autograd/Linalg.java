package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

/** Products. */
final class Linalg {
    private Linalg() {}

    static Tensor matmul(Tensor a, Tensor b) {
        int rankA = a.shape().rank();
        int rankB = b.shape().rank();
        if (rankA == 1 && rankB > 0) {
            Tensor product = a.unsqueeze(0).matmul(b);
            return product.squeeze(rankB == 1 ? -1 : -2);
        }
        if (rankB == 1 && rankA > 0) {
            return a.matmul(b.unsqueeze(1)).squeeze(-1);
        }
        // Asked now: a rule that read its own input would keep it, and would refuse it after a change that does not
        // matter.
        boolean contiguousA = a.data().isContiguous();
        boolean contiguousB = b.data().isContiguous();
        return op(
                "matmul",
                a.data().matmul(b.data()),
                edge(a, g -> laidOut(contiguousA, g, b.transpose())),
                edge(b, g -> laidOut(contiguousB, a.transpose(), g)));
    }

    /**
     * The product {@code left·right}, laid out as the operand whose gradient it is: for a transposed operand, such as the weight of
     * a dense layer, {@code (rightᵀ·leftᵀ)ᵀ} leaves the gradient of the weight itself contiguous.
     */
    private static Tensor laidOut(boolean contiguous, Tensor left, Tensor right) {
        return contiguous
                ? left.matmul(right)
                : right.transpose().matmul(left.transpose()).transpose();
    }
}
