package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.List;

/**
 * LAMB (You et al., 2020), for large batches: Adam's step, scaled for each parameter by the norm of its weights. With gradient g,
 * parameter p, learning rate η, weight decay λ, and the number t of steps that p has made, all norms being Euclidean over the whole
 * parameter:
 *
 * <pre>{@code
 * m = β₁·m + (1 − β₁)·g
 * v = β₂·v + (1 − β₂)·g²
 * u = m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε) + λ·p
 * p = p − η·‖p‖/‖u‖·u;  without the factor ‖p‖/‖u‖ where a norm is 0
 * }</pre>
 *
 * <p>By default η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁶ and λ = 0.01. The settings return this optimizer. Biases and the factors of
 * normalizations are often left out of the weight decay, as a {@link ParameterGroup}.
 */
public final class LAMB extends MomentOptimizer<LAMB> {
    /** LAMB with learning rate 0.001. */
    public LAMB(List<Tensor> parameters) {
        this(parameters, 1e-3);
    }

    /**
     * LAMB with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public LAMB(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        eps(1e-6);
        weightDecay(0.01);
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double decay = group.weightDecay();
        double first = group.get(beta1);
        double second = group.get(beta2);
        double small = group.get(eps);
        double ofFirst = 1 / (1 - StrictMath.pow(first, t));
        double ofSecond = 1 / (1 - StrictMath.pow(second, t));
        List<StateArray> carried = List.of(StateArray.like("firstMoment"), StateArray.like("secondMoment"));
        return Update.ours(carried, (parameter, gradient, arrays) -> {
            NdArray mean = arrays[0].mul(first).add(gradient.mul(1 - first));
            NdArray square = arrays[1].mul(second).add(gradient.mul(gradient).mul(1 - second));
            NdArray divisor = square.map(v -> Math.sqrt(v * ofSecond) + small);
            NdArray direction = mean.mul(ofFirst).div(divisor).add(parameter.mul(decay));
            double weights = parameter.vectorNorm(2).item();
            double length = direction.vectorNorm(2).item();
            double trust = weights > 0 && length > 0 ? weights / length : 1;
            NdArray next = parameter.sub(direction.mul(rate * trust));
            return () -> {
                InPlace.assign(arrays[0], mean);
                InPlace.assign(arrays[1], square);
                InPlace.assign(parameter, next);
            };
        });
    }
}
