package io.adjoint.io.onnx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The operators of ONNX's operator set 17, with their numbers of inputs and outputs and their attributes, read from the resource
 * {@code operators.txt}.
 */
final class OnnxSchemas {
    /** A range of numbers of inputs or outputs, both ends inclusive. */
    private record Count(int least, int most) {
        static Count parse(String text) {
            String[] ends = text.split("-", -1);
            String last = ends[ends.length - 1];
            return new Count(Integer.parseInt(ends[0]), last.equals("*") ? Integer.MAX_VALUE : Integer.parseInt(last));
        }

        boolean has(int count) {
            return count >= least && count <= most;
        }

        @Override
        public String toString() {
            return least == most ? "" + least : least + (most == Integer.MAX_VALUE ? " or more" : " to " + most);
        }
    }

    /** The signature of an operator; attributes maps names to types, and the name of a required attribute ends with an exclamation mark. */
    private record Schema(Count inputs, Count outputs, Map<String, String> attributes) {}

    private static final Map<String, Schema> ALL = read();

    private OnnxSchemas() {}

    private static Map<String, Schema> read() {
        Map<String, Schema> all = new TreeMap<>();
        lines("operators.txt").forEach(line -> {
            List<String> words = List.of(line.split(" "));
            Map<String, String> attributes = new LinkedHashMap<>();
            words.stream().skip(3).map(word -> word.split(":")).forEach(pair -> attributes.put(pair[0], pair[1]));
            all.put(words.get(0), new Schema(Count.parse(words.get(1)), Count.parse(words.get(2)), attributes));
        });
        return all;
    }

    /** The lines of a resource, without comments. */
    static List<String> lines(String resource) {
        try (InputStream file = Objects.requireNonNull(OnnxSchemas.class.getResourceAsStream(resource), resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The attributes of an operator with their types. */
    static Map<String, String> attributes(String type) {
        return Objects.requireNonNull(ALL.get(type)).attributes();
    }

    /** The Levenshtein distance of two names, ignoring case. */
    private static int edits(String one, String other) {
        int[] before = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[before.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                boolean isSame = one.regionMatches(true, i - 1, other, j - 1, 1);
                row[j] = Math.min(before[j - 1] + (isSame ? 0 : 1), 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[other.length()];
    }

    /** The reason why a node is not valid ONNX; null if it is valid. */
    static @Nullable String problem(String type, OnnxAttributes attributes, int inputs, int outputs) {
        Schema operator = ALL.get(type);
        if (operator == null) {
            String problem = "is no operator of ONNX's set 17";
            String meant = ALL.keySet().stream()
                    .min(Comparator.comparingInt(name -> edits(type, name)))
                    .orElseThrow();
            if (edits(type, meant) <= 1) {
                return problem + "; did you mean " + meant + "?";
            }
            String start = type.substring(0, Math.min(2, type.length()));
            List<String> near = ALL.keySet().stream()
                    .filter(name -> name.regionMatches(true, 0, start, 0, start.length()))
                    .toList();
            return problem + (near.isEmpty() ? "" : "; there are " + near);
        }
        if (!operator.inputs().has(inputs)) {
            return "has " + operator.inputs() + " inputs, got " + inputs;
        }
        if (!operator.outputs().has(outputs)) {
            return "has " + operator.outputs() + " outputs, got " + outputs;
        }
        for (Map.Entry<String, String> attribute : attributes.types().entrySet()) {
            String name = attribute.getKey();
            String expected = operator.attributes()
                    .getOrDefault(name, operator.attributes().get(name + "!"));
            if (!attribute.getValue().equals(expected)) {
                return "has no attribute '" + name + "' of the type " + attribute.getValue() + "; it has "
                        + new TreeSet<>(operator.attributes().keySet());
            }
        }
        return operator.attributes().keySet().stream()
                .filter(name -> name.endsWith("!"))
                .map(name -> name.substring(0, name.length() - 1))
                .filter(name -> !attributes.types().containsKey(name))
                .findFirst()
                .map(name -> "needs the attribute '" + name + "'")
                .orElse(null);
    }
}
