package io.adjoint.view;

import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Series by name, over one axis each. */
final class Curves {
    static final String EPOCH = "epoch";
    static final String STEP = "step";

    private final Map<String, Map<String, Series>> axes = new LinkedHashMap<>();

    Curves() {
        clear();
    }

    /** All values of a history. */
    static Curves of(History history) {
        Curves curves = new Curves();
        for (String name : history.names()) {
            List<Double> values = history.values(name);
            List<Long> steps = history.steps(name);
            for (int k = 0; k < values.size(); k++) {
                curves.add(steps.isEmpty() ? EPOCH : STEP, name, steps.isEmpty() ? k + 1 : steps.get(k), values.get(k));
            }
        }
        return curves;
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

    /** Forgets the values after a moment. */
    void cut(Moment at) {
        axes.forEach((axis, series) ->
                series.values().forEach(points -> points.cut(axis.equals(EPOCH) ? at.epoch() : at.step())));
    }

    void clear() {
        axes.put(EPOCH, new LinkedHashMap<>());
        axes.put(STEP, new LinkedHashMap<>());
    }

    boolean isEmpty() {
        return axes.values().stream().allMatch(Map::isEmpty);
    }

    /** The last number of each series, by name. */
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
     * A chart for each value: the values of a validation are on that of the training, as their names end with its name.
     *
     * @param id begins the names of the elements
     */
    void write(Markup markup, String id) {
        write(markup, id, NumberTable::groups);
    }

    /** All series on as few charts as they fit on. */
    void writeTogether(Markup markup, String id, String title) {
        write(markup, id, table -> Map.of(title, table.lines()));
    }

    private void write(Markup markup, String id, Function<NumberTable, Map<String, List<LineChart.Line>>> grouping) {
        axes.forEach((axis, series) -> {
            if (series.isEmpty()) {
                return;
            }
            List<LineChart.Line> lines = new ArrayList<>();
            series.forEach((name, points) -> lines.add(new LineChart.Line(name, points)));
            NumberTable table = new NumberTable(id + "-" + axis, axis, lines);
            markup.open("div", "class", "charts");
            int number = 0;
            for (Map.Entry<String, List<LineChart.Line>> group :
                    grouping.apply(table).entrySet()) {
                List<LineChart.Line> all = group.getValue();
                for (int first = 0; first < all.size(); first += LineChart.MOST_LINES) {
                    List<LineChart.Line> some = all.subList(first, Math.min(all.size(), first + LineChart.MOST_LINES));
                    new LineChart(table.id() + "-" + number++, group.getKey(), table, some).write(markup);
                }
            }
            markup.close();
            table.write(markup);
        });
    }
}
