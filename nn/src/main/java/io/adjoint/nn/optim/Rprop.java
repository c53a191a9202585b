package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * Rprop (Riedmiller and Braun, 1993), for gradients of all data at once: each element has a step size of its own, and only the sign of its
 * gradient counts. With gradient g, the gradient g′ of the step before and parameter p:
 *
 * <pre>{@code
 * s = s·η₊ if g·g′ > 0,  s·η₋ if g·g′ < 0,  else s;  then into [smallest, largest]
 * g = 0 if g·g′ < 0
 * p = p − s·sign(g)
 * }</pre>
 *
 * <p>By default s begins at the learning rate, 0.01; η₋ = 0.5, η₊ = 1.2, and s is from 10⁻⁶ to 50. A later change of the learning rate
 * has no effect, and there is no weight decay. The settings return this optimizer.
 */
public final class Rprop extends FluentOptimizer<Rprop> {
    private final Setting minus = setting("etaMinus", 0.5, v -> v > 0 && v < 1, "be above 0 and less than 1");
    private final Setting plus =
            setting("etaPlus", 1.2, v -> v > 1 && v < Double.POSITIVE_INFINITY, "be finite and above 1");
    private final Setting smallest = notNegative("smallestStepSize", 1e-6);
    private final Setting largest = notNegative("largestStepSize", 50);

    /** Rprop with learning rate 0.01. */
    public Rprop(List<Tensor> parameters) {
        this(parameters, 0.01);
    }

    /**
     * Rprop with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public Rprop(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        refuseWeightDecay("steps depend on signs alone");
    }

    /**
     * Sets η₋ and η₊, by which step sizes shrink and grow.
     *
     * @throws IllegalArgumentException unless {@code 0 < η₋ < 1 < η₊}
     */
    @CanIgnoreReturnValue
    public Rprop etas(double minus, double plus) {
        this.plus.require(plus);
        set(this.minus, minus);
        return with(this.plus, plus);
    }

    /**
     * Sets the bounds of step sizes.
     *
     * @throws IllegalArgumentException unless both are finite and not negative, the first not above the second
     */
    @CanIgnoreReturnValue
    public Rprop stepSizes(double smallest, double largest) {
        this.largest.require(largest);
        require(smallest <= largest, "smallest step size", "not be above the largest, " + largest, smallest);
        set(this.smallest, smallest);
        return with(this.largest, largest);
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double shrink = group.get(minus);
        double grow = group.get(plus);
        double low = group.get(smallest);
        double high = group.get(largest);
        return new Update(
                new DoubleRprop(shrink, grow, low, high),
                new FloatRprop(shrink, grow, low, high),
                List.of(StateArray.like("gradient"), StateArray.like("stepSize", group.learningRate())));
    }
}
