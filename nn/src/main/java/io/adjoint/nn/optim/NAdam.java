package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.List;

/**
 * NAdam, Adam with Nesterov's momentum (Dozat, 2016). With gradient g, parameter p, learning rate η, weight decay λ, momentum decay ψ,
 * and the number t of steps that p has made:
 *
 * <pre>{@code
 * d = g + λ·p
 * μₜ = β₁·(1 − ½·0.96^(t·ψ)),  Π = μ₁·…·μₜ
 * m = β₁·m + (1 − β₁)·d
 * v = β₂·v + (1 − β₂)·d²
 * p = p − η·(d·(1 − μₜ)/(1 − Π) + m·μₜ₊₁/(1 − Π·μₜ₊₁)) / (√(v/(1 − β₂ᵗ)) + ε)
 * }</pre>
 *
 * <p>By default η = 0.002, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸, ψ = 0.004 and λ = 0. The settings return this optimizer.
 */
public final class NAdam extends MomentOptimizer<NAdam> {
    private final Setting momentumDecay = notNegative("momentumDecay", 4e-3);

    /** NAdam with learning rate 0.002. */
    public NAdam(List<Tensor> parameters) {
        this(parameters, 2e-3);
    }

    /**
     * NAdam with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public NAdam(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /**
     * Sets ψ, the decay of the momentum.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public NAdam momentumDecay(double decay) {
        return with(momentumDecay, decay);
    }

    /** Takes the weight decay from the parameter itself, p = p − η·λ·p, instead of adding it to the gradient. */
    @CanIgnoreReturnValue
    public NAdam decoupled() {
        this.isDecoupled = true;
        return this;
    }

    private double momentum(ParameterGroup group, double t) {
        return group.get(beta1) * (1 - 0.5 * StrictMath.pow(0.96, t * group.get(momentumDecay)));
    }

    @Override
    protected String describe() {
        return isDecoupled ? "decoupled weight decay" : "";
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double first = group.get(beta1);
        double second = group.get(beta2);
        double small = group.get(eps);
        double mu = momentum(group, t);
        double next = momentum(group, t + 1.0);
        double correction = 1 / (1 - StrictMath.pow(second, t));
        double keep = kept(group);
        double add = added(group);
        List<StateArray> carried = List.of(
                StateArray.like("firstMoment"),
                StateArray.like("secondMoment"),
                StateArray.number("momentumProduct", 1));
        return Update.ours(carried, (parameter, gradient, arrays) -> {
            double product = arrays[2].item() * mu;
            NdArray nextProduct = NdArray.scalar(DType.FLOAT64, product);
            double ofGradient = rate * (1 - mu) / (1 - product);
            double ofMoment = rate * next / (1 - product * next);
            DoubleNAdam doubles = new DoubleNAdam(ofGradient, ofMoment, correction, first, second, small, add, keep);
            FloatNAdam floats = new FloatNAdam(ofGradient, ofMoment, correction, first, second, small, add, keep);
            return () -> {
                InPlace.update(parameter, gradient, doubles, floats, arrays[0], arrays[1]);
                InPlace.assign(arrays[2], nextProduct);
            };
        });
    }
}
