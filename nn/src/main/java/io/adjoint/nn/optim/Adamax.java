package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * Adamax, Adam of the infinity norm (Kingma and Ba, 2015). With gradient g, parameter p, learning rate η, weight decay λ, and the number
 * t of steps that p has made:
 *
 * <pre>{@code
 * d = g + λ·p
 * m = β₁·m + (1 − β₁)·d
 * u = max(β₂·u, |d| + ε)
 * p = p − η/(1 − β₁ᵗ) · m/u
 * }</pre>
 *
 * <p>By default η = 0.002, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ and λ = 0. The settings return this optimizer.
 */
public final class Adamax extends MomentOptimizer<Adamax> {
    /** Adamax with learning rate 0.002. */
    public Adamax(List<Tensor> parameters) {
        this(parameters, 2e-3);
    }

    /**
     * Adamax with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public Adamax(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double first = group.get(beta1);
        double second = group.get(beta2);
        double corrected = group.learningRate() / (1 - StrictMath.pow(first, t));
        double decay = group.weightDecay();
        return new Update(
                new DoubleAdamax(corrected, decay, first, second, group.get(eps)),
                new FloatAdamax(corrected, decay, first, second, group.get(eps)),
                "firstMoment",
                "infinityNorm");
    }
}
