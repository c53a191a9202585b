package io.adjoint.nn.optim;

import io.adjoint.nn.Settings;
import java.util.Locale;
import java.util.function.DoublePredicate;

/**
 * A number in the formula of an {@link Optimizer}, such as its momentum. Its name is the name by which it is set, saved and printed; each
 * {@link ParameterGroup} has a value of it. An optimizer declares its settings as fields: {@code Setting momentum = notNegative("momentum",
 * 0.9)}.
 */
public final class Setting {
    final Class<?> owner;
    final String name;
    final int index;
    final double initial;
    private final DoublePredicate range;
    private final String must;

    /**
     * A setting.
     *
     * @param index its position among the settings of the optimizer
     * @param must the range in words, for messages: {@code be finite and not negative}
     */
    Setting(Class<?> owner, String name, int index, double initial, DoublePredicate range, String must) {
        this.owner = owner;
        this.name = name;
        this.index = index;
        this.initial = initial;
        this.range = range;
        this.must = must;
    }

    /** Refuses a value out of this setting's range. */
    void require(double value) {
        Settings.require(accepts(value), owner, words(name), must, value);
    }

    boolean accepts(double value) {
        return range.test(value);
    }

    /** The message about a refused value. */
    String problem(double value) {
        return "the " + words(name) + " must " + must + ", got " + value;
    }

    /** A value as text, {@code weight decay 0.01}; empty for a default that means off or depends on the parameter. */
    String describe(double value) {
        boolean isOff = index > 0 && (initial == 0 || Double.isNaN(initial)) && Double.compare(value, initial) == 0;
        return isOff ? "" : words(name) + " " + value;
    }

    /** The name of a setting in words: {@code weight decay} for {@code weightDecay}. */
    static String words(String name) {
        return name.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** The name, such as {@code weightDecay}. */
    @Override
    public String toString() {
        return name;
    }
}
