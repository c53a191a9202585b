package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A value that is multiplied by γ at each step: {@code at(t) = value·γᵗ}; PyTorch's {@code ExponentialLR}.
 *
 * @param value the first value
 * @param gamma the factor γ
 */
@CheckReturnValue
public record ExponentialDecay(double value, double gamma) implements Schedule {
    /**
     * A decay.
     *
     * @throws IllegalArgumentException if the value or γ is negative or not finite
     */
    public ExponentialDecay {
        Settings.requireNotNegative(ExponentialDecay.class, "value", value);
        Settings.requireNotNegative(ExponentialDecay.class, "gamma", gamma);
    }

    @Override
    public double at(long step) {
        return value * StrictMath.pow(gamma, Settings.requireStep(getClass(), step));
    }
}
