package io.adjoint.autograd;

import io.adjoint.core.Dims;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sizes;
import io.adjoint.core.linalg.DecompositionKernels;
import java.util.ArrayList;
import java.util.List;

/** Norms of matrices, and distances between points, which are the rows of matrices. */
final class DistanceRules {
    /**
     * The largest number of elements in the differences of points that are computed at a time; the differences of one point from all others
     * are computed together even if they have more elements.
     */
    private static final long ELEMENTS = 1 << 18;

    private DistanceRules() {}

    static Tensor matrixNorm(Tensor a) {
        DecompositionKernels.requireMatrices("matrixNorm", a.data());
        return a.vectorNorm(2, -2, -1);
    }

    static Tensor matrixNorm(Tensor a, double p) {
        DecompositionKernels.requireMatrices("matrixNorm", a.data());
        double absolute = Math.abs(p);
        if (absolute != 1 && absolute != 2 && absolute != Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "matrixNorm: expected an order of 1, 2, infinity or their negatives, got " + p
                            + "; matrixNorm() is the Frobenius norm, vectorNorm takes any order");
        }
        // The norm is the largest or, for a negative order, the smallest of the singular values, or of the columns' or
        // rows' sums of absolute values.
        Tensor sizes = absolute == 2
                ? DecompositionRules.svdvals("matrixNorm", a)
                : a.abs().sum(absolute == 1 ? -2 : -1);
        if (sizes.shape().dim(-1) == 0
                && sizes.shape().reduce("matrixNorm", Dims.DROP, -1).size() > 0) {
            throw new ShapeException("matrixNorm: a matrix without elements, " + a.shape() + ", has no norm of order "
                    + p + "; matrixNorm() is 0 there");
        }
        return p > 0 ? sizes.amax(-1) : sizes.amin(-1);
    }

    static Tensor cdist(Tensor a, Tensor b, double p) {
        LinalgRules.requireFloating("cdist", a, b);
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
        Tensor left = a.unsqueeze(-2);
        Tensor right = b.unsqueeze(-3);
        Shape pairs = Shape.broadcast("cdist", withoutLast(left.shape()), withoutLast(right.shape()));
        // The differences of all pairs of points would be kept until the backward pass. So the differences are computed
        // for some points of a at a time, under checkpoints, which compute them again in the backward pass instead of
        // keeping them.
        int rows = a.shape().dim(-2);
        long perRow = (long) pairs.size() / Math.max(1, rows) * a.shape().dim(-1);
        int most = (int) Math.max(1, ELEMENTS / Math.max(1, perRow));
        if (rows <= most) {
            return length(left.sub(right), p);
        }
        List<Tensor> blocks = new ArrayList<>();
        for (int row = 0; row < rows; row += most) {
            Tensor rowsOfBlock = left.slice(-3, row, Math.min(rows, row + most));
            blocks.add(Checkpoint.run("cdist", () -> length(rowsOfBlock.sub(right), p)));
        }
        return JoiningRules.concat("cdist", -2, blocks);
    }

    private static Shape withoutLast(Shape shape) {
        return Sizes.replaced("cdist", shape, shape.rank() - 1, 1);
    }

    private static void requireOrder(String op, double p) {
        if (!(p > 0)) {
            throw new IllegalArgumentException(op + ": expected a norm's order p > 0, got " + p);
        }
    }

    /**
     * The norms of order p of differences over the last axis. Points without coordinates have distance 0 for every p, even for p = ∞, where
     * the maximum of no elements would be undefined.
     */
    private static Tensor length(Tensor differences, double p) {
        return differences.shape().dim(-1) == 0 ? differences.sum(-1) : differences.vectorNorm(p, -1);
    }

    static Tensor pdist(Tensor x, double p) {
        x.dtype().requireFloating("pdist");
        requireOrder("pdist", p);
        if (x.shape().rank() != 2) {
            throw new ShapeException("pdist: expected one matrix whose rows are points, got shape " + x.shape()
                    + "; use cdist for a batch");
        }
        int n = x.shape().dim(0);
        Shape differences =
                Shape.of("pdist", x.shape(), n * (n - 1L) / 2, x.shape().dim(1));
        int[] first = new int[differences.dim(0)];
        int[] second = new int[first.length];
        for (int i = 0, k = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                first[k] = i;
                second[k++] = j;
            }
        }
        return length(x.indexSelect(0, first).sub(x.indexSelect(0, second)), p);
    }
}
