package io.adjoint.nn.optim;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Settings;
import java.util.List;

/** Proximal steps, which follow the step of an optimizer in place of a penalty that has a kink. */
public final class Proximal {
    private Proximal() {}

    /**
     * Moves each element of the parameters towards 0 by τ, in place, and to exactly 0 if it is nearer: {@code sign(w)·max(|w| − τ, 0)}, the
     * proximal step of an L1 penalty (ISTA: Daubechies et al., 2004). After each step of plain SGD with learning rate η, a τ of
     * {@code η·λ} minimises the loss with {@code λ·Σ|w|}, and finds zeros.
     *
     * @param parameters leaves
     * @throws IllegalArgumentException if τ is negative or not finite, or there are no parameters
     * @throws GraphException if one is not a leaf; then none is changed
     * @throws io.adjoint.core.DTypeException if one is not floating; then none is changed
     */
    public static void softThreshold(List<Tensor> parameters, double threshold) {
        Settings.requireNotNegative(Proximal.class, "threshold", threshold);
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("Proximal: expected at least one parameter, got none");
        }
        List<Tensor> leaves = List.copyOf(parameters);
        List<NdArray> shrunk =
                leaves.stream().map(leaf -> shrunk(leaf, threshold)).toList();
        for (int k = 0; k < shrunk.size(); k++) {
            leaves.get(k).assign(shrunk.get(k));
        }
    }

    private static NdArray shrunk(Tensor leaf, double threshold) {
        leaf.dtype().requireFloating("Proximal");
        if (!leaf.isLeaf()) {
            throw new GraphException("Proximal: parameter " + leaf.shape()
                    + " was computed by an operation; only leaves can be changed");
        }
        return leaf.data().map(v -> Math.abs(v) <= threshold ? 0 : v - Math.copySign(threshold, v));
    }
}
