package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Internal;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Checks settings and describes them in words. Messages name the owner of the setting, a class or the name of an operation: {@code Dropout:
 * the probability p must be from 0 to 1, got 1.5}.
 *
 * @hidden
 */
@Internal
public final class Settings {
    private Settings() {}

    /** Refuses a value unless the condition holds. */
    public static void require(boolean condition, Object owner, String setting, String must, Object value) {
        if (!condition) {
            throw new IllegalArgumentException(name(owner) + ": the " + setting + " must " + must + ", got " + value);
        }
    }

    private static String name(Object owner) {
        return owner instanceof Class<?> type ? type.getSimpleName() : owner.toString();
    }

    /** Refuses a number that is infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requireFinite(Object owner, String setting, double value) {
        require(Double.isFinite(value), owner, setting, "be finite", value);
        return value;
    }

    /** Refuses a number that is negative, infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requireNotNegative(Object owner, String setting, double value) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, owner, setting, "be finite and not negative", value);
        return value;
    }

    /** Refuses a number that is zero, negative, infinite or NaN. */
    @CanIgnoreReturnValue
    public static double requirePositive(Object owner, String setting, double value) {
        require(value > 0 && value < Double.POSITIVE_INFINITY, owner, setting, "be positive and finite", value);
        return value;
    }

    /** Refuses a number outside of [0, 1], or NaN. */
    @CanIgnoreReturnValue
    public static double requireFraction(Object owner, String setting, double value) {
        require(value >= 0 && value <= 1, owner, setting, "be from 0 to 1", value);
        return value;
    }

    /** Refuses a count below 1. */
    @CanIgnoreReturnValue
    public static int requireCount(Object owner, String setting, int value) {
        require(value > 0, owner, setting, "be at least 1", value);
        return value;
    }

    /** Refuses a count below 1. */
    public static void requireCount(Object owner, String setting, long value) {
        require(value > 0, owner, setting, "be at least 1", value);
    }

    /**
     * Refuses an index out of range.
     *
     * @throws IndexOutOfBoundsException if the index is negative, or not below {@code size}
     */
    @CanIgnoreReturnValue
    public static int requireIndex(Object owner, String entry, int index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(
                    name(owner) + ": there is no " + entry + " " + index + "; their number is " + size);
        }
        return index;
    }

    /** Refuses a negative number of a training step. */
    @CanIgnoreReturnValue
    public static double requireStep(Object owner, long step) {
        require(step >= 0, owner, "step", "not be negative", step);
        return step;
    }

    /** Refuses a generator that is null, which callers without NullAway may pass; returns the generator behind an Init. */
    @CanIgnoreReturnValue
    public static RandomGenerator requireGenerator(Object owner, RandomGenerator generator) {
        if (generator == null) {
            throw new IllegalArgumentException(name(owner) + ": the generator is null");
        }
        return generator instanceof Init init ? init.generator() : generator;
    }

    /**
     * Describes an object by its type and the settings that differ from their defaults: {@code CrossEntropy[reduction=SUM]}.
     *
     * @param settings for each setting its name, its value and its default
     */
    public static String described(Class<?> type, @Nullable Object... settings) {
        StringJoiner all = new StringJoiner(", ", type.getSimpleName() + "[", "]");
        for (int k = 0; k < settings.length; k += 3) {
            Object value = settings[k + 1];
            if (!Objects.equals(value, settings[k + 2])) {
                all.add(settings[k] + "=" + value);
            }
        }
        return all.toString();
    }
}
