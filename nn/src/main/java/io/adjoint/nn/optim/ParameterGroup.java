package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Parameters with settings of their own in an {@link Optimizer}. Immutable: each setting returns a changed copy.
 *
 * @param parameters the parameters
 * @param rateScale the factor of the optimizer's learning rate, so that one schedule drives all groups
 * @param weightDecay the weight decay; empty for the optimizer's
 */
@CheckReturnValue
public record ParameterGroup(List<Tensor> parameters, double rateScale, OptionalDouble weightDecay) {
    /**
     * A group.
     *
     * @throws IllegalArgumentException if the scale or the weight decay is negative or not finite
     */
    public ParameterGroup {
        parameters = List.copyOf(parameters);
        Settings.requireNotNegative(ParameterGroup.class, "rate scale", rateScale);
        weightDecay.ifPresent(decay -> Settings.requireNotNegative(ParameterGroup.class, "weight decay", decay));
    }

    /** Parameters with the optimizer's settings. */
    public ParameterGroup(List<Tensor> parameters) {
        this(parameters, 1, OptionalDouble.empty());
    }

    /** With the optimizer's learning rate times a factor. */
    public ParameterGroup rateScale(double scale) {
        return new ParameterGroup(parameters, scale, weightDecay);
    }

    /** With a weight decay of its own, such as 0 for biases. */
    public ParameterGroup weightDecay(double decay) {
        return new ParameterGroup(parameters, rateScale, OptionalDouble.of(decay));
    }
}
