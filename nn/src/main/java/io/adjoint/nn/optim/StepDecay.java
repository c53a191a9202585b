package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A value that is multiplied by γ once in a number of steps: {@code at(t) = value·γ^⌊t/every⌋}; PyTorch's {@code StepLR}.
 *
 * @param value the first value
 * @param every the number of steps between two falls
 * @param gamma the factor γ, 0.1 by default
 */
@CheckReturnValue
public record StepDecay(double value, long every, double gamma) implements Schedule {
    /**
     * A staircase.
     *
     * @throws IllegalArgumentException if the value or γ is negative or not finite, or {@code every} is not positive
     */
    public StepDecay {
        Settings.requireNotNegative(StepDecay.class, "value", value);
        Settings.requireCount(StepDecay.class, "number of steps between falls", every);
        Settings.requireNotNegative(StepDecay.class, "gamma", gamma);
    }

    /** A value that is divided by 10 once in a number of steps. */
    public StepDecay(double value, long every) {
        this(value, every, 0.1);
    }

    /** With another factor. */
    public StepDecay gamma(double factor) {
        return new StepDecay(value, every, factor);
    }

    @Override
    public double at(long step) {
        return value * StrictMath.pow(gamma, Math.floor(Settings.requireStep(getClass(), step) / every));
    }
}
