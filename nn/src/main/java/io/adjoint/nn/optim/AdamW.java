package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * Adam with weight decay decoupled from the gradient (Loshchilov and Hutter, 2019). With gradient g, parameter p, learning rate η,
 * weight decay λ, and the number t of steps that p has made:
 *
 * <pre>{@code
 * p = p − η·λ·p
 * m = β₁·m + (1 − β₁)·g
 * v = β₂·v + (1 − β₂)·g²
 * p = p − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 * }</pre>
 *
 * <p>By default η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ and λ = 0.01. The settings return this optimizer.
 */
public final class AdamW extends AdamBase<AdamW> {
    /** AdamW with learning rate 0.001. */
    public AdamW(List<Tensor> parameters) {
        this(parameters, 1e-3);
    }

    /**
     * AdamW with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public AdamW(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        isDecoupled = true;
        weightDecay(0.01);
    }
}
