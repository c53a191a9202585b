package io.adjoint.benchmarks.gradbench;

import com.google.gson.annotations.SerializedName;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code det}: a determinant by expansion along the first row, down to minors of one element, and its gradient. Minors of one size are
 * expanded all at once; from a certain size on one after the other, and each is computed again in the backward pass, since there are n!
 * products.
 */
final class DetEval {
    /** The size of the largest matrices whose minors are expanded at once. */
    private static final int AT_ONCE = 7;

    private static final List<Expansion> EXPANSIONS =
            IntStream.range(0, 20).mapToObj(Expansion::of).toList();

    private DetEval() {}

    /**
     * The constants of an expansion along the first row of an n×n matrix.
     *
     * @param signs 1, −1, 1 … in a column
     * @param columns the columns of n minors, column k of all minors before column k + 1; minor j has all columns but j
     */
    private record Expansion(Tensor signs, Tensor columns) {
        static Expansion of(int n) {
            int[] columns = IntStream.range(0, Math.max(0, n * (n - 1)))
                    .map(k -> k / n < k % n ? k / n : k / n + 1)
                    .toArray();
            return new Expansion(Tensor.arange(n).remainder(2).mul(-2).add(1).unsqueeze(1), Tensor.of(columns));
        }
    }

    private record Input(@SerializedName("A") Tensor a, int ell) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .withoutWorkspace()
                .function("primal", in -> det(in.a(), in.ell()))
                .function("gradient", in -> Transforms.grad(a -> det(a, in.ell()), in.a()));
    }

    private static Tensor det(Tensor a, int n) {
        return dets(a.reshape(n, n, 1)).sum();
    }

    /** The determinants of matrices: from [n, n, batch] to [batch]. */
    private static Tensor dets(Tensor a) {
        int n = a.shape().dim(0);
        if (n == 1) {
            return a.reshape(-1);
        }
        Tensor below = a.narrow(0, 1, n - 1);
        Tensor minors;
        if (n <= AT_ONCE) {
            minors = dets(below.indexSelect(1, EXPANSIONS.get(n).columns()).reshape(n - 1, n - 1, -1))
                    .reshape(n, -1);
        } else {
            List<Tensor> each = new ArrayList<>();
            for (int column = 0; column < n; column++) {
                int left = column;
                int[] others = IntStream.range(0, n).filter(k -> k != left).toArray();
                Tensor minor = below.indexSelect(1, others);
                each.add(n - 1 == AT_ONCE ? Transforms.checkpoint(DetEval::dets, minor) : dets(minor));
            }
            minors = Tensor.stack(0, each);
        }
        return a.select(0, 0).mul(EXPANSIONS.get(n).signs()).mul(minors).sum(0);
    }
}
