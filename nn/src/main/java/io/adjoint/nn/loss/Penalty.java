package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.nn.Settings;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Penalties of large parameters, to be added to a loss, as in {@code loss.add(Penalty.l1(layer.parameters(), 1e-4))}. Any tensors will do,
 * so a bias can be left out. With plain SGD, an L2 penalty has the same gradient as the optimizer's weight decay λ, which is the usual and
 * faster way. Adam rescales the gradient of a penalty; AdamW doesn't rescale its weight decay.
 *
 * <p>With an L1 penalty a parameter oscillates around 0 from step to step, and is never exactly 0. {@link
 * io.adjoint.nn.optim.Proximal#softThreshold} after each step, in place of the penalty, makes parameters exactly 0.
 */
public final class Penalty {
    private Penalty() {}

    /**
     * {@code λ·Σ|w|}, with gradient λ·sign(w), and 0 at 0: the penalty of the lasso.
     *
     * @throws IllegalArgumentException if λ is negative or not finite, or there are no parameters
     * @throws DTypeException if the parameters' dtypes differ or are not floating
     */
    public static Tensor l1(List<Tensor> parameters, double lambda) {
        return sum("l1", parameters, lambda, w -> w.abs().sum().mul(lambda));
    }

    /**
     * {@code λ/2·Σw²}, with gradient λ·w: the penalty of ridge regression, and the weight decay λ of an optimizer.
     *
     * @throws IllegalArgumentException if λ is negative or not finite, or there are no parameters
     * @throws DTypeException if the parameters' dtypes differ or are not floating
     */
    public static Tensor l2(List<Tensor> parameters, double lambda) {
        return sum("l2", parameters, lambda, w -> ridge(w, lambda));
    }

    /**
     * The elastic net (Zou and Hastie, 2005), {@code λ·r·Σ|w| + λ·(1 − r)/2·Σw²}.
     *
     * @param ratio the fraction r of the absolute values: 1 for {@link #l1}, 0 for {@link #l2}
     * @throws IllegalArgumentException if λ is negative or not finite, r not between 0 and 1, or there are no parameters
     * @throws DTypeException if the parameters' dtypes differ or are not floating
     */
    public static Tensor elasticNet(List<Tensor> parameters, double lambda, double ratio) {
        Settings.requireFraction(Penalty.class, "ratio", ratio);
        return sum(
                "elasticNet",
                parameters,
                lambda,
                w -> w.abs().sum().mul(lambda * ratio).add(ridge(w, lambda * (1 - ratio))));
    }

    private static Tensor ridge(Tensor w, double lambda) {
        return MSE.sumOfSquares(w, 2).mul(lambda);
    }

    private static Tensor sum(String name, List<Tensor> parameters, double lambda, UnaryOperator<Tensor> penalty) {
        String call = "Penalty." + name;
        Settings.requireNotNegative(Penalty.class, "lambda", lambda);
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(call + ": expected at least one parameter, got none");
        }
        List<Tensor> copy = List.copyOf(parameters);
        copy.forEach(w -> DTypeException.requireSameFloating(call, copy.get(0).dtype(), w.dtype()));
        return copy.stream().map(penalty).reduce(Tensor::add).orElseThrow();
    }
}
