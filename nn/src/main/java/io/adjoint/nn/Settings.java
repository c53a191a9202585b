package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Internal;
import java.util.Arrays;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Checks and texts of settings. Messages name what has the setting: {@code Dropout: the probability p must be from 0 to 1, got 1.5}.
 *
 * @hidden
 */
@Internal
public final class Settings {
    private Settings() {}

    /** Refuses a value unless the condition holds. */
    public static void require(boolean condition, Class<?> owner, String setting, String must, Object value) {
        require(condition, owner.getSimpleName(), setting, must, value);
    }

    /** Refuses a value, such as an argument of an operation, unless the condition holds. */
    public static void require(boolean condition, String owner, String setting, String must, Object value) {
        if (!condition) {
            throw new IllegalArgumentException(owner + ": the " + setting + " must " + must + ", got " + value);
        }
    }

    /** Refuses a number that is infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requireFinite(Class<?> owner, String setting, double value) {
        require(Double.isFinite(value), owner, setting, "be finite", value);
        return value;
    }

    /** Refuses a number that is negative, infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requireNotNegative(Class<?> owner, String setting, double value) {
        return requireNotNegative(owner.getSimpleName(), setting, value);
    }

    /** Refuses a number that is negative, infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requireNotNegative(String owner, String setting, double value) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, owner, setting, "be finite and not negative", value);
        return value;
    }

    /** Refuses a number that is not positive, infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requirePositive(Class<?> owner, String setting, double value) {
        return requirePositive(owner.getSimpleName(), setting, value);
    }

    /** Refuses a number that is not positive, infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requirePositive(String owner, String setting, double value) {
        require(value > 0 && value < Double.POSITIVE_INFINITY, owner, setting, "be positive and finite", value);
        return value;
    }

    /** Refuses a number outside of [0, 1]. */
    @CanIgnoreReturnValue
    public static double requirePart(Class<?> owner, String setting, double value) {
        require(value >= 0 && value <= 1, owner, setting, "be from 0 to 1", value);
        return value;
    }

    /** Refuses a count below 1. */
    @CanIgnoreReturnValue
    public static int requireCount(Class<?> owner, String setting, int value) {
        return requireCount(owner.getSimpleName(), setting, value);
    }

    /** Refuses a count below 1. */
    @CanIgnoreReturnValue
    public static int requireCount(String owner, String setting, int value) {
        require(value > 0, owner, setting, "be at least 1", value);
        return value;
    }

    /** Refuses a count below 1. */
    public static void requireCount(Class<?> owner, String setting, long value) {
        require(value > 0, owner, setting, "be at least 1", value);
    }

    /** Returns the number of a step, unless it is negative. */
    @CanIgnoreReturnValue
    public static double requireStep(Class<?> owner, long step) {
        require(step >= 0, owner, "step", "not be negative", step);
        return step;
    }

    /** Refuses a generator that is null, which a caller without null checks can give. */
    @CanIgnoreReturnValue
    public static RandomGenerator requireGenerator(Class<?> owner, RandomGenerator generator) {
        if (generator == null) {
            throw new IllegalArgumentException(owner.getSimpleName() + ": the generator is null");
        }
        return generator;
    }

    /**
     * The text of a value: its type and those settings that are not as by default, {@code CrossEntropy[reduction=SUM]}.
     *
     * @param settings for each setting its name, its value and its default; arrays are of doubles
     */
    public static String described(Class<?> type, @Nullable Object... settings) {
        StringJoiner all = new StringJoiner(", ", type.getSimpleName() + "[", "]");
        for (int k = 0; k < settings.length; k += 3) {
            Object value = settings[k + 1];
            if (!Objects.equals(value, settings[k + 2])) {
                all.add(settings[k] + "=" + (value instanceof double[] array ? Arrays.toString(array) : value));
            }
        }
        return all.toString();
    }
}
