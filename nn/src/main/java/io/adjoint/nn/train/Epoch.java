package io.adjoint.nn.train;

import io.adjoint.core.Messages;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An epoch that is over.
 *
 * @param number its number, 1 for the first
 * @param steps the number of optimizer steps since the training began
 * @param values the values that were measured at this step, by name: the mean training loss, {@code loss}, the metrics, and tracked values;
 *     a value that is measured at other intervals than each epoch only if it was due now
 * @param notMeasured the names of tracked values that were not measured at this step
 */
public record Epoch(int number, long steps, Map<String, Double> values, Set<String> notMeasured) {
    /** An epoch. */
    public Epoch {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        notMeasured = Collections.unmodifiableSet(new LinkedHashSet<>(notMeasured));
    }

    /** An epoch at whose end all values were measured. */
    public Epoch(int number, long steps, Map<String, Double> values) {
        this(number, steps, values, Set.of());
    }

    /**
     * The value of a name, such as {@code "validation loss"}.
     *
     * @throws IllegalArgumentException if nothing of that name was measured at this step
     */
    public double value(String name) {
        return named(values, name, "Epoch: nothing named '%s' was measured at the end of epoch " + number);
    }

    /** The value of a name; throws with a message, in which {@code %s} is the name, if there is none. */
    static <T> T named(Map<String, T> values, String name, String message) {
        T found = values.get(name);
        if (found == null) {
            throw new IllegalArgumentException(message.replace("%s", name) + "; there are " + values.keySet());
        }
        return found;
    }

    /** The values in one line: {@code epoch 3: loss 0.124, validation loss 0.150}. */
    @Override
    public String toString() {
        return "epoch " + number + ": " + text(values);
    }

    /** The text of values in one line: {@code loss 0.1240, validation loss 0.1500}. */
    static String text(Map<String, Double> values) {
        return values.entrySet().stream()
                .map(entry -> Messages.oneLine(entry.getKey()) + String.format(Locale.ROOT, " %.4g", entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
