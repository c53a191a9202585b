package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Autograd.isWanted;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.ScanKernels;
import java.util.Arrays;
import java.util.List;

/**
 * Cumulative sums and products along an axis, and the differences of neighbouring elements, which undo cumulative sums. With {@code
 * reverse}, sums and products accumulate from the end.
 */
final class CumulativeRules {
    private CumulativeRules() {}

    static Tensor cumsum(Tensor x, int axis, boolean reverse) {
        return op(
                "cumsum",
                () -> with("axis", axis, "reverse", reverse),
                ScanKernels.cumsum(x.data(), axis, reverse),
                edge(x, g -> cumsum(g, axis, !reverse)));
    }

    /**
     * The gradient of {@code xⱼ} is the product of all elements before j, times {@code Σₖ gₖ·(product of the elements from j + 1 to k)}
     * over k ≥ j. A recurrence computes each of these sums from the next sum by one multiplication and one addition, without a division, so
     * zeros need no special case.
     */
    static Tensor cumprod(Tensor x, int axis, boolean reverse) {
        return op(
                "cumprod",
                () -> with("axis", axis, "reverse", reverse),
                ScanKernels.cumprod(x.data(), axis, reverse),
                edge(
                        x,
                        g -> productBefore(x, axis, reverse)
                                .mul(recurrence(neighbours(x, axis, !reverse, 1), g, axis, !reverse))));
    }

    /** For each element the product of all elements before it; with {@code reverse}, the product of all elements behind it. */
    static Tensor productBefore(Tensor x, int axis, boolean reverse) {
        return cumprod(neighbours(x, axis, reverse, 1), axis, reverse);
    }

    /**
     * The recurrence {@code yₖ = bₖ + aₖ·yₖ₋₁}, or with {@code reverse} {@code yₖ = bₖ + aₖ·yₖ₊₁}; its gradient is the same recurrence in
     * the opposite direction.
     */
    private static Tensor recurrence(Tensor a, Tensor b, int axis, boolean reverse) {
        return op("recurrence", ScanKernels.recurrence(a.data(), b.data(), axis, reverse), List.of(a, b), (g, y) -> {
            Tensor total = recurrence(neighbours(a, axis, !reverse, 1), g, axis, !reverse);
            return Arrays.asList(
                    isWanted(a) ? total.mul(neighbours(recurrence(a, b, axis, reverse), axis, reverse, 0)) : null,
                    total);
        });
    }

    /**
     * The tensor shifted by one position along an axis: each position holds the element of the previous position or, with {@code reverse},
     * of the next position. The first position or, with {@code reverse}, the last position has no neighbour and holds the number {@code
     * end}.
     */
    private static Tensor neighbours(Tensor x, int axis, boolean reverse, double end) {
        int a = x.shape().axis("cumprod", axis);
        int n = x.shape().dim(a);
        int[] dims = x.shape().toArray();
        dims[a] = 1;
        Tensor ends = Tensor.full(x.dtype(), end, dims);
        return reverse
                ? Tensor.concat(a, x, ends).slice(a, 1, n + 1)
                : Tensor.concat(a, ends, x).slice(a, 0, n);
    }

    /**
     * With y the result, the gradient of xᵢ is {@code exp(xᵢ − yᵢ)·Σₖ gₖ·exp(yᵢ − yₖ)} over k ≥ i; a reverse recurrence computes the sums.
     */
    static Tensor logCumsumExp(Tensor x, int axis) {
        return op("logCumsumExp", () -> with("axis", axis), x.data().logCumsumExp(axis), edge(x, (g, y) -> {
            // No element follows the last y, so +∞ takes the place of that element: the weight exp(y − ∞) is 0.
            Tensor weight = ReductionRules.weight(y, neighbours(y, axis, true, Double.POSITIVE_INFINITY));
            return recurrence(weight, g, axis, true).mul(ReductionRules.weight(x, y));
        }));
    }

    static Tensor diff(Tensor x, int axis, int n) {
        int a = x.shape().axis("diff", axis);
        x.dtype().requireFloating("diff");
        if (n < 0) {
            throw new IllegalArgumentException(
                    "diff: n is " + n + ", but cannot be negative; cumsum undoes differences");
        }
        Tensor result = x;
        for (int k = 0; k < n && result.shape().dim(a) > 0; k++) {
            int size = result.shape().dim(a);
            result = result.slice(a, 1, size).sub(result.slice(a, 0, size - 1));
        }
        return result;
    }
}
