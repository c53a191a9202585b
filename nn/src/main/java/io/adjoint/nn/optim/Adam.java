package io.adjoint.nn.optim;

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
 * {@code new Adam(model.parameters(), 1e-3).betas(0.9, 0.99)}. For weight decay there is {@link AdamW}.
 */
public final class Adam extends AdamBase<Adam> {
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
}
