package io.adjoint.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A table of the values of curves over one axis, with a column for each curve.
 *
 * @param id the id of its HTML element
 * @param title the title
 * @param axis the name of the axis, such as {@code epoch}
 * @param lines the curves
 */
record NumberTable(String id, String title, String axis, List<LineChart.Line> lines) {
    /** Writes the table as a collapsed element. */
    void write(Markup markup) {
        markup.open("details", "id=" + id).element("summary", title);
        int interval =
                lines.stream().mapToInt(line -> line.points().interval()).max().orElse(1);
        if (interval > 1) {
            markup.element(
                    "p", "Some numbers are means of up to " + interval + " values, at the place of the last one.");
        }
        markup.open("div", "class=wide", "tabindex=0", "role=region", "aria-label=" + title);
        table(markup);
        markup.close().close();
    }

    /** Writes the table without end tags of rows and cells, which are optional in HTML: end tags would be a third of a large page. */
    private void table(Markup markup) {
        NavigableSet<Double> places = new TreeSet<>();
        lines.forEach(line -> {
            for (int k = 0; k < line.points().size(); k++) {
                places.add(line.points().x(k));
            }
        });
        markup.open("table")
                .head(Stream.concat(Stream.of(axis), lines.stream().map(LineChart.Line::name))
                        .toList());
        int[] next = new int[lines.size()];
        StringBuilder rows = new StringBuilder();
        for (double place : places) {
            rows.append("<tr><td>").append(NumberText.text(place, 12));
            for (int k = 0; k < next.length; k++) {
                Series points = lines.get(k).points();
                rows.append("<td>");
                double value = Double.NaN;
                boolean isThere = false;
                for (; next[k] < points.size() && points.x(next[k]) == place; next[k]++) {
                    isThere = true;
                    value = points.y(next[k]);
                }
                rows.append(isThere ? NumberText.text(value) : "");
            }
        }
        markup.raw(rows.toString()).close().close();
    }

    /**
     * Groups the curves by charts, with the chart's title as the key: a curve whose name ends with the name of another curve is in that
     * curve's group.
     */
    Map<String, List<LineChart.Line>> groups() {
        Map<String, List<LineChart.Line>> groups = new LinkedHashMap<>();
        lines.forEach(line -> groups.computeIfAbsent(base(line.name()), name -> new ArrayList<>())
                .add(line));
        return groups;
    }

    /**
     * The shortest name of a curve with which the given name ends, after a space or as a whole: {@code loss} for {@code validation loss}.
     */
    private String base(String name) {
        String base = name;
        for (LineChart.Line line : lines) {
            String other = line.name();
            if (other.length() < base.length() && name.endsWith(" " + other)) {
                base = other;
            }
        }
        return base;
    }
}
