package io.adjoint.io;

import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A correspondence between one array and several arrays that hold its rows one after the other: the single array is in the model and the
 * parts are in the file, or the reverse.
 *
 * @param whole the suffix of the name of the array with all rows
 * @param parts the suffixes of the names of the parts, in the order of their rows
 * @param counts the numbers of rows of the parts; empty if all have the same number
 * @param joins true if the file has the parts and the model has the whole array
 */
record RowParts(String whole, List<String> parts, List<Integer> counts, boolean joins) {
    RowParts {
        Set<String> names = new HashSet<>(parts);
        names.add(whole);
        if (parts.size() < 2 || names.size() <= parts.size() || names.contains("")) {
            throw new IllegalArgumentException(call(joins)
                    + ": expected the end of a name and those of two parts or more, all different and not empty, got "
                    + Messages.quoted(whole) + " and " + Messages.list(parts));
        }
        if (!counts.isEmpty()
                && (counts.size() != parts.size() || counts.stream().anyMatch(rows -> rows < 0))) {
            throw new IllegalArgumentException(call(joins) + ": expected a number of rows from 0 on for each of "
                    + Messages.list(parts) + ", got " + counts);
        }
    }

    private static String call(boolean joins) {
        return joins ? "StateDict.concat" : "StateDict.split";
    }

    // ---- names ----

    /**
     * The text before the suffix {@code end} of a name; null if the name doesn't have this suffix, or if the text isn't empty and doesn't
     * end with a dot.
     */
    private static @Nullable String prefix(String name, String end) {
        String prefix = name.endsWith(end) ? name.substring(0, name.length() - end.length()) : null;
        return prefix == null || prefix.isEmpty() || prefix.endsWith(".") ? prefix : null;
    }

    private List<String> parts(String prefix) {
        return parts.stream().map(part -> prefix + part).toList();
    }

    /**
     * The names of the model's arrays that correspond to an array in a file; the array's own name if no correspondence maps it to arrays of
     * the model.
     */
    static List<String> inModel(List<RowParts> all, String name, Set<String> model) {
        for (RowParts rows : all) {
            for (String end : rows.joins ? rows.parts : List.of(rows.whole)) {
                String prefix = prefix(name, end);
                List<String> names =
                        prefix == null ? List.of() : rows.joins ? List.of(prefix + rows.whole) : rows.parts(prefix);
                if (!names.isEmpty() && model.containsAll(names)) {
                    return names;
                }
            }
        }
        return List.of(name);
    }

    // ---- arrays ----

    /**
     * Converts the arrays of a file to the arrays of the model: by each correspondence, joins parts to a whole array or divides a whole
     * array into its parts. An array without a counterpart in the model is left unchanged, and so are parts if the file lacks another part
     * of the same array, so that a report can name them.
     *
     * @param model the shapes of the model's arrays
     */
    static Map<String, NdArray> read(List<RowParts> all, Map<String, NdArray> file, Map<String, Shape> model) {
        return converted(
                all,
                file,
                true,
                model.keySet(),
                (rows, parts) -> parts.stream()
                        .map(part -> rows.rowsOf(part, Objects.requireNonNull(model.get(part))))
                        .toList());
    }

    /**
     * Converts the arrays of a model to the arrays of a file.
     *
     * @param names the names of the arrays in the file
     */
    static Map<String, NdArray> write(List<RowParts> all, Map<String, NdArray> model, Set<String> names) {
        return converted(all, model, false, names, (rows, parts) -> rows.counts);
    }

    /**
     * Joins and divides arrays.
     *
     * @param isFile true for a file's arrays, which become the model's, false for the reverse
     * @param wanted the names of the other side's arrays
     * @param counts the numbers of rows of parts into which an array is divided; empty if they are equal
     */
    private static Map<String, NdArray> converted(
            List<RowParts> all,
            Map<String, NdArray> given,
            boolean isFile,
            Set<String> wanted,
            BiFunction<RowParts, List<String>, List<Integer>> counts) {
        Map<String, NdArray> arrays = given;
        for (RowParts rows : all) {
            boolean toWhole = rows.joins == isFile;
            Map<String, NdArray> next = new LinkedHashMap<>(arrays);
            for (String name : arrays.keySet()) {
                String prefix = prefix(name, toWhole ? rows.parts.get(0) : rows.whole);
                if (prefix == null) {
                    continue;
                }
                List<String> parts = rows.parts(prefix);
                if (toWhole) {
                    if (wanted.contains(prefix + rows.whole) && arrays.keySet().containsAll(parts)) {
                        rows.join(next, prefix + rows.whole, parts);
                    }
                } else if (wanted.containsAll(parts)) {
                    rows.divide(next, name, parts, counts.apply(rows, parts));
                } else if (!isFile && parts.stream().anyMatch(wanted::contains)) {
                    throw new IllegalArgumentException("StateDict.concat: the rows of " + Messages.quoted(name)
                            + " need each of the names " + Messages.list(parts));
                }
            }
            arrays = next;
        }
        return arrays;
    }

    private void join(Map<String, NdArray> arrays, String name, List<String> names) {
        List<NdArray> joined = new ArrayList<>();
        names.forEach(part -> joined.add(Objects.requireNonNull(arrays.remove(part))));
        List<Integer> found = new ArrayList<>();
        for (int k = 0; k < joined.size(); k++) {
            found.add(rowsOf(names.get(k), joined.get(k).shape()));
        }
        boolean fits = counts.isEmpty() ? !joins || Set.copyOf(found).size() == 1 : counts.equals(found);
        if (!fits) {
            throw new IllegalArgumentException(call(joins) + ": " + Messages.list(names) + " have " + found
                    + " rows, expected "
                    + (counts.isEmpty() ? "equal numbers; give those that they have as last arguments" : counts));
        }
        put(arrays, name, NdArray.concat(call(joins) + ": " + Messages.quoted(name), 0, joined));
    }

    /** Replaces an array by its parts, whose numbers of rows are {@code given}, or equal if {@code given} is empty. */
    private void divide(Map<String, NdArray> arrays, String name, List<String> names, List<Integer> given) {
        NdArray array = Objects.requireNonNull(arrays.remove(name));
        int all = rowsOf(name, array.shape());
        boolean fits = given.isEmpty()
                ? all % names.size() == 0
                : given.stream().mapToLong(Integer::longValue).sum() == all;
        if (!fits) {
            throw new IllegalArgumentException(call(joins) + ": " + Messages.quoted(name) + " has " + all
                    + " rows, expected " + (given.isEmpty() ? "an equal number for each of " : given + " for ")
                    + Messages.list(names));
        }
        int from = 0;
        for (int k = 0; k < names.size(); k++) {
            int to = from + (given.isEmpty() ? all / names.size() : given.get(k));
            put(arrays, names.get(k), array.slice(0, from, to).copy());
            from = to;
        }
    }

    private int rowsOf(String name, Shape shape) {
        if (shape.rank() == 0) {
            throw new IllegalArgumentException(
                    call(joins) + ": " + Messages.quoted(name) + " is a scalar, without rows");
        }
        return shape.dim(0);
    }

    private void put(Map<String, NdArray> arrays, String name, NdArray array) {
        if (arrays.put(name, array) != null) {
            throw new IllegalArgumentException(call(joins) + ": there is an array " + Messages.quoted(name)
                    + " as well as its rows under other names");
        }
    }
}
