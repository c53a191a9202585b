package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.Logarithms;
import io.adjoint.nn.Settings;

/**
 * The negative log-likelihood of counts t that follow a Poisson distribution, of a prediction x: {@code exp(x) − t·x}, where x is the
 * logarithm of the rate, or {@code x − t·log(x + ε)}, where x is the rate itself. Terms that depend on t alone are left out unless the loss
 * is {@link #full()}.
 *
 * @param isLogInput true if the prediction is the logarithm of the rate, the default
 * @param isFull true if Stirling's approximation of log t!, {@code t·log t − t + log(2πt)/2}, is added where t is above 1
 * @param eps the number ε that keeps the logarithm of a rate of 0 finite, 1e-8 by default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record PoissonNLL(boolean isLogInput, boolean isFull, double eps, Reduction reduction)
        implements ElementwiseLoss {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if ε is not positive and finite
     */
    public PoissonNLL {
        Settings.requirePositive(PoissonNLL.class, "eps", eps);
    }

    /** The loss of logarithms of rates, without the terms that depend on the target alone. */
    public PoissonNLL() {
        this(true, false, 1e-8, Reduction.MEAN);
    }

    /** The loss of logarithms of rates, or of rates. */
    public PoissonNLL logInput(boolean isLogInput) {
        return new PoissonNLL(isLogInput, isFull, eps, reduction);
    }

    /** The loss with Stirling's approximation of the term that depends on the target alone. */
    public PoissonNLL full() {
        return new PoissonNLL(isLogInput, true, eps, reduction);
    }

    /** The loss with another ε. */
    public PoissonNLL eps(double eps) {
        return new PoissonNLL(isLogInput, isFull, eps, reduction);
    }

    /** The loss with another reduction. */
    @Override
    public PoissonNLL reduction(Reduction reduction) {
        return new PoissonNLL(isLogInput, isFull, eps, reduction);
    }

    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        Tensor losses = isLogInput
                ? op(
                        "PoissonNLL",
                        prediction.data().zip(target.data(), (x, t) -> ElementaryFunctions.exp(x) - t * x),
                        edge(prediction, g -> g.mul(prediction.exp().sub(target))),
                        edge(target, g -> g.mul(prediction).neg()))
                : prediction.sub(target.mul(prediction.add(eps).log()));
        return isFull ? losses.add(stirling(target)) : losses;
    }

    private static Tensor stirling(Tensor t) {
        return op(
                "stirling",
                t.data().map(v -> v > 1 ? v * Logarithms.log(v) - v + 0.5 * Logarithms.log(2 * Math.PI * v) : 0),
                edge(t, g -> {
                    Tensor large = t.gt(1);
                    Tensor v = Tensor.where(large, t, 1);
                    return Tensor.where(large, v.log().add(v.reciprocal().div(2)), t.mul(0))
                            .mul(g);
                }));
    }
}
