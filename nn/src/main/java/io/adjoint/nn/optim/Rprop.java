package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.KeepsNoGradients;
import java.util.List;

/**
 * Rprop (Riedmiller and Braun, 1993), for gradients of all data at once: each element has a step size of its own, and only the sign of
 * its gradient counts. With gradient g, that of the step before g′ and parameter p:
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
@KeepsNoGradients
public final class Rprop extends ChainedOptimizer<Rprop> {
    private double minus = 0.5;
    private double plus = 1.2;
    private double smallest = 1e-6;
    private double largest = 50;

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
    }

    /**
     * Sets η₋ and η₊, by which step sizes shrink and grow.
     *
     * @throws IllegalArgumentException unless {@code 0 < η₋ < 1 < η₊}
     */
    @CanIgnoreReturnValue
    public Rprop etas(double minus, double plus) {
        require(minus > 0 && minus < 1, "first eta", "be above 0 and less than 1", minus);
        require(plus > 1 && plus < Double.POSITIVE_INFINITY, "second eta", "be finite and above 1", plus);
        this.minus = minus;
        this.plus = plus;
        return this;
    }

    /**
     * Sets the bounds of step sizes.
     *
     * @throws IllegalArgumentException unless both are finite and not negative, the first not above the second
     */
    @CanIgnoreReturnValue
    public Rprop stepSizes(double smallest, double largest) {
        double least = requireNotNegative("smallest step size", smallest);
        double most = requireNotNegative("largest step size", largest);
        require(least <= most, "smallest step size", "not be above the largest, " + largest, smallest);
        this.smallest = least;
        this.largest = most;
        return this;
    }

    /**
     * Refuses a weight decay, which would mean nothing to signs.
     *
     * @throws IllegalArgumentException if it is not 0
     */
    @CanIgnoreReturnValue
    @Override
    public Rprop weightDecay(double decay) {
        require(decay == 0, "weight decay", "be 0: steps depend on signs alone", decay);
        return this;
    }

    @Override
    protected String describe() {
        return "etas " + minus + " and " + plus + ", step sizes from " + smallest + " to " + largest;
    }

    @Override
    protected Update update(double rate, double weightDecay, int t) {
        return new Update(
                new DoubleRprop(minus, plus, smallest, largest),
                new FloatRprop(minus, plus, smallest, largest),
                List.of(StateArray.like("gradient"), StateArray.like("stepSize", rate)));
    }
}
