package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * Adadelta (Zeiler, 2012). With gradient g, parameter p, learning rate η and weight decay λ:
 *
 * <pre>{@code
 * d = g + λ·p
 * v = ρ·v + (1 − ρ)·d²
 * s = √(a + ε)/√(v + ε) · d
 * a = ρ·a + (1 − ρ)·s²
 * p = p − η·s
 * }</pre>
 *
 * <p>By default η = 1, ρ = 0.9, ε = 10⁻⁶ and λ = 0. The settings return this optimizer.
 */
public final class Adadelta extends FluentOptimizer<Adadelta> {
    private final Setting rho = setting("rho", 0.9, v -> v >= 0 && v <= 1, "be from 0 to 1");
    private final Setting eps = notNegative("eps", 1e-6);

    /** Adadelta with learning rate 1. */
    public Adadelta(List<Tensor> parameters) {
        this(parameters, 1);
    }

    /**
     * Adadelta with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public Adadelta(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /**
     * Sets ρ, the decay rate of both running means.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    @CanIgnoreReturnValue
    public Adadelta rho(double rho) {
        return with(this.rho, rho);
    }

    /**
     * Sets ε, which lets the first steps be more than 0.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Adadelta eps(double eps) {
        return with(this.eps, eps);
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double decay = group.weightDecay();
        return new Update(
                new DoubleAdadelta(rate, decay, group.get(rho), group.get(eps)),
                new FloatAdadelta(rate, decay, group.get(rho), group.get(eps)),
                "squareAverage",
                "stepAverage");
    }
}
