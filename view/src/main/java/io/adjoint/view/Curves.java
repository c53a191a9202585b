package io.adjoint.view;

import io.adjoint.core.StateFields;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The series of numbers of a report. Each series is identified by its axis (epochs or steps) and its name. */
final class Curves {
    static final String EPOCH = "epoch";
    static final String STEP = "step";

    private final Map<String, Map<String, Series>> axes = new LinkedHashMap<>();

    Curves() {
        clear();
    }

    /** Makes a series of the values of each name in a history; the new series replaces a series of this name over the same axis. */
    void replace(History history) {
        history.names().forEach(name -> replace(name, history, name));
    }

    /** Takes the values that have the name {@code nameThere} in a history, as a series with the name {@code name}. */
    void replace(String name, History history, String nameThere) {
        List<Double> values = history.values(nameThere);
        List<Long> steps = history.steps(nameThere);
        if (values.isEmpty()) {
            return;
        }
        String axis = steps.isEmpty() ? EPOCH : STEP;
        on(axis).put(name, new Series());
        for (int k = 0; k < values.size(); k++) {
            add(axis, name, steps.isEmpty() ? k + 1 : (double) steps.get(k), values.get(k));
        }
    }

    Curves copy() {
        Curves copy = new Curves();
        axes.forEach(
                (axis, series) -> series.forEach((name, points) -> copy.on(axis).put(name, points.copy())));
        return copy;
    }

    private Map<String, Series> on(String axis) {
        return Objects.requireNonNull(axes.get(axis));
    }

    void add(String axis, String name, double place, double value) {
        on(axis).computeIfAbsent(name, n -> new Series()).add(place, value);
    }

    boolean has(String axis, String name) {
        return on(axis).containsKey(name);
    }

    /** Removes the values after a moment of the training. */
    void cut(Moment at) {
        axes.forEach((axis, series) ->
                series.values().forEach(points -> points.cut(axis.equals(EPOCH) ? at.epoch() : (double) at.step())));
    }

    void clear() {
        axes.put(EPOCH, new LinkedHashMap<>());
        axes.put(STEP, new LinkedHashMap<>());
    }

    boolean isEmpty() {
        return axes.values().stream().allMatch(Map::isEmpty);
    }

    /** The last value of each series, by name. */
    Map<String, Double> last() {
        Map<String, Double> last = new LinkedHashMap<>();
        axes.values()
                .forEach(series -> series.forEach((name, points) -> {
                    if (points.size() > 0) {
                        last.put(name, points.y(points.size() - 1));
                    }
                }));
        return last;
    }

    /**
     * Adds a chart for each value, such as the loss. The validation's curve of a value is drawn in the training's chart, since the name of
     * the validation's curve ends with the name of the value.
     *
     * @param id the prefix of the ids of the HTML elements
     * @param best the curve whose best point is marked; null for none
     */
    void addTo(ChartGrid grid, String id, TrainingRun.@Nullable Monitored best) {
        tables(id, "Numbers").forEach(table -> grid.add(table, table.groups(), LineChart.MOST_LINES, best));
    }

    /** Adds all series as curves of one value, with at most {@code most} of them in a chart. */
    void addTo(ChartGrid grid, String id, String title, int most) {
        tables(id, title).forEach(table -> grid.add(table, Map.of(title, table.lines()), most, null));
    }

    private List<NumberTable> tables(String id, String title) {
        List<NumberTable> tables = new ArrayList<>();
        axes.forEach((axis, series) -> {
            if (!series.isEmpty()) {
                List<LineChart.Line> lines = new ArrayList<>();
                series.forEach((name, points) -> lines.add(new LineChart.Line(name, points)));
                tables.add(new NumberTable(id + "-" + axis, title + " by " + axis, axis, lines));
            }
        });
        return tables;
    }

    /** The value and the place of the best point of a curve over epochs, as a text; null if there is none. */
    @Nullable
    String best(TrainingRun.Monitored best) {
        Series points = on(EPOCH).getOrDefault(best.name(), new Series());
        int point = points.best(best.goal());
        return point < 0
                ? null
                : NumberText.text(points.y(point)) + " at epoch " + NumberText.text(points.x(point), 12);
    }

    /**
     * Declares each series as a field of the state, named by the axis, the index of the series among the series of the axis, and the name
     * of the series.
     */
    void declareState(StateFields fields) {
        axes.forEach((axis, series) -> {
            String prefix = axis + ".";
            List<String> names = new ArrayList<>(series.keySet());
            List<String> here = new ArrayList<>();
            names.forEach(name -> here.add(here.size() + "." + name));
            Map<Integer, Map.Entry<String, double[]>> loaded = new TreeMap<>();
            for (String end : fields.names(prefix, here)) {
                int point = end.indexOf('.');
                int place = end.matches("(?s)\\d{1,9}\\..*") ? Integer.parseInt(end.substring(0, point)) : -1;
                String name = end.substring(point + 1);
                Series points = series.getOrDefault(name, new Series());
                double[] packed = fields.numbers(prefix + end, points.packed());
                fields.require(
                        place >= 0 && Series.isPacked(packed), "'" + prefix + end + "' is no series of a report");
                loaded.put(place, Map.entry(name, packed));
            }
            fields.onLoad(() -> {
                series.clear();
                loaded.values().forEach(entry -> series.put(entry.getKey(), Series.of(entry.getValue())));
            });
        });
    }
}
