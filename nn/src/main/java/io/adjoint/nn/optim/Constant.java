package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * The same value at each step, or a fraction of it in the first steps: {@code at(t) = value·factor} while {@code t < steps}, then
 * {@code value}; PyTorch's {@code ConstantLR}, whose default factor is ⅓ for 5 steps.
 *
 * @param value the value
 * @param factor the fraction of it in the first steps, not negative; 1 by default
 * @param steps the number of the first steps; 0 by default
 */
@CheckReturnValue
public record Constant(double value, double factor, long steps) implements Schedule {
    /**
     * A value.
     *
     * @throws IllegalArgumentException if one of the three is negative or not finite
     */
    public Constant {
        Settings.requireNotNegative(Constant.class, "value", value);
        Settings.requireNotNegative(Constant.class, "factor", factor);
        Settings.requireNotNegative(Constant.class, "number of steps", (double) steps);
    }

    /** The same value at each step. */
    public Constant(double value) {
        this(value, 1, 0);
    }

    /** With only a fraction of the value in the first steps. */
    public Constant reduced(double factor, long steps) {
        return new Constant(value, factor, steps);
    }

    @Override
    public double at(long step) {
        return Settings.requireStep(getClass(), step) < steps ? value * factor : value;
    }
}
