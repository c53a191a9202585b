package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A value whose factor goes along a straight line: {@code at(t) = value·(start + (end − start)·min(t, steps)/steps)}; PyTorch's
 * {@code LinearLR}. Before another schedule, {@link WarmUp} is the shorter way.
 *
 * @param value the value that is multiplied by the factors
 * @param start the factor at step 0, ⅓ by default
 * @param end the factor from {@code steps} on, 1 by default
 * @param steps the number of steps between them, 5 by default
 */
@CheckReturnValue
public record LinearRamp(double value, double start, double end, long steps) implements Schedule {
    /**
     * A ramp.
     *
     * @throws IllegalArgumentException if the value or a factor is negative or not finite, or the number of steps is not positive
     */
    public LinearRamp {
        Settings.requireNotNegative(LinearRamp.class, "value", value);
        Settings.requireNotNegative(LinearRamp.class, "start", start);
        Settings.requireNotNegative(LinearRamp.class, "end", end);
        Settings.requireCount(LinearRamp.class, "number of steps", steps);
    }

    /** A rise from a third to the value in 5 steps. */
    public LinearRamp(double value) {
        this(value, 1.0 / 3, 1, 5);
    }

    /** With another factor at step 0. */
    public LinearRamp start(double factor) {
        return new LinearRamp(value, factor, end, steps);
    }

    /** With another factor at the end. */
    public LinearRamp end(double factor) {
        return new LinearRamp(value, start, factor, steps);
    }

    /** With another number of steps. */
    public LinearRamp steps(long count) {
        return new LinearRamp(value, start, end, count);
    }

    @Override
    public double at(long step) {
        return value * (start + (end - start) * Math.min(Settings.requireStep(getClass(), step) / steps, 1));
    }
}
