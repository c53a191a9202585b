package io.adjoint.nn.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The values of a training, epoch by epoch: the mean training loss, {@code loss}, and whatever else was tracked. {@link #toString()} is a
 * table, {@link #mermaid} a picture. A {@link Trainer} makes one; so can an explicit loop.
 */
public final class History {
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** Adds the value of the next epoch under a name; NaN is for one that has none. */
    public void add(String name, double value) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    /** Adds the value of an epoch, its index from 0 on; the epochs before it in which there was none have NaN. */
    void add(String name, int epoch, double value) {
        List<Double> column = values.computeIfAbsent(name, n -> new ArrayList<>());
        while (column.size() < epoch) {
            column.add(Double.NaN);
        }
        column.add(value);
    }

    History copy() {
        History copy = new History();
        values.forEach((name, column) -> copy.values.put(name, new ArrayList<>(column)));
        return copy;
    }

    /** The number of epochs. */
    public int epochs() {
        return values.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** The names of the values, in the order in which they were first added. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /**
     * The values of a name, one for each epoch.
     *
     * @throws IllegalArgumentException if nothing of that name was tracked
     */
    public List<Double> values(String name) {
        List<Double> found = values.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "History: nothing named '" + name + "' was tracked; there are " + values.keySet());
        }
        return List.copyOf(found);
    }

    /**
     * The last value of a name.
     *
     * @throws IllegalArgumentException if nothing of that name was tracked
     */
    public double last(String name) {
        List<Double> all = values(name);
        return all.get(all.size() - 1);
    }

    /**
     * The index of the epoch with the best value, the first of several equal ones.
     *
     * @throws IllegalArgumentException if nothing of that name was tracked
     */
    public int best(String name, Goal goal) {
        List<Double> all = values(name);
        int best = 0;
        for (int epoch = 1; epoch < all.size(); epoch++) {
            if (goal.isBetter(all.get(epoch), all.get(best))) {
                best = epoch;
            }
        }
        return best;
    }

    /**
     * A line chart of some values over the epochs in Mermaid's language, which GitHub, GitLab, editors and notebooks draw where Markdown is
     * read, in a block that is marked {@code mermaid}. A value that is not finite is drawn as the finite one before it, or else after it.
     *
     * @throws IllegalArgumentException if a name was not tracked, none is given, or all values of one are not finite
     */
    public String mermaid(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("History.mermaid: name what to draw; there are " + values.keySet());
        }
        StringBuilder text = new StringBuilder("xychart-beta\n    title \"")
                .append(String.join(", ", names).replace("\"", "'"))
                .append("\"\n    x-axis \"epoch\" 1 --> ")
                .append(Math.max(2, epochs()))
                .append('\n');
        for (String name : names) {
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

    /** A table with a row for each epoch, and a line for what was never finite. */
    @Override
    public String toString() {
        List<StringBuilder> rows = new ArrayList<>();
        for (int epoch = 0; epoch <= epochs(); epoch++) {
            rows.add(new StringBuilder(epoch == 0 ? "epoch" : String.format(Locale.ROOT, "%5d", epoch)));
        }
        values.forEach((name, column) -> {
            List<String> cells = new ArrayList<>(List.of(name));
            column.forEach(value -> cells.add(String.format(Locale.ROOT, "%.6g", value)));
            int width = cells.stream().mapToInt(String::length).max().orElse(0);
            for (int row = 0; row < rows.size(); row++) {
                String cell = row < cells.size() ? cells.get(row) : "";
                rows.get(row)
                        .append(" ".repeat(2 + Math.max(12, width) - cell.length()))
                        .append(cell);
            }
        });
        values.forEach((name, column) -> {
            if (!column.isEmpty() && column.stream().noneMatch(Double::isFinite)) {
                rows.add(
                        new StringBuilder("no value of '" + name + "' is finite; Doctor.watch(model) tells the cause"));
            }
        });
        return String.join(System.lineSeparator(), rows);
    }
}
