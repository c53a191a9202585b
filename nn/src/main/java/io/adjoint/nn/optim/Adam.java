package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * Adam (Kingma and Ba, 2015). With gradient g, parameter p, learning rate η, weight decay λ, and the number t of steps that p has
 * made:
 *
 * <pre>{@code
 * d = g + λ·p
 * m = β₁·m + (1 − β₁)·d
 * v = β₂·v + (1 − β₂)·d²
 * p = p − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 * }</pre>
 *
 * <p>By default η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ and λ = 0. The settings return this optimizer:
 * {@code new Adam(model.parameters(), 1e-3).betas(0.9, 0.99)}.
 */
public final class Adam extends Optimizer {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;

    /** Adam with learning rate 0.001. */
    public Adam(List<Tensor> parameters) {
        this(parameters, 1e-3);
    }

    /**
     * Adam with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public Adam(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets β₁ and β₂, the decay rates of the running means of gradients and of their squares; from 0 to below 1. */
    @CanIgnoreReturnValue
    public Adam betas(double beta1, double beta2) {
        require(beta1 >= 0 && beta1 < 1, "first beta", "be at least 0 and less than 1", beta1);
        require(beta2 >= 0 && beta2 < 1, "second beta", "be at least 0 and less than 1", beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
        return this;
    }

    /** Sets ε, which keeps steps finite where gradients vanish; finite and not negative. */
    @CanIgnoreReturnValue
    public Adam eps(double epsilon) {
        this.epsilon = requireNotNegative("eps", epsilon);
        return this;
    }

    @CanIgnoreReturnValue
    @Override
    public Adam weightDecay(double decay) {
        super.weightDecay(decay);
        return this;
    }

    @Override
    protected Update update(double rate, double weightDecay, int t) {
        double corrected = rate / (1 - Math.pow(beta1, t));
        double correction = 1 / Math.sqrt(1 - Math.pow(beta2, t));
        return new Update(
                new DoubleAdam(corrected, correction, beta1, beta2, epsilon, weightDecay),
                new FloatAdam(corrected, correction, beta1, beta2, epsilon, weightDecay),
                "firstMoment",
                "secondMoment");
    }
}
