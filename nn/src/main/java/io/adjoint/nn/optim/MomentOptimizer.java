package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * An optimizer that keeps running means of the gradient and of a power of it: {@link Adam} and its relatives, whose Javadoc has the
 * formulas. By default β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸.
 *
 * @param <S> the optimizer
 */
abstract class MomentOptimizer<S extends MomentOptimizer<S>> extends FluentOptimizer<S> {
    final Setting beta1 = decayRate("beta1", 0.9);
    final Setting beta2 = decayRate("beta2", 0.999);
    final Setting eps = notNegative("eps", 1e-8);
    boolean isDecoupled;

    MomentOptimizer(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /**
     * Sets β₁ and β₂, the decay rates of the running means of the gradient and of its power.
     *
     * @throws IllegalArgumentException unless both are at least 0 and less than 1
     */
    @CanIgnoreReturnValue
    public S betas(double beta1, double beta2) {
        this.beta2.require(beta2);
        set(this.beta1, beta1);
        return with(this.beta2, beta2);
    }

    /**
     * Sets ε, which keeps steps finite where gradients vanish.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public S eps(double eps) {
        return with(this.eps, eps);
    }

    /**
     * The factor by which the parameter is multiplied before a step: 1 − η·λ if the weight decay is decoupled from the gradient, otherwise
     * 1.
     */
    final double kept(ParameterGroup group) {
        return isDecoupled ? 1 - group.learningRate() * group.weightDecay() : 1;
    }

    /** The multiple of the parameter that is added to the gradient: λ, or 0 if the weight decay is decoupled. */
    final double added(ParameterGroup group) {
        return isDecoupled ? 0 : group.weightDecay();
    }
}
