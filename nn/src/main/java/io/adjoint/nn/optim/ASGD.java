package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.List;

/**
 * Averaged stochastic gradient descent (Polyak and Juditsky, 1992), as PyTorch has it. With gradient g, parameter p, learning rate η,
 * weight decay λ, decay δ, and the number t of steps that p has made:
 *
 * <pre>{@code
 * ηₜ = η/(1 + δ·η·(t − 1))^α
 * p = p − ηₜ·(δ·p + g + λ·p)
 * a = p in the first steps, then a + (p − a)/max(1, t − 1 − start)
 * }</pre>
 *
 * <p>By default η = 0.01, δ = 10⁻⁴, α = 0.75, start = 10⁶ and λ = 0. The average a of parameter k is {@code k.average} of
 * {@link #state()}; {@link WeightAverage} averages with any optimizer. The settings return this optimizer.
 */
public final class ASGD extends FluentOptimizer<ASGD> {
    private final Setting decay = notNegative("decay", 1e-4);
    private final Setting power = notNegative("power", 0.75);
    private final Setting start = notNegative("start", 1e6);

    /** ASGD with learning rate 0.01. */
    public ASGD(List<Tensor> parameters) {
        this(parameters, 0.01);
    }

    /**
     * ASGD with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public ASGD(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /**
     * Sets the decay δ, PyTorch's {@code lambd}.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public ASGD decay(double decay) {
        return with(this.decay, decay);
    }

    /**
     * Sets the power α of the decay.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public ASGD power(double power) {
        return with(this.power, power);
    }

    /**
     * Sets the step at which averaging begins, PyTorch's {@code t0}.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public ASGD start(double steps) {
        return with(start, steps);
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double weightDecay = group.weightDecay();
        double delta = group.get(decay);
        double share = 1 / Math.max(1, t - 1 - group.get(start));
        double next = rate / StrictMath.pow(1 + delta * rate * t, group.get(power));
        List<StateArray> carried = List.of(StateArray.like("average"), StateArray.number("rate", rate));
        return Update.ours(carried, (parameter, gradient, arrays) -> {
            double now = arrays[1].item();
            NdArray nextRate = NdArray.scalar(DType.FLOAT64, next);
            DoubleASGD doubles = new DoubleASGD(now, weightDecay, 1 - delta * now, share);
            FloatASGD floats = new FloatASGD(now, weightDecay, 1 - delta * now, share);
            return () -> {
                InPlace.update(parameter, gradient, doubles, floats, arrays[0]);
                InPlace.assign(arrays[1], nextRate);
            };
        });
    }
}
