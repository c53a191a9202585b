package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.isWanted;
import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.KeepsNoGradients;
import io.adjoint.core.ScanKernels;
import java.util.Arrays;
import java.util.List;

/** Sums and products that run along an axis, and the differences that undo sums. In reverse they run from the end. */
@KeepsNoGradients
final class CumulativeRules {
    private CumulativeRules() {}

    static Tensor cumsum(Tensor x, int axis, boolean reverse) {
        return op("cumsum", ScanKernels.cumsum(x.data(), axis, reverse), edge(x, g -> cumsum(g, axis, !reverse)));
    }

    /**
     * The gradient of {@code xⱼ} is the product of what comes before it times {@code Σ gₖ·(product from behind j up to k)}: sums that
     * follow from one another by one multiplication, so that zeros need no care.
     */
    static Tensor cumprod(Tensor x, int axis, boolean reverse) {
        return op(
                "cumprod",
                ScanKernels.cumprod(x.data(), axis, reverse),
                edge(
                        x,
                        g -> productBefore(x, axis, reverse)
                                .mul(recurrence(neighbours(x, axis, !reverse, 1), g, axis, !reverse))));
    }

    /** For each element the product of all before it, in reverse of all behind it. */
    static Tensor productBefore(Tensor x, int axis, boolean reverse) {
        return cumprod(neighbours(x, axis, reverse, 1), axis, reverse);
    }

    /** {@code yₖ = bₖ + aₖ·yₖ₋₁}, in reverse {@code yₖ = bₖ + aₖ·yₖ₊₁}; its gradient is such a recurrence the other way. */
    private static Tensor recurrence(Tensor a, Tensor b, int axis, boolean reverse) {
        return op("recurrence", ScanKernels.recurrence(a.data(), b.data(), axis, reverse), List.of(a, b), g -> {
            Tensor total = recurrence(neighbours(a, axis, !reverse, 1), g, axis, !reverse);
            return Arrays.asList(
                    isWanted(a) ? total.mul(neighbours(recurrence(a, b, axis, reverse), axis, reverse, 0)) : null,
                    total);
        });
    }

    /** Shifted by one: at each index the element before it, in reverse the one behind it; where there is none, {@code end}. */
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

    /** The weight of each x in its own sum, times the gradients of that sum and of all later ones, each by that sum's part in it. */
    static Tensor logCumsumExp(Tensor x, int axis) {
        return op("logCumsumExp", x.data().logCumsumExp(axis), edge(x, (g, y) -> {
            // No part for the last one: a weight of −inf in a finite sum.
            Tensor part = ReductionRules.weight(y, neighbours(y, axis, true, Double.POSITIVE_INFINITY));
            return recurrence(part, g, axis, true).mul(ReductionRules.weight(x, y));
        }));
    }

    static Tensor diff(Tensor x, int n, int axis) {
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
