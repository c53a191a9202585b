package io.adjoint.nn.train;

import io.adjoint.core.Messages;
import io.adjoint.core.StateFields;
import io.adjoint.nn.TextTable;
import io.adjoint.nn.optim.Goal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The values of a training. Each epoch has the mean training loss, {@code loss}, and the other tracked values; an evaluation at another
 * interval has values at its steps. {@link #toString()} is a table, {@link #mermaid} a picture. A {@link Trainer} returns a history; an
 * explicit loop can make one, too.
 */
public final class History {
    private static final String HISTORY = "history.";
    /** The prefix of the name of an array with the steps at which a column got its values. */
    private static final String STEPS = "steps.";
    /** The prefix of the name of an array with the column of a number in {@link Outcome#numbers}. */
    private static final String PARTS = "parts.";

    private final Map<String, Column> columns = new LinkedHashMap<>();

    /**
     * The values of a name.
     *
     * @param steps the step of each value; null if there is one value for each epoch
     */
    private record Column(List<Double> values, @Nullable List<Long> steps) {
        static Column of(boolean hasSteps) {
            return new Column(new ArrayList<>(), hasSteps ? new ArrayList<>() : null);
        }

        Column copy() {
            return new Column(new ArrayList<>(values), steps == null ? null : new ArrayList<>(steps));
        }
    }

    /**
     * Adds the value of the next epoch under a name; NaN is for one that has none.
     *
     * @throws IllegalArgumentException if the values of that name have steps
     */
    public void add(String name, double value) {
        Column column = column(name, false);
        require(column.steps() == null, "the values of '" + name + "' are added with their steps");
        column.values().add(value);
    }

    /**
     * Adds a value that was computed after a step, such as the loss of an evaluation within an epoch.
     *
     * @throws IllegalArgumentException if the values of that name are one for each epoch, or there is one of a later step
     */
    public void add(String name, long step, double value) {
        Column column = column(name, true);
        List<Long> steps = column.steps();
        require(steps != null, "the values of '" + name + "' are one for each epoch, so they are added without a step");
        long last = steps == null || steps.isEmpty() ? 0 : steps.get(steps.size() - 1);
        require(step >= last, "a value of '" + name + "' after step " + step + " comes after that of step " + last);
        Objects.requireNonNull(steps).add(step);
        column.values().add(value);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("History: " + problem);
        }
    }

    /** Adds an empty column for later values unless there is one of the name, so that the columns have a fixed order. */
    void declare(String name, boolean hasSteps) {
        Column unused = column(name, hasSteps);
    }

    private Column column(String name, boolean hasSteps) {
        return columns.computeIfAbsent(name, n -> Column.of(hasSteps));
    }

    /** Adds the values of the epoch with an index from 0 on; columns without a value for an epoch get NaN. */
    void addEpoch(int epoch, Map<String, Double> added) {
        added.keySet().forEach(name -> declare(name, false));
        columns.forEach((name, column) -> {
            if (column.steps() == null) {
                while (column.values().size() < epoch) {
                    column.values().add(Double.NaN);
                }
                column.values().add(added.getOrDefault(name, Double.NaN));
            }
        });
    }

    boolean hasSteps(String name) {
        Column column = columns.get(name);
        return column != null && column.steps() != null;
    }

    History copy() {
        History copy = new History();
        columns.forEach((name, column) -> copy.columns.put(name, column.copy()));
        return copy;
    }

    /** The number of epochs. */
    public int epochs() {
        return columns.values().stream()
                .filter(column -> column.steps() == null)
                .mapToInt(column -> column.values().size())
                .max()
                .orElse(0);
    }

    /** The names of the values, in the order in which they were first added. */
    public List<String> names() {
        return List.copyOf(columns.keySet());
    }

    /**
     * The values of a name, one for each epoch, or one for each of its {@link #steps}.
     *
     * @throws IllegalArgumentException if nothing of that name was tracked
     */
    public List<Double> values(String name) {
        return List.copyOf(column(name).values());
    }

    private Column column(String name) {
        return Epoch.named(columns, name, "History: nothing named '%s' was tracked");
    }

    /**
     * The numbers of optimizer steps after which the values of a name were computed; empty if the name has one value for each epoch.
     *
     * @throws IllegalArgumentException if nothing of that name was tracked
     */
    public List<Long> steps(String name) {
        List<Long> steps = column(name).steps();
        return steps == null ? List.of() : List.copyOf(steps);
    }

    /**
     * The last value of a name.
     *
     * @throws IllegalArgumentException if nothing of that name was tracked, or there is no value yet
     */
    public double last(String name) {
        List<Double> all = present(name);
        return all.get(all.size() - 1);
    }

    private List<Double> present(String name) {
        List<Double> all = values(name);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("History: there is no value of '" + name + "' yet");
        }
        return all;
    }

    /**
     * The index of the best value, the first of several equal ones: the index of the epoch, or of the step among {@link #steps}.
     *
     * @throws IllegalArgumentException if nothing of that name was tracked, or there is no value yet
     */
    public int best(String name, Goal goal) {
        List<Double> all = present(name);
        int best = 0;
        for (int epoch = 1; epoch < all.size(); epoch++) {
            if (goal.isBetter(all.get(epoch), all.get(best))) {
                best = epoch;
            }
        }
        return best;
    }

    /**
     * A line chart of some values over the epochs, or over their steps, in Mermaid's language, which GitHub, GitLab, editors and notebooks
     * draw where Markdown is read, in a block that is marked {@code mermaid}. A value that is not finite is drawn as the finite one before
     * it, or else after it.
     *
     * @throws IllegalArgumentException if a name was not tracked, none is given, the values of two were computed at different times, or all
     *     values of one are not finite
     */
    public String mermaid(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("History.mermaid: name what to draw; there are " + columns.keySet());
        }
        StringBuilder text = new StringBuilder("xychart-beta\n    title \"")
                .append(String.join(", ", names).replace("\"", "'"))
                .append("\"\n    x-axis ")
                .append(axis(steps(names[0])))
                .append('\n');
        for (String name : names) {
            if (!steps(name).equals(steps(names[0]))) {
                throw new IllegalArgumentException("History.mermaid: the values of '" + name + "' and '" + names[0]
                        + "' were computed at different times; draw them apart");
            }
            double shown = values(name).stream()
                    .filter(Double::isFinite)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "History.mermaid: no value of '" + name + "' is finite: " + values(name)));
            List<String> numbers = new ArrayList<>();
            for (double value : values(name)) {
                shown = Double.isFinite(value) ? value : shown;
                numbers.add(String.format(Locale.ROOT, "%.6g", shown));
            }
            text.append("    line [").append(String.join(", ", numbers)).append("]\n");
        }
        return text.toString();
    }

    private String axis(List<Long> at) {
        return at.isEmpty()
                ? "\"epoch\" 1 --> " + Math.max(2, epochs())
                : "\"step\" " + at.get(0) + " --> " + Math.max(at.get(0) + 1, at.get(at.size() - 1));
    }

    /** A table with a row for each epoch, a table for each set of other steps, and a line for values that were never finite. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        List<String> epochs = new ArrayList<>();
        Map<List<Long>, List<String>> others = new LinkedHashMap<>();
        for (String name : columns.keySet()) {
            if (!hasSteps(name)) {
                epochs.add(name);
            } else if (!values(name).isEmpty()) {
                others.computeIfAbsent(steps(name), s -> new ArrayList<>()).add(name);
            }
        }
        parts.add(table("epoch", LongStream.rangeClosed(1, epochs()).boxed().toList(), epochs));
        others.forEach((at, names) -> parts.add(table("step", at, names)));
        columns.forEach((name, column) -> {
            if (!column.values().isEmpty() && column.values().stream().noneMatch(Double::isFinite)) {
                parts.add("no value of '" + name + "' is finite; Doctor.watch(model) tells the cause");
            }
        });
        return String.join("\n", parts);
    }

    private String table(String title, List<Long> numbers, List<String> names) {
        TextTable table =
                new TextTable(TextTable.right().atLeast(5), TextTable.right().atLeast(12));
        List<String> headers = new ArrayList<>(List.of(title));
        names.forEach(name -> headers.add(Messages.oneLine(name)));
        table.row(headers.toArray(String[]::new));
        for (int row = 0; row < numbers.size(); row++) {
            List<String> cells = new ArrayList<>(List.of(numbers.get(row).toString()));
            for (String name : names) {
                List<Double> column = values(name);
                cells.add(row < column.size() ? String.format(Locale.ROOT, "%.6g", column.get(row)) : "");
            }
            table.row(cells.toArray(String[]::new));
        }
        return table.toString();
    }

    // ---- state ----

    /**
     * Declares the columns that have values. A trainer knows the names of most columns in advance; it learns the names of the numbers in
     * {@link Outcome#numbers} from the first outcome, so these columns have other prefixes in the state.
     *
     * @param known the names of the columns that the trainer knows, in their order
     * @param withSteps the known columns that have a value at certain steps, not for each epoch
     * @param epochs the number of epochs
     * @return the length of the longest known column
     */
    int declareState(StateFields fields, List<String> known, List<String> withSteps, int epochs) {
        List<String> others = new ArrayList<>(columns.keySet());
        others.removeAll(known);
        Set<String> all = new LinkedHashSet<>(fields.isLoading() ? known : columns.keySet());
        all.addAll(known);
        all.addAll(fields.names(PARTS, others));
        Map<String, Column> loaded = new LinkedHashMap<>();
        known.forEach(name -> loaded.put(name, Column.of(withSteps.contains(name))));
        int most = 0;
        for (String name : all) {
            boolean isKnown = known.contains(name);
            String field = (isKnown ? HISTORY : PARTS) + name;
            boolean hasSteps = isKnown ? withSteps.contains(name) : fields.has(STEPS + name, hasSteps(name));
            boolean isEachEpoch = isKnown && !hasSteps;
            Column present = columns.getOrDefault(name, Column.of(hasSteps));
            double[] now = values(present, isEachEpoch);
            if (isEachEpoch ? epochs == 0 : !fields.has(field, now.length > 0)) {
                continue;
            }
            double[] steps = hasSteps ? fields.numbers(STEPS + name, steps(present)) : null;
            double[] values = fields.numbers(field, now);
            int expected = steps == null ? epochs : steps.length;
            fields.require(
                    values.length == expected,
                    "'" + field + "' has " + values.length + " values, but there are " + expected
                            + (steps == null ? " epochs" : " steps"));
            for (int k = 0; steps != null && k < steps.length; k++) {
                fields.require(
                        steps[k] == Math.rint(steps[k]) && steps[k] >= (k == 0 ? 0 : steps[k - 1]),
                        "the steps of '" + name + "' do not rise: " + steps[k] + " at position " + k);
            }
            Column column = Column.of(hasSteps);
            Arrays.stream(values).forEach(column.values()::add);
            if (steps != null && column.steps() != null) {
                Arrays.stream(steps).mapToLong(step -> (long) step).forEach(column.steps()::add);
            }
            loaded.put(name, column);
            most = isKnown ? Math.max(most, values.length) : most;
        }
        fields.onLoad(() -> {
            columns.clear();
            columns.putAll(loaded);
        });
        return most;
    }

    /**
     * The values of a column. If a column with one value for each epoch was added after the first epoch, it begins with NaN for the epochs
     * before.
     */
    private double[] values(Column column, boolean isEachEpoch) {
        List<Double> values = column.values();
        double[] padded = new double[isEachEpoch ? Math.max(epochs(), values.size()) : values.size()];
        Arrays.setAll(padded, k -> k < values.size() ? values.get(k) : Double.NaN);
        return padded;
    }

    private static double[] steps(Column column) {
        return column.steps() == null
                ? new double[0]
                : column.steps().stream().mapToDouble(step -> step).toArray();
    }
}
