package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * Adagrad (Duchi, Hazan and Singer, 2011). With gradient g, parameter p, learning rate η, weight decay λ, and the number t of steps that
 * p has made:
 *
 * <pre>{@code
 * d = g + λ·p
 * s = s + d²
 * p = p − η/(1 + (t − 1)·lrDecay) · d/(√s + ε)
 * }</pre>
 *
 * <p>By default η = 0.01, ε = 10⁻¹⁰, lrDecay = λ = 0, and s begins at 0. The settings return this optimizer.
 */
public final class Adagrad extends FluentOptimizer<Adagrad> {
    private final Setting lrDecay = notNegative("lrDecay", 0);
    private final Setting initialAccumulator = notNegative("initialAccumulator", 0);
    private final Setting eps = notNegative("eps", 1e-10);

    /** Adagrad with learning rate 0.01. */
    public Adagrad(List<Tensor> parameters) {
        this(parameters, 0.01);
    }

    /**
     * Adagrad with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public Adagrad(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /**
     * Sets the decay of the learning rate with the steps of a parameter.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Adagrad lrDecay(double decay) {
        return with(lrDecay, decay);
    }

    /**
     * Sets the sum s before the first step.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Adagrad initialAccumulator(double value) {
        return with(initialAccumulator, value);
    }

    /**
     * Sets ε, which keeps steps finite where gradients vanish.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Adagrad eps(double eps) {
        return with(this.eps, eps);
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double decayed = group.learningRate() / (1 + (t - 1.0) * group.get(lrDecay));
        double decay = group.weightDecay();
        return new Update(
                new DoubleAdagrad(decayed, decay, group.get(eps)),
                new FloatAdagrad(decayed, decay, group.get(eps)),
                List.of(StateArray.like("sum", group.get(initialAccumulator))));
    }
}
