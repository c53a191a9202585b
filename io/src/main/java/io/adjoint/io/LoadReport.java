package io.adjoint.io;

import io.adjoint.core.Messages;
import io.adjoint.core.StateFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The comparison of a state of PyTorch with a model. All names are PyTorch's, after they were renamed.
 *
 * @param loaded the names of the arrays that fit, in the model's order
 * @param converted the floating arrays among them that were converted, because the model's array has another dtype
 * @param missing the names of the model's arrays that the state lacks
 * @param unexpected the names of the state's arrays that the model lacks
 * @param mismatched the arrays of a name that both have, whose shapes differ, or whose dtypes differ and aren't both floating
 * @param ignored the names of the state and of the model that are left alone, and in none of the other lists
 */
public record LoadReport(
        List<String> loaded,
        List<String> converted,
        Map<String, StateFields.Slot> missing,
        Map<String, StateFields.Slot> unexpected,
        Map<String, Mismatch> mismatched,
        List<String> ignored) {
    /**
     * An array that the model cannot take.
     *
     * @param expected the dtype and shape of the model's
     * @param given the dtype and shape of the state's
     */
    public record Mismatch(StateFields.Slot expected, StateFields.Slot given) {
        @Override
        public String toString() {
            return given + " instead of " + expected;
        }
    }

    /** A report, of copies of the collections. */
    public LoadReport {
        loaded = List.copyOf(loaded);
        converted = List.copyOf(converted);
        missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
        unexpected = Collections.unmodifiableMap(new LinkedHashMap<>(unexpected));
        mismatched = Collections.unmodifiableMap(new LinkedHashMap<>(mismatched));
        ignored = List.copyOf(ignored);
    }

    /** Returns whether the state has exactly the model's arrays. */
    public boolean isExact() {
        return missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty();
    }

    /** The numbers of arrays, a line for each that does not fit, and hints at names to rename or to ignore. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(loaded.size() + " fit" + (converted.isEmpty() ? "" : ", " + converted.size() + " by conversion")
                + "; " + missing.size() + " missing, " + unexpected.size() + " unexpected, " + mismatched.size()
                + " mismatched" + (ignored.isEmpty() ? "" : ", " + ignored.size() + " ignored"));
        missing.forEach((name, slot) -> lines.add("missing " + Messages.quoted(name) + " " + slot));
        unexpected.forEach((name, slot) -> lines.add("unexpected " + Messages.quoted(name) + " " + slot));
        mismatched.forEach((name, mismatch) -> lines.add("mismatched " + Messages.quoted(name) + ": " + mismatch));
        if (!missing.isEmpty()) {
            addHint(lines);
        }
        mismatched.keySet().stream()
                .findFirst()
                .ifPresent(name -> lines.add("to leave out what is mismatched: ignore(\"^" + parent(name) + "\")"));
        return String.join("\n  ", lines);
    }

    /** A regular expression, as in Java source, for the beginning of a name up to its last dot, or for all of a name without a dot. */
    private static String parent(String name) {
        int end = name.lastIndexOf('.') + 1;
        return end == 0 ? name + "$" : escaped(name.substring(0, end));
    }

    private static String escaped(String prefix) {
        return prefix.replace(".", "\\\\.");
    }

    /** Adds a hint if one prefix, found by comparing the names of missing and unexpected arrays, explains all missing arrays. */
    private void addHint(List<String> lines) {
        String wanted = missing.keySet().iterator().next();
        for (String name : unexpected.keySet()) {
            String more = name.endsWith("." + wanted) ? name.substring(0, name.length() - wanted.length()) : "";
            String less = wanted.endsWith("." + name) ? wanted.substring(0, wanted.length() - name.length()) : "";
            boolean explains = more.length() + less.length() > 0
                    && missing.keySet().stream()
                            .allMatch(one -> one.startsWith(less)
                                    && unexpected.containsKey(more + one.substring(less.length())));
            if (explains) {
                lines.add(
                        more.isEmpty()
                                ? "all that is missing begins with '" + less + "': rename(\"^\", \"" + less + "\")"
                                : "all that is missing is there behind '" + more + "': rename(\"^" + escaped(more)
                                        + "\", \"\")");
                return;
            }
        }
        addSimilar(lines);
    }

    /** Adds a hint for each part of a name that is written in another case, or with other underscores, than in the model. */
    private void addSimilar(List<String> lines) {
        Map<String, String> given = new LinkedHashMap<>();
        unexpected.keySet().forEach(name -> given.put(plain(name), name));
        Set<String> hints = new LinkedHashSet<>();
        for (String name : missing.keySet()) {
            String[] wanted = name.split("\\.", -1);
            String[] written = given.getOrDefault(plain(name), name).split("\\.", -1);
            for (int k = 0; k < wanted.length; k++) {
                if (!wanted[k].equals(written[k]) && written[k].matches("\\w{1,100}")) {
                    hints.add("'" + written[k] + "' is '" + wanted[k] + "' in the model: rename(\"\\\\b" + written[k]
                            + "\\\\b\", \"" + wanted[k] + "\")");
                }
            }
        }
        lines.addAll(hints);
    }

    /** A name without the differences between camel case and snake case. */
    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
