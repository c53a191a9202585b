package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A value that falls to 0 along a power: {@code at(t) = value·(1 − t/steps)^power}, and 0 from {@code steps} on; PyTorch's
 * {@code PolynomialLR}.
 *
 * @param value the first value
 * @param steps the first step at which it is 0
 * @param power the power, not negative; 1 by default, a straight line
 */
@CheckReturnValue
public record PolynomialDecay(double value, long steps, double power) implements Schedule {
    /**
     * A decay.
     *
     * @throws IllegalArgumentException if the value or the power is negative or not finite, or the number of steps is not positive
     */
    public PolynomialDecay {
        Settings.requireNotNegative(PolynomialDecay.class, "value", value);
        Settings.requireCount(PolynomialDecay.class, "number of steps", steps);
        Settings.requireNotNegative(PolynomialDecay.class, "power", power);
    }

    /** A straight line to 0. */
    public PolynomialDecay(double value, long steps) {
        this(value, steps, 1);
    }

    /** With another power. */
    public PolynomialDecay power(double exponent) {
        return new PolynomialDecay(value, steps, exponent);
    }

    @Override
    public double at(long step) {
        double t = Settings.requireStep(getClass(), step);
        return step < steps ? value * StrictMath.pow(1 - t / steps, power) : 0;
    }
}
