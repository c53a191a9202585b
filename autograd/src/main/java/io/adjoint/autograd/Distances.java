package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.Decompositions;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;

/** Norms of matrices, and distances of the points that the rows of matrices are. */
final class Distances {
    private Distances() {}

    static Tensor matrixNorm(Tensor a) {
        Decompositions.requireMatrices("matrixNorm", a.data());
        return euclidean(a, -2, -1);
    }

    static Tensor nuclearNorm(Tensor a) {
        return Factors.svdvals("nuclearNorm", a).sum(-1);
    }

    static Tensor matrixNorm(Tensor a, double ord) {
        Decompositions.requireMatrices("matrixNorm", a.data());
        double absolute = Math.abs(ord);
        if (absolute != 1 && absolute != 2 && absolute != Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "matrixNorm: expected an order of 1, 2, infinity or their negatives, got " + ord
                            + "; matrixNorm() is the Frobenius norm, vectorNorm takes any order");
        }
        // The sums of the columns, those of the rows, or the singular values.
        Tensor sizes =
                absolute == 2 ? Factors.svdvals("matrixNorm", a) : a.abs().sum(absolute == 1 ? -2 : -1);
        return ord > 0 ? sizes.amax(-1) : sizes.amin(-1);
    }

    /** The Euclidean norm; at the zero vector its derivatives are 0. */
    private static Tensor euclidean(Tensor x, int... axes) {
        return root(x.square().sum(axes), 2);
    }

    /** The p-th root, but at 0 with derivatives of 0. */
    private static Tensor root(Tensor x, double p) {
        Tensor zero = Tensor.of(x.data().map(v -> v == 0 ? 1 : 0)).to(DType.INT32);
        Tensor nothing = Tensor.of(NdArray.scalar(x.dtype(), 0));
        Tensor safe = Tensor.where(zero, nothing.add(1), x);
        return Tensor.where(zero, nothing, p == 2 ? safe.sqrt() : safe.pow(1 / p));
    }

    static Tensor cdist(Tensor a, Tensor b, double p) {
        Linalg.requireFloating("cdist", a, b);
        requireOrder("cdist", p);
        if (a.shape().rank() < 2
                || b.shape().rank() < 2
                || a.shape().dim(-1) != b.shape().dim(-1)) {
            throw new ShapeException("cdist: expected points of equal length as rows, got shapes " + a.shape() + " and "
                    + b.shape()
                    + (a.shape().rank() < 2 || b.shape().rank() < 2
                            ? "; a single point is a matrix of one row: unsqueeze(0)"
                            : ": axis -1 has " + a.shape().dim(-1) + " vs "
                                    + b.shape().dim(-1)));
        }
        return length(a.unsqueeze(-2).sub(b.unsqueeze(-3)), p);
    }

    private static void requireOrder(String op, double p) {
        if (!(p > 0)) {
            throw new IllegalArgumentException(op + ": expected a norm's order p > 0, got " + p);
        }
    }

    /** The p-norm over the last axis. */
    private static Tensor length(Tensor x, double p) {
        if (p == 2) {
            return euclidean(x, -1);
        }
        if (p == 1) {
            return x.abs().sum(-1);
        }
        // Nothing is farthest away: a distance of points without coordinates.
        if (p == Double.POSITIVE_INFINITY) {
            return x.shape().dim(-1) == 0 ? x.sum(-1) : x.abs().amax(-1);
        }
        return root(root(x.abs(), 1 / p).sum(-1), p);
    }

    static Tensor pdist(Tensor x, double p) {
        x.dtype().requireFloating("pdist");
        requireOrder("pdist", p);
        if (x.shape().rank() != 2) {
            throw new ShapeException("pdist: expected one matrix whose rows are points, got shape " + x.shape()
                    + "; use cdist for a batch");
        }
        int n = x.shape().dim(0);
        int[] pairs = new int[Math.toIntExact((long) n * Math.max(n - 1, 0) / 2)];
        for (int i = 0, k = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                pairs[k++] = i * n + j;
            }
        }
        return x.cdist(x, p).reshape(n * n).gather(0, Tensor.of(pairs));
    }
}
