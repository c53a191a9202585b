package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** Checks of settings, whose messages name what has the setting. */
final class Settings {
    private Settings() {}

    static void require(boolean condition, Class<?> owner, String setting, String must, Object value) {
        if (!condition) {
            throw new IllegalArgumentException(
                    owner.getSimpleName() + ": the " + setting + " must " + must + ", got " + value);
        }
    }

    @CanIgnoreReturnValue
    static double requireNotNegative(Class<?> owner, String setting, double value) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, owner, setting, "be finite and not negative", value);
        return value;
    }

    /** Refuses a number outside of [0, 1]. */
    static void requirePart(Class<?> owner, String setting, double value) {
        require(value >= 0 && value <= 1, owner, setting, "be from 0 to 1", value);
    }

    /** Refuses a number of steps below 1. */
    static void requirePositive(Class<?> owner, String setting, long value) {
        require(value > 0, owner, setting, "be positive", value);
    }

    /** Returns the step as a number, unless it is negative. */
    @CanIgnoreReturnValue
    static double step(Object owner, long step) {
        require(step >= 0, owner.getClass(), "step", "not be negative", step);
        return step;
    }
}
