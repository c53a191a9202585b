package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * RAdam, Adam with a rectified variance (Liu et al., 2020). With gradient g, parameter p, learning rate η, weight decay λ, and the number
 * t of steps that p has made:
 *
 * <pre>{@code
 * d = g + λ·p
 * m = β₁·m + (1 − β₁)·d
 * v = β₂·v + (1 − β₂)·d²
 * ρ∞ = 2/(1 − β₂) − 1,  ρ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)
 * r = √((ρ − 4)·(ρ − 2)·ρ∞ / ((ρ∞ − 4)·(ρ∞ − 2)·ρ))
 * p = p − η/(1 − β₁ᵗ) · m · r·√(1 − β₂ᵗ)/(√v + ε)   if ρ > 5
 * p = p − η/(1 − β₁ᵗ) · m                           else
 * }</pre>
 *
 * <p>By default η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ and λ = 0. The settings return this optimizer.
 */
public final class RAdam extends MomentOptimizer<RAdam> {
    /** RAdam with learning rate 0.001. */
    public RAdam(List<Tensor> parameters) {
        this(parameters, 1e-3);
    }

    /**
     * RAdam with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public RAdam(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Takes the weight decay from the parameter itself, p = p − η·λ·p, instead of adding it to the gradient. */
    @CanIgnoreReturnValue
    public RAdam decoupled() {
        this.isDecoupled = true;
        return this;
    }

    @Override
    protected String describe() {
        return isDecoupled ? "decoupled weight decay" : "";
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double first = group.get(beta1);
        double second = group.get(beta2);
        double corrected = group.learningRate() / (1 - StrictMath.pow(first, t));
        double power = StrictMath.pow(second, t);
        double limit = 2 / (1 - second) - 1;
        double length = limit - 2.0 * t * power / (1 - power);
        boolean isRectified = length > 5;
        if (isRectified) {
            corrected *= Math.sqrt(1 - power)
                    * Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
        }
        double keep = kept(group);
        double add = added(group);
        return new Update(
                new DoubleRAdam(corrected, isRectified, first, second, group.get(eps), add, keep),
                new FloatRAdam(corrected, isRectified, first, second, group.get(eps), add, keep),
                "firstMoment",
                "secondMoment");
    }
}
