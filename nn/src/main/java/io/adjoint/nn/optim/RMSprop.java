package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * RMSprop (Tieleman and Hinton, 2012). With gradient g, parameter p, learning rate η, weight decay λ, momentum μ:
 *
 * <pre>{@code
 * d = g + λ·p
 * v = α·v + (1 − α)·d²
 * a = α·a + (1 − α)·d           centered only
 * s = √v + ε,  centered: √max(v − a², 0) + ε
 * b = μ·b + d/s                  with momentum
 * p = p − η·d/s,  with momentum: p − η·b
 * }</pre>
 *
 * <p>By default η = 0.01, α = 0.99, ε = 10⁻⁸, μ = λ = 0, not centered. The settings return this optimizer.
 *
 * <p>The maximum matters where rounding makes v − a² negative, as for a gradient that hardly changes: PyTorch, without it, sets the
 * parameter to NaN there. Then s is ε alone, and the step large: η·d/ε.
 */
public final class RMSprop extends FluentOptimizer<RMSprop> {
    private final Setting alpha = decayRate("alpha", 0.99);
    private final Setting eps = notNegative("eps", 1e-8);
    private final Setting momentum = notNegative("momentum", 0);
    private boolean isCentered;

    /** RMSprop with learning rate 0.01. */
    public RMSprop(List<Tensor> parameters) {
        this(parameters, 0.01);
    }

    /**
     * RMSprop with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public RMSprop(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Sets α, the decay rate of the running mean of squares; from 0 to below 1. */
    @CanIgnoreReturnValue
    public RMSprop alpha(double alpha) {
        return with(this.alpha, alpha);
    }

    /** Sets ε, which keeps steps finite where gradients vanish; finite and not negative. */
    @CanIgnoreReturnValue
    public RMSprop eps(double eps) {
        return with(this.eps, eps);
    }

    /** Sets the momentum μ, finite and not negative. */
    @CanIgnoreReturnValue
    public RMSprop momentum(double momentum) {
        return with(this.momentum, momentum);
    }

    /** Divides by an estimate of the gradient's standard deviation instead of its root mean square. */
    @CanIgnoreReturnValue
    public RMSprop centered() {
        this.isCentered = true;
        return this;
    }

    @Override
    protected String describe() {
        return isCentered ? "centered" : "";
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double decay = group.weightDecay();
        double keep = group.get(alpha);
        double small = group.get(eps);
        double mu = group.get(momentum);
        List<String> arrays = new ArrayList<>(List.of("squareAverage"));
        if (isCentered) {
            arrays.add("gradientAverage");
        }
        if (mu > 0) {
            arrays.add("momentum");
        }
        return new Update(
                new DoubleRMSprop(rate, decay, keep, small, mu, isCentered),
                new FloatRMSprop(rate, decay, keep, small, mu, isCentered),
                arrays.toArray(String[]::new));
    }
}
