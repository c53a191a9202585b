package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable Moments[] moments;

    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;
    private double weightDecay;

    /** What is remembered of a parameter: how many steps it made, and its m and v. */
    private static final class Moments {
        final NdArray[] arrays;
        int steps;

        Moments(NdArray parameter) {
            arrays = new NdArray[] {
                NdArray.zeros(parameter.dtype(), parameter.shape()), NdArray.zeros(parameter.dtype(), parameter.shape())
            };
        }
    }

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
        moments = new Moments[parameters.size()];
    }

    /** Sets β₁ and β₂: how much of the running means of gradients and of their squares a step keeps; from 0 to below 1. */
    @CanIgnoreReturnValue
    public Adam betas(double beta1, double beta2) {
        require(beta1 >= 0 && beta1 < 1, "first beta", "be at least 0 and less than 1", beta1);
        require(beta2 >= 0 && beta2 < 1, "second beta", "be at least 0 and less than 1", beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
        return this;
    }

    /** Sets ε, which keeps steps finite where gradients vanish; not negative. */
    @CanIgnoreReturnValue
    public Adam eps(double epsilon) {
        requireNotNegative("eps", epsilon);
        this.epsilon = epsilon;
        return this;
    }

    /** Sets the weight decay λ, which is added to the gradient; not negative. */
    @CanIgnoreReturnValue
    public Adam weightDecay(double weightDecay) {
        requireNotNegative("weight decay", weightDecay);
        this.weightDecay = weightDecay;
        return this;
    }

    @Override
    protected void update(int index, NdArray parameter, NdArray gradient) {
        Moments own = moments[index];
        if (own == null) {
            own = new Moments(parameter);
            moments[index] = own;
        }
        own.steps++;
        double rate = learningRate() / (1 - Math.pow(beta1, own.steps));
        double correction = 1 / Math.sqrt(1 - Math.pow(beta2, own.steps));
        InPlace.update(
                parameter,
                gradient,
                (operands, from, to) ->
                        DoubleLoops.adam(operands, from, to, rate, correction, beta1, beta2, epsilon, weightDecay),
                (operands, from, to) ->
                        FloatLoops.adam(operands, from, to, rate, correction, beta1, beta2, epsilon, weightDecay),
                own.arrays);
    }
}
