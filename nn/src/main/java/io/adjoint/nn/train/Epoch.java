package io.adjoint.nn.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An epoch that is over.
 *
 * @param number its number, 1 for the first
 * @param steps the number of optimizer steps since the training began
 * @param values the mean training loss, {@code loss}, and what was tracked, by name
 */
public record Epoch(int number, long steps, Map<String, Double> values) {
    /** Characters that end a line, or move the cursor within it. */
    private static final Pattern BREAK = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

    /** An epoch. */
    public Epoch {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The values in one line: {@code epoch 3: loss 0.124, validation loss 0.150}. */
    @Override
    public String toString() {
        return "epoch " + number + ": " + text();
    }

    /** The values alone: {@code loss 0.124, validation loss 0.150}. */
    String text() {
        return values.entrySet().stream()
                .map(entry -> BREAK.matcher(entry.getKey()).replaceAll(" ")
                        + String.format(Locale.ROOT, " %.4g", entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
