package io.adjoint.autograd.view;

import io.adjoint.core.Internal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The written form of an operation: the formula of its value, of its gradient, and the points where the gradient has kinks. Each operation
 * has a line of a file {@code META-INF/adjoint/operations.txt}. Every jar on the class path may have such a file; the file in autograd
 * explains the format.
 *
 * @hidden
 */
@Internal
public final class Notation {
    private static final String FILE = "META-INF/adjoint/operations.txt";
    private static final String OF_EACH = "of each ";
    private static final String AS = "; as ";
    private static final Map<String, Notation> ROWS = read();
    private static final Map<String, Notation> BY_INPUTS = byInputs();

    /** The formula of the operation's value. */
    private final String formula;
    /** The formulas of the gradients, one for each input that has a gradient. */
    private final String gradient;
    /**
     * The kinks, which are the points where the gradient is not unique or not finite, with the gradient's value at these points; empty for
     * a row that is not an operation of its own.
     */
    private final String kinks;

    private Notation(String formula, String gradient, String kinks) {
        this.formula = formula;
        this.gradient = gradient;
        this.kinks = kinks;
    }

    /**
     * The notation of an operation as the reference page shows it.
     *
     * @param row the name at the beginning of a line, such as {@code mul (number)}
     * @throws IllegalArgumentException if no line begins with this name
     */
    public static Notation of(String row) {
        Notation found = ROWS.get(row);
        if (found == null) {
            throw new IllegalArgumentException("no line of " + FILE + " begins with '" + row + " | '");
        }
        return found;
    }

    /** The names of all rows with a text about kinks, which may say that the operation has no kinks. */
    public static Set<String> operations() {
        Map<String, Notation> operations = new LinkedHashMap<>(ROWS);
        operations.values().removeIf(row -> row.kinks.isEmpty());
        return Collections.unmodifiableSet(operations.keySet());
    }

    /** The formula of the operation's value. */
    public String formula() {
        return plain(formula);
    }

    /** The gradient of each input in terms of the upstream gradient g, the inputs and the output y. */
    public String gradient() {
        return plain(gradient);
    }

    /** The kinks, which are the points where the gradient is not unique or not finite, with the gradient's value at these points. */
    public String kinks() {
        return kinks;
    }

    /** A formula without the markup that only {@link Formula} needs, such as braces around letters. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            boolean marked = c != '{' && c != '}' && k > 0 && text.charAt(k - 1) == '{';
            if (marked) {
                plain.append(Character.toLowerCase(c));
            } else if (c != '{' && c != '}') {
                plain.append(c == '⊙' ? '·' : c);
            }
        }
        return plain.toString();
    }

    /** The notation of a recorded operation; null if there is no notation into which names can be put. */
    static @Nullable Notation ofOperation(String op, int inputs) {
        Notation exact = BY_INPUTS.get(op + "/" + inputs);
        return exact != null ? exact : BY_INPUTS.get(op + "/n");
    }

    /** The formulas of the value and the gradients of a recorded operation, in letters, separated by a bar; empty if no line has them. */
    static String rule(String op, int inputs) {
        Notation own = ofOperation(op, inputs);
        Notation row = own == null ? ROWS.get(op) : own;
        if (row == null) {
            return "";
        }
        String[] parts = row.formula.split(AS, 2);
        Notation shown = parts.length == 1 ? row : of(parts[1]);
        return shown.formula() + " | " + shown.gradient();
    }

    /** The formula of the operation's value without remarks; null if names cannot be put into the formula. */
    @Nullable
    String template() {
        String first = formula.split("; ", 2)[0];
        return first.contains("{") ? first : null;
    }

    /** The formula of the gradient of the k-th input. */
    String template(int k) {
        return gradient.startsWith(OF_EACH)
                ? gradient.substring(OF_EACH.length())
                : gradients().get(k);
    }

    /** Returns whether the notation makes sense with numbers in place of names. */
    boolean isNumeric() {
        return !(formula + gradient).matches(".*\\{[A-Z]}.*");
    }

    /** Returns whether the notation shows a constant argument of the operation. */
    boolean hasConstant() {
        return (formula + gradient).contains("{c}");
    }

    private List<String> gradients() {
        return List.of(gradient.split("; ", -1));
    }

    private static Map<String, Notation> byInputs() {
        Map<String, Notation> byInputs = new HashMap<>();
        ROWS.forEach((row, notation) -> {
            if (notation.gradient.contains("{")) {
                String op = row.split("[ (]", 2)[0];
                String inputs = notation.gradient.startsWith(OF_EACH)
                        ? "n"
                        : Integer.toString(notation.gradients().size());
                if (byInputs.put(op + "/" + inputs, notation) != null) {
                    throw new IllegalStateException(FILE + ": two lines of '" + op + "' have braces for " + inputs
                            + " inputs; leave them out of all but one");
                }
            }
        });
        return byInputs;
    }

    private static Map<String, Notation> read() {
        Map<String, Notation> rows = new LinkedHashMap<>();
        try {
            for (URL url : Collections.list(Notation.class.getClassLoader().getResources(FILE))) {
                try (BufferedReader reader =
                        new BufferedReader(new InputStreamReader(url.openStream(), StandardCharsets.UTF_8))) {
                    reader.lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .forEach(line -> add(rows, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static void add(Map<String, Notation> rows, String line) {
        String[] cells = line.split(" \\| ", -1);
        if (cells.length < 3 || cells.length > 4) {
            throw new IllegalStateException(
                    FILE + ": expected name | formula | gradient | kinks, the kinks optional, but got: " + line);
        }
        if (rows.put(cells[0], new Notation(cells[1], cells[2], cells.length == 3 ? "" : cells[3])) != null) {
            throw new IllegalStateException(FILE + ": two lines begin with '" + cells[0] + " | '");
        }
    }
}
