package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * Stochastic gradient descent. With gradient g, parameter p, learning rate η, weight decay λ, momentum μ and dampening δ, each 0
 * by default but η:
 *
 * <pre>{@code
 * d = g + λ·p
 * b = d in the first step, then μ·b + (1 − δ)·d
 * p = p − η·b,  or  p − η·(d + μ·b) with Nesterov's momentum
 * }</pre>
 *
 * <p>The settings return this optimizer: {@code new SGD(model.parameters(), 0.1).momentum(0.9)}.
 */
public final class SGD extends FluentOptimizer<SGD> {
    private final Setting momentum = notNegative("momentum", 0);
    private final Setting dampening =
            setting("dampening", 0, this::isDampening, "be finite, and 0 with Nesterov's momentum");
    private boolean isNesterov;

    /**
     * Plain descent.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public SGD(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets the momentum μ, finite and not negative. */
    @CanIgnoreReturnValue
    public SGD momentum(double momentum) {
        return with(this.momentum, momentum);
    }

    /** Sets the dampening δ of the gradient in later steps than the first; finite, and 0 with Nesterov's momentum. */
    @CanIgnoreReturnValue
    public SGD dampening(double dampening) {
        return with(this.dampening, dampening);
    }

    private boolean isDampening(double value) {
        return Double.isFinite(value) && (value == 0 || !isNesterov);
    }

    /**
     * Sets Nesterov's momentum μ: the step looks ahead along the momentum, without dampening.
     *
     * @throws IllegalArgumentException if the momentum is not positive and finite
     */
    @CanIgnoreReturnValue
    public SGD nesterov(double momentum) {
        require(momentum > 0 && momentum < Double.POSITIVE_INFINITY, "momentum", "be positive and finite", momentum);
        this.isNesterov = true;
        set(dampening, 0);
        return momentum(momentum);
    }

    @Override
    protected String describe() {
        return isNesterov ? "Nesterov" : "";
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double decay = group.weightDecay();
        double mu = group.get(momentum);
        if (mu == 0) {
            return new Update(new DoubleDescent(rate, decay), new FloatDescent(rate, decay));
        }
        // At the first step the momentum buffer becomes the gradient itself.
        double keep = t == 1 ? 0 : mu;
        double take = t == 1 || isNesterov ? 1 : 1 - group.get(dampening);
        double direct = isNesterov ? 1 : 0;
        double ahead = isNesterov ? mu : 1;
        return new Update(
                new DoubleMomentum(rate, decay, keep, take, direct, ahead),
                new FloatMomentum(rate, decay, keep, take, direct, ahead),
                "momentum");
    }
}
